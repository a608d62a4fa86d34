/// How the surface method is taught; the defaults carry over between materials.
public struct SurfaceSettings: Hashable, Sendable, Codable {
  /// The whole factor by which images are shrunk, on each axis; 0: the one that brings the typical
  /// image to about 160,000 pixels. Smaller factors see finer defects and take more time.
  public var shrink = 0
  /// Synthetic defective pictures painted by each of the two painters.
  public var syntheticPictures = 2000
  /// Passes over the cells for each teacher, and for the student.
  public var teacherEpochs = 6
  public var studentEpochs = 8
  /// Good cells drawn in all, and cells of each kind from a synthetic picture at most.
  public var goodCells = 90_000
  public var cellsPerPicture = 30

  /// The defaults.
  public init() {}

  /// A quick teaching for trying things out: a twentieth of the pictures, less accurate.
  public static var quick: SurfaceSettings {
    var settings = SurfaceSettings()
    settings.syntheticPictures = 100
    settings.goodCells = 20_000
    return settings
  }
}

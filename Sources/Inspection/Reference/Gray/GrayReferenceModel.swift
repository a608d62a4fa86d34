import Imaging

/// What good gray parts look like: mean and tolerance of every pixel, at the first part's position.
public struct GrayReferenceModel: TaughtModel {
  /// The method's name in archives and recipes.
  public static let method = "reference"

  /// How closely parts are compared.
  public let settings: GrayReferenceSettings
  /// Columns and rows of the images it judges.
  public let width: Int
  public let height: Int
  /// Mean and tolerance of every pixel.
  let planes: ReferencePlanes
  /// Where part and light are looked for, nil: everywhere.
  let region: RegionRuns?
  /// Finds the part.
  let registration: Registration

  /// A model of these planes, whose part is looked for on a level of at most `level` pixels.
  init(
    _ planes: ReferencePlanes, region: RegionRuns?, settings: GrayReferenceSettings,
    bounds: GrayBounds
  ) throws {
    width = planes.width
    height = planes.height
    self.planes = planes
    self.region = region
    self.settings = settings
    var rows = SmoothedRows(width: width, height: height, whole: bounds.whole)
    rows.start(MeanRows(planes))
    let sizes = GrayPyramid.sizes(width: width, height: height)
    let pyramid = try GrayPyramid(
      of: &rows, finest: GrayPyramid.finest(of: sizes, largest: bounds.level))
    registration = Registration(pyramid, settings: settings.registration, within: region)
  }

  public func makeInspector() -> any Inspector { GrayReferenceInspector(self) }

  public func archive() -> ModelArchive {
    var archive = ModelArchive(method: Self.method)
    archive.set("gray.size", [Int32(width), Int32(height)])
    planes.store(as: "gray", in: &archive)
    registration.store(as: "gray", in: &archive)
    RegionRuns.store(region, as: "gray.region", in: &archive)
    archive.set(
      "gray.settings",
      [
        settings.absoluteTolerance, settings.spreadFactor, Double(settings.spreadReach),
        settings.evensLight ? 1 : 0, settings.registration.largestShift,
        settings.registration.largestTurnDegrees, Double(settings.shadingCell),
        settings.localShift,
      ])
    return archive
  }

  /// Reads what `archive` wrote. Throws `ModelError` when the archive is of another method or
  /// damaged.
  public init(archive: ModelArchive) throws {
    guard archive.method == "reference" else {
      throw ModelError.otherMethod(found: archive.method, expected: "reference")
    }
    guard archive.has("gray.points") else { throw ModelError.older }
    let size = try archive.get("gray.size", as: Int32.self).map { Int($0) }
    guard size.count == 2, (16...65_536).contains(size[0]), (16...65_536).contains(size[1]) else {
      throw ModelError.damaged(reason: "the size of the gray reference does not fit")
    }
    (width, height) = (size[0], size[1])
    settings = try Self.settings(try archive.get("gray.settings", as: Double.self))
    planes = try ReferencePlanes("gray", from: archive, width: width, height: height)
    region = try RegionRuns("gray.region", from: archive, width: width, height: height)
    registration = try Registration(
      "gray", from: archive, width: width, height: height, settings: settings.registration)
  }

  private static func settings(_ numbers: [Double]) throws -> GrayReferenceSettings {
    guard numbers.count == 8, numbers.allSatisfy({ abs($0) < 1e6 }) else {
      throw ModelError.damaged(reason: "the settings of the gray reference do not fit")
    }
    let settings = GrayReferenceSettings(
      absoluteTolerance: numbers[0], spreadFactor: numbers[1], spreadReach: Int(numbers[2]),
      evensLight: numbers[3] != 0, shadingCell: Int(numbers[6]), localShift: numbers[7],
      registration: RegistrationSettings(
        largestShift: numbers[4], largestTurnDegrees: numbers[5]))
    do { try settings.check() } catch {
      throw ModelError.damaged(reason: "the settings of the gray reference do not fit")
    }
    return settings
  }
}

/// A camera that writes PNG images into a folder, and the recipe that judges them.
public struct Camera: Hashable, Sendable {
  public var name: String
  /// Paths, relative to the site file's folder.
  public var folder: String
  public var recipe: String
  public var station: String?

  /// As a site file says it.
  public init(name: String, folder: String, recipe: String, station: String? = nil) {
    self.name = name
    self.folder = folder
    self.recipe = recipe
    self.station = station
  }
}

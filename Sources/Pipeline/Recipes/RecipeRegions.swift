import Foundation
import Imaging
import Inspection

/// Where pixels count, as a recipe says it, with the masks that it names.
public struct RecipeRegions: Hashable, Sendable {
  /// Pixels count inside any of these; empty: everywhere.
  public private(set) var include: [RecipeRegion] = []
  /// Pixels never count inside these.
  public private(set) var exclude: [RecipeRegion] = []
  /// The painted masks by the file names that the regions give.
  public private(set) var masks: [String: Plane] = [:]

  /// Everywhere.
  public init() {}

  /// The regions of `recipe` with its masks, read from `folder`. Throws `PNGError`.
  init(of recipe: Recipe, folder: String) throws {
    include = recipe.include
    exclude = recipe.exclude
    var decoder = PNGDecoder()
    for case .mask(let file) in include + exclude {
      masks[file] = try decoder.decode(path: folder + "/" + file).plane(levels: .full)
    }
  }

  /// Adds a region as the user writes it on the command line; a mask is read from its path and goes
  /// into the recipe's folder under its name. Throws `RecipeError` or `PNGError`.
  public mutating func add(_ text: String, excludes: Bool) throws {
    var region = try RecipeRegion(text: text)
    if case .mask(let path) = region {
      var decoder = PNGDecoder()
      let plane = try decoder.decode(path: path).plane(levels: .full)
      var name = (path as NSString).lastPathComponent
      while let other = masks[name], other != plane { name = "other-" + name }
      masks[name] = plane
      region = .mask(file: name)
    }
    if excludes { exclude.append(region) } else { include.append(region) }
  }

  /// Whether pixels count everywhere.
  public var isEverywhere: Bool { include.isEmpty && exclude.isEmpty }

  /// The regions drawn at a size, nil when pixels count everywhere. Throws `RegionError` when a mask
  /// has another size or nothing is left.
  public func mask(width: Int, height: Int) throws -> RegionMask? {
    guard !isEverywhere else { return nil }
    return try RegionMask(of: try shapes(), width: width, height: height)
  }

  /// The same, drawn row by row.
  func rows(width: Int, height: Int) throws -> RegionRows? {
    guard !isEverywhere else { return nil }
    return try RegionRows(of: try shapes(), width: width, height: height)
  }

  private func shapes() throws -> [Region] {
    try include.map { Region.include(try shape($0)) }
      + exclude.map { Region.exclude(try shape($0)) }
  }

  private func shape(_ region: RecipeRegion) throws -> RegionShape {
    switch region {
    case .rectangle(let x, let y, let width, let height):
      .rectangle(x: x, y: y, width: width, height: height)
    case .polygon(let corners): .polygon(corners.map { RegionPoint(x: $0[0], y: $0[1]) })
    case .mask(let file):
      if let mask = masks[file] {
        .mask(mask)
      } else {
        throw RecipeError.unreadable(path: file, reason: "the mask was not read with the recipe")
      }
    }
  }
}

/// The regions of one worker, drawn once per size of image.
struct DrawnRegions {
  private let regions: RecipeRegions
  private var drawn: RegionMask?

  init(_ regions: RecipeRegions) { self.regions = regions }

  /// The mask for `plane`, nil when pixels count everywhere.
  mutating func mask(for plane: Plane) throws -> RegionMask? {
    if let drawn, drawn.width == plane.width, drawn.height == plane.height { return drawn }
    drawn = try regions.mask(width: plane.width, height: plane.height)
    return drawn
  }
}

import Imaging

/// A part of the picture drawn by a person, in pixels; pixel (x, y) covers x…x + 1 and y…y + 1.
///
/// A pixel belongs to a shape when its centre (x + ½, y + ½) lies inside.
public enum RegionShape: Hashable, Sendable {
  /// All pixel centres with left ≤ x < left + width and top ≤ y < top + height.
  case rectangle(x: Double, y: Double, width: Double, height: Double)
  /// The inside of a closed line through these corners by the even-odd rule, three at least; where
  /// the line crosses itself, places circled twice are outside.
  case polygon([RegionPoint])
  /// The pixels of a painted plane above 127; it must have the size of the images.
  case mask(Plane)
}

/// A corner of a polygon, pixels from the top left corner of the top left pixel.
public struct RegionPoint: Hashable, Sendable, Codable {
  public var x: Double
  public var y: Double

  /// A corner.
  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// One entry of a recipe's regions: a shape where pixels count, or where they do not.
public enum Region: Hashable, Sendable {
  /// Pixels of the shape count.
  case include(RegionShape)
  /// Pixels of the shape do not count.
  case exclude(RegionShape)
}

/// Why a region cannot be used.
public enum RegionError: Error, Hashable, CustomStringConvertible {
  /// A polygon with fewer than three corners.
  case tooFewCorners(found: Int)
  /// A side that is negative or not a number.
  case badNumber
  /// A painted mask of another size than the images.
  case wrongSize(found: String, expected: String)
  /// No pixel is left to inspect.
  case empty

  public var description: String {
    switch self {
    case .tooFewCorners(let found):
      "regions: a polygon has \(found) corners, at least 3 are needed; add corners"
    case .badNumber:
      "regions: a coordinate is no number or a side is negative, expected finite numbers and sides "
        + "≥ 0; mend the numbers"
    case .wrongSize(let found, let expected):
      "regions: the mask is \(found), the images are \(expected); paint it on an image of the recipe"
    case .empty:
      "regions: no pixel is left, expected at least one; include more or exclude less"
    }
  }
}

extension RegionMask {
  /// The pixels that count under `regions`, taken in order: with an `include` first nothing counts
  /// before it, otherwise (an `exclude` first, or none) everything does. A later entry overrules.
  ///
  /// Throws `RegionError` when a shape does not fit or nothing is left.
  public init(of regions: [Region], width: Int, height: Int) throws(RegionError) {
    let rows = try RegionRows(of: regions, width: width, height: height)
    self.init(width: width, height: height, flags: rows.flags(rows: 0..<height))
  }
}

/// Regions drawn row by row, for images of which a whole mask would take too much memory.
public struct RegionRows: Sendable {
  /// Columns and rows of the image.
  public let width: Int
  public let height: Int
  private let regions: [Region]

  /// The same as `RegionMask.init`; throws the same.
  public init(of regions: [Region], width: Int, height: Int) throws(RegionError) {
    self.width = width
    self.height = height
    self.regions = regions
    for case .include(let shape) in regions { try shape.check(width: width, height: height) }
    for case .exclude(let shape) in regions { try shape.check(width: width, height: height) }
    guard (0..<height).contains(where: { flags(row: $0).contains(255) }) else { throw .empty }
  }

  /// 255 where the pixels of row `y` count, 0 elsewhere.
  public func flags(row y: Int) -> [UInt8] { flags(rows: y..<y + 1) }

  fileprivate func flags(rows: Range<Int>) -> [UInt8] {
    var isIncludeFirst = false
    if case .include? = regions.first { isIncludeFirst = true }
    var flags = [UInt8](repeating: isIncludeFirst ? 0 : 255, count: width * rows.count)
    for region in regions {
      switch region {
      case .include(let shape): shape.fill(&flags, with: 255, width: width, rows: rows)
      case .exclude(let shape): shape.fill(&flags, with: 0, width: width, rows: rows)
      }
    }
    return flags
  }
}

extension RegionShape {
  /// Throws when the shape cannot be drawn on an image of this size.
  fileprivate func check(width: Int, height: Int) throws(RegionError) {
    switch self {
    case .rectangle(let x, let y, let sideX, let sideY):
      guard x.isFinite, y.isFinite, sideX.isFinite, sideY.isFinite, sideX >= 0, sideY >= 0 else {
        throw .badNumber
      }
    case .polygon(let corners):
      guard corners.count >= 3 else { throw .tooFewCorners(found: corners.count) }
      guard corners.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { throw .badNumber }
    case .mask(let plane):
      guard plane.width == width, plane.height == height else {
        throw .wrongSize(
          found: "\(plane.width) × \(plane.height)", expected: "\(width) × \(height)")
      }
    }
  }

  /// Fills its part of `rows`, whose flags are `flags`.
  fileprivate func fill(_ flags: inout [UInt8], with value: UInt8, width: Int, rows: Range<Int>) {
    let first = rows.lowerBound
    switch self {
    case .rectangle(let x, let y, let sideX, let sideY):
      let columns = Self.centres(from: x, to: x + sideX, below: width)
      let drawn = Self.centres(from: y, to: y + sideY, below: rows.upperBound).clamped(to: rows)
      for row in drawn {
        for column in columns { flags[(row - first) * width + column] = value }
      }
    case .polygon(let corners):
      for row in rows {
        let crossings = Self.crossings(of: corners, at: Double(row) + 0.5)
        for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
          for column in Self.centres(
            from: crossings[pair], to: crossings[pair + 1], below: width)
          { flags[(row - first) * width + column] = value }
        }
      }
    case .mask(let plane):
      for index in flags.indices where plane.pixels[first * width + index] > 127 {
        flags[index] = value
      }
    }
  }

  /// The pixels i in `0..<bound` with from ≤ i + ½ < to.
  private static func centres(from: Double, to: Double, below bound: Int) -> Range<Int> {
    let limit = Double(bound)
    let first = Int(min(max((from - 0.5).rounded(.up), 0), limit))
    let end = Int(min(max((to - 0.5).rounded(.up), 0), limit))
    return first..<max(first, end)
  }

  /// Where the closed line crosses the height `y`, from the left. An edge holds its upper end and not
  /// its lower, so that a corner on the height counts once.
  private static func crossings(of corners: [RegionPoint], at y: Double) -> [Double] {
    var found: [Double] = []
    for index in corners.indices {
      let a = corners[index]
      let b = corners[(index + 1) % corners.count]
      guard (a.y <= y) != (b.y <= y) else { continue }
      found.append(a.x + (y - a.y) * (b.x - a.x) / (b.y - a.y))
    }
    return found.sorted()
  }
}

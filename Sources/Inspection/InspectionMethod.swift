import FactoryModel
import Imaging

/// What a method looks at: one part, with its own reference where the method takes pairs.
public struct Frame: Sendable {
  /// The image of the part, 8-bit gray.
  public var plane: Plane
  /// The fault-free picture that came with this very image (`--pairs`), same size, or nil.
  public var reference: Plane?

  /// A frame, with its own reference or without.
  public init(_ plane: Plane, reference: Plane? = nil) {
    self.plane = plane
    self.reference = reference
  }
}

/// Scores on a grid over the image, for heat maps and pixel figures; higher is more defective.
public struct ScoreMap: Sendable {
  /// Columns and rows of the grid.
  public var width: Int
  public var height: Int
  /// Image pixels a cell covers on each axis; cell (0, 0) starts at pixel (0, 0).
  public var cellWidth: Double
  public var cellHeight: Double
  /// `width · height` scores, row-major.
  public var values: [Float]
  /// The scores that a picture shows as coldest and hottest; nil: from a little below the threshold.
  public var shown: ClosedRange<Float>?

  /// Takes over `values`, `width · height` of them.
  public init(
    width: Int, height: Int, cellWidth: Double, cellHeight: Double, values: [Float],
    shown: ClosedRange<Float>? = nil
  ) {
    precondition(values.count == width * height, "\(values.count) scores for \(width) × \(height)")
    self.width = width
    self.height = height
    self.cellWidth = cellWidth
    self.cellHeight = cellHeight
    self.values = values
    self.shown = shown
  }
}

extension ScoreMap {
  /// Pixels that a cell covers on each axis, so that a map of `width × height` pixels has at most `most` cells.
  static func cell(width: Int, height: Int, most: Int) -> Int {
    var cell = 1
    while ((width + cell - 1) / cell) * ((height + cell - 1) / cell) > most { cell += 1 }
    return cell
  }
}

/// What a method found on one frame.
public struct Finding: Sendable {
  /// Higher is more defective; compared with the recipe's threshold.
  public var score: Double
  /// Every defect whose score reaches the asked-for floor, the worst first.
  public var defects: [Defect]
  /// Present when asked for.
  public var map: ScoreMap?
  /// The most likely class and its probability, 0 to 1, where the method knows classes.
  public var kind: String?
  public var probability: Double?

  /// A finding.
  public init(score: Double, defects: [Defect], map: ScoreMap? = nil) {
    self.score = score
    self.defects = defects
    self.map = map
  }
}

/// What the caller wants to hear about.
public struct InspectionRequest: Sendable {
  /// Defects with a lower score are not listed.
  public var minimumScore: Double
  /// Whether to return the score map.
  public var wantsMap: Bool
  /// Where defects count; outside it pixels are not judged.
  public var regions: RegionMask?

  /// A request; by default defects at or above `minimumScore`, everywhere, no map.
  public init(minimumScore: Double, wantsMap: Bool = false, regions: RegionMask? = nil) {
    self.minimumScore = minimumScore
    self.wantsMap = wantsMap
    self.regions = regions
  }
}

/// One worker's inspector: holds the scratch memory of a taught model. Not shared between workers.
public protocol Inspector {
  /// Judges one frame. Throws `InspectionError` when the frame does not fit the recipe.
  mutating func inspect(_ frame: Frame, _ request: InspectionRequest) throws -> Finding
}

/// An inspector that also takes images row by row, so that memory does not grow with their size.
public protocol RowInspector: Inspector {
  /// Images with more pixels should come row by row: held whole they take too much memory.
  var largePixels: Int { get }
  /// Judges the image of `source` as `inspect` judges it held whole: the same score, defects and map.
  /// `request.regions` does not count; `regions` takes its place. Throws `InspectionError`, and what
  /// reading throws.
  mutating func inspect(
    _ source: any RowSource, within regions: RegionRows?, _ request: InspectionRequest,
    _ workers: any Workers
  ) throws -> Finding
}

extension RowInspector {
  public var largePixels: Int { 8 << 20 }
}

/// An inspector of images with a reference each that also takes both row by row.
public protocol PairRowInspector: Inspector {
  /// Images with more pixels should come row by row: held whole they take too much memory.
  var largePixels: Int { get }
  /// Judges `image` beside `reference` as `inspect` judges a frame: the same score, defects and map.
  /// `request.regions` does not count; `regions` takes its place. Throws `InspectionError`, and what
  /// reading throws.
  mutating func inspect(
    _ image: any RowSource, beside reference: any RowSource, within regions: RegionRows?,
    _ request: InspectionRequest
  ) throws -> Finding
}

/// A taught model: immutable, shared by all workers.
public protocol TaughtModel: Sendable {
  /// A fresh inspector with its own scratch memory.
  func makeInspector() -> any Inspector
  /// The same, for one frame at a time: `workers` share the work on each frame, where the method
  /// can. Same findings, whatever the workers.
  func makeInspector(_ workers: any Workers) -> any Inspector
  /// The model as bytes in named sections; same model, same bytes.
  func archive() -> ModelArchive
  /// The threshold that the method chose itself in teaching; nil: chosen from held-out parts.
  var ownThreshold: Double? { get }
  /// Scores of the parts that the method itself held out in teaching; empty: it held out none, or
  /// the model was read from a file.
  var heldOutScores: [LabelledScore] { get }
  /// What the method found in teaching that the user should know; empty for a model read from a file.
  var remarks: [String] { get }
  /// The classes that it tells apart; empty where it knows none.
  var classes: [String] { get }
}

extension TaughtModel {
  public var ownThreshold: Double? { nil }
  public var heldOutScores: [LabelledScore] { [] }
  public var remarks: [String] { [] }
  public var classes: [String] { [] }

  public func makeInspector(_ workers: any Workers) -> any Inspector { makeInspector() }
}

/// Why a frame or a teaching set does not fit.
public enum InspectionError: Error, Hashable, CustomStringConvertible {
  /// The image has another size than the recipe was taught with.
  case wrongSize(found: String, taught: String)
  /// The image is too small for the method.
  case tooSmall(found: String, smallest: String)
  /// The method needs a reference with each image and none came.
  case referenceMissing
  /// The teaching set cannot teach: what is wrong, what to do.
  case cannotTeach(reason: String, mend: String)

  public var description: String {
    switch self {
    case .wrongSize(let found, let taught):
      "the image is \(found), the recipe was taught with \(taught); "
        + "inspect images of the taught camera setting or teach again"
    case .tooSmall(let found, let smallest):
      "the image is \(found), the method needs at least \(smallest)"
    case .referenceMissing:
      "the recipe compares with a reference that comes with each image; use --pairs DIR"
    case .cannotTeach(let reason, let mend):
      "\(reason); \(mend)"
    }
  }
}

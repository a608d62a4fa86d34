import Alarms
import FactoryModel

/// Shares of rejects with control limits: p̄ ± 3·√(p̄(1 − p̄)/n), held within 0 and 1.
///
/// Of Nelson's patterns the first four are looked for; the others ask for normal values, which
/// shares of few parts are not.
public struct PChart: Hashable, Sendable {
  /// One sample of `inspected` parts.
  public struct Point: Hashable, Sendable {
    public var range: Range<Timestamp>
    public var inspected: Int
    public var share: Double
    public var lower: Double
    public var upper: Double
    /// Patterns that it completes.
    public var rules: [NelsonRule] = []

    /// Whether the share lies outside the limits.
    public var isOutside: Bool { share < lower || share > upper }
  }

  /// Rejects of all points / inspected parts of all points.
  public var mean: Double
  /// Pieces without inspected parts have none.
  public var points: [Point]

  /// The chart of pieces; nil where nothing was inspected.
  public init?(_ pieces: [CoursePiece]) {
    let inspected = pieces.reduce(0) { $0 + $1.quality.inspected }
    guard inspected > 0 else { return nil }
    let mean = Double(pieces.reduce(0) { $0 + $1.quality.rejects }) / Double(inspected)
    self.mean = mean
    var distances: [Double] = []
    points = pieces.filter { $0.quality.inspected > 0 }.map { piece in
      let count = Double(piece.quality.inspected)
      let sigma = (mean * (1 - mean) / count).squareRoot()
      let share = Double(piece.quality.rejects) / count
      distances.append(sigma > 0 ? (share - mean) / sigma : 0)
      return Point(
        range: piece.range, inspected: piece.quality.inspected, share: share,
        lower: max(0, mean - 3 * sigma), upper: min(1, mean + 3 * sigma))
    }
    for (place, rules) in NelsonRule.completed(Self.rules, by: distances).enumerated() {
      points[place].rules = rules
    }
  }

  private static let rules: Set<NelsonRule> = [
    .beyondThreeSigma, .nineOnOneSide, .sixTrending, .fourteenAlternating,
  ]
}

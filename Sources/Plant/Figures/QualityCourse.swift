import FactoryModel
import Storage

/// What was made and looked at in one piece of a range.
public struct CoursePiece: Hashable, Sendable {
  public var range: Range<Timestamp>
  /// Finished parts, nil where nothing at all was recorded: missing, which is not zero.
  public var parts: Int?
  public var quality: QualityFigures
}

/// Shares of rejects with control limits: p̄ ± 3·√(p̄(1 − p̄)/n), held within 0 and 1.
public struct PChart: Hashable, Sendable {
  /// One sample of `inspected` parts.
  public struct Point: Hashable, Sendable {
    public var range: Range<Timestamp>
    public var inspected: Int
    public var share: Double
    public var lower: Double
    public var upper: Double

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
    points = pieces.filter { $0.quality.inspected > 0 }.map { piece in
      let count = Double(piece.quality.inspected)
      let reach = 3 * (mean * (1 - mean) / count).squareRoot()
      return Point(
        range: piece.range, inspected: piece.quality.inspected,
        share: Double(piece.quality.rejects) / count, lower: max(0, mean - reach),
        upper: min(1, mean + reach))
    }
  }
}

extension PlantRecord {
  /// A range in pieces of a length, counted from its beginning, up to a moment in it.
  /// - Parameter silences: stretches in which nothing was recorded, as `capture` finds them.
  public func course(
    in range: Range<Timestamp>, until end: Timestamp, every length: Duration,
    silences: [Range<Timestamp>]
  ) throws -> [CoursePiece] {
    let stop = min(end, range.upperBound)
    var pieces: [CoursePiece] = []
    var start = range.lowerBound
    while start < stop {
      let piece = start..<min(start + length, stop)
      let isMissing = silences.contains { $0.clamped(to: piece) == piece }
      pieces.append(
        CoursePiece(
          range: piece, parts: isMissing ? nil : try parts(in: piece),
          quality: try quality(in: piece)))
      start = start + length
    }
    return pieces
  }

  /// Rejected parts by class of defect, a part once for each class; the most frequent first.
  public func rejectClasses(in range: Range<Timestamp>) throws -> [(key: String, value: Int)] {
    var counts: [String: Int] = [:]
    for entry in try InspectionRecord(file).verdicts(in: range)
    where entry.verdict.outcome == .reject {
      for kind in Set(entry.verdict.defects.map(\.kind)) { counts[kind, default: 0] += 1 }
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
  }
}

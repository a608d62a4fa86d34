import FactoryModel
import Storage

/// What was made and looked at in one piece of a range.
public struct CoursePiece: Hashable, Sendable {
  public var range: Range<Timestamp>
  /// Finished parts, nil where nothing at all was recorded: missing, which is not zero.
  public var parts: Int?
  public var quality: QualityFigures
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
}

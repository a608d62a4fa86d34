import FactoryModel
import Storage

/// What the cameras saw in a range, part by part.
public struct InspectedParts: Sendable {
  /// Parts of which a verdict is on record.
  public var count = 0
  /// The first of them in order of time, at most `mostRows`.
  public var rows: [CameraVerdict] = []
  /// Rejected parts with the highest scores, at most `mostWorst`, the worst first.
  public var worst: [CameraVerdict] = []

  public static let mostRows = 100_000
  public static let mostWorst = 12
}

extension PlantRecord {
  /// The parts of a range. Memory: that of the rows kept.
  public func inspectedParts(in range: Range<Timestamp>) throws -> InspectedParts {
    var found = InspectedParts()
    try InspectionRecord(file).visit(in: range) { entry in
      found.count += 1
      if found.rows.count < InspectedParts.mostRows { found.rows.append(entry) }
      if entry.verdict.outcome == .reject { found.keep(entry) }
    }
    return found
  }

  /// The small pictures of a rejected part that the record keeps; nil where there are none.
  public func picture(of reject: CameraVerdict) throws -> VerdictPicture? {
    try InspectionRecord(file).picture(of: reject)
  }

  /// The rejected part of that name if it has a kept picture.
  public func picturedReject(_ id: PicturedVerdict.ID) throws -> PicturedVerdict? {
    try InspectionRecord(file).pictured(id)
  }

  /// The last rejected parts with a kept picture, the newest first.
  /// - Parameters:
  ///   - id: only those that come after this one in that order; nil for all.
  ///   - limit: at most so many.
  public func picturedRejects(
    after id: PicturedVerdict.ID? = nil, limit: Int
  ) throws -> [PicturedVerdict] {
    try InspectionRecord(file).pictured(after: id, limit: limit)
  }

  /// Rejected parts by class of defect, a part once for each class; the most frequent first.
  public func rejectClasses(in range: Range<Timestamp>) throws -> [(key: String, value: Int)] {
    var counts: [String: Int] = [:]
    try InspectionRecord(file).visit(in: range, outcome: .reject) { entry in
      for kind in entry.verdict.classes { counts[kind, default: 0] += 1 }
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
  }
}

extension InspectedParts {
  /// Keeps a reject if it is among the worst so far.
  fileprivate mutating func keep(_ reject: CameraVerdict) {
    let score = reject.verdict.score ?? 0
    let place = worst.firstIndex { ($0.verdict.score ?? 0) < score } ?? worst.count
    guard place < Self.mostWorst else { return }
    worst.insert(reject, at: place)
    if worst.count > Self.mostWorst { worst.removeLast() }
  }
}

extension Verdict {
  /// Classes of the defects, each once, in alphabetical order.
  public var classes: [String] { Set(defects.map(\.kind)).sorted() }
}

import FactoryModel
import GRDB

/// The verdicts of all cameras.
public struct InspectionRecord: Sendable {
  let file: RecordFile

  /// The verdicts of a record.
  public init(_ file: RecordFile) {
    self.file = file
  }

  /// Adds verdicts, all of them or none. One of the same camera, image and time replaces the one
  /// before, so that inspecting a folder again does no harm.
  ///
  /// Where samples follow from them, `SampleWriter.commit` writes both together.
  public func append(_ verdicts: [CameraVerdict]) throws(StorageError) {
    try file.write { db in try VerdictRow.insert(verdicts, db) }
  }

  /// Verdicts in order of time.
  ///
  /// - Parameters:
  ///   - camera: nil for all.
  ///   - limit: at most so many, the first ones; nil for all.
  public func verdicts(
    in range: Range<Timestamp> = allTime, camera: String? = nil, limit: Int? = nil
  ) throws(StorageError) -> [CameraVerdict] {
    var verdicts: [CameraVerdict] = []
    try visit(in: range, camera: camera, limit: limit) { verdicts.append($0) }
    return verdicts
  }

  /// Hands over verdicts in order of time, one by one.
  /// - Parameter outcome: nil for all.
  public func visit(
    in range: Range<Timestamp>, camera: String? = nil, outcome: Outcome? = nil, limit: Int? = nil,
    _ body: (CameraVerdict) throws -> Void
  ) throws(StorageError) {
    try file.read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT \(VerdictRow.columns) FROM verdict
          WHERE time >= ? AND time < ? AND (? IS NULL OR camera = ?)
            AND (? IS NULL OR outcome = ?) ORDER BY time, id LIMIT ?
          """,
        arguments: [
          range.lowerBound.nanoseconds, range.upperBound.nanoseconds, camera, camera,
          outcome?.rawValue, outcome?.rawValue, limit ?? -1,
        ])
      while let row = try rows.next() { try body(VerdictRow.verdict(row, path: file.path)) }
    }
  }

  /// How many verdicts of each outcome a camera gave; outcomes without one are left out.
  public func counts(
    in range: Range<Timestamp> = allTime, camera: String? = nil
  ) throws(StorageError) -> [Outcome: Int] {
    try file.read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT outcome, COUNT(*) FROM verdict
          WHERE time >= ? AND time < ? AND (? IS NULL OR camera = ?) GROUP BY outcome
          """,
        arguments: [
          range.lowerBound.nanoseconds, range.upperBound.nanoseconds, camera, camera,
        ])
      var counts: [Outcome: Int] = [:]
      for row in rows {
        guard let outcome = Outcome(rawValue: try row.column(0)) else {
          throw StorageError.corrupt(path: file.path)
        }
        counts[outcome] = try row.column(1)
      }
      return counts
    }
  }

  /// Images of a camera that have a verdict, so that a folder is not inspected twice.
  public func images(of camera: String) throws(StorageError) -> Set<String> {
    try file.read { db in
      try String.fetchSet(
        db, sql: "SELECT image FROM verdict WHERE camera = ?", arguments: [camera])
    }
  }
}

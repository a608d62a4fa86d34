import FactoryModel
import GRDB

/// Minutes, hours, days and months of emission data, one row for each signal, kind and start.
public struct PeriodTable: Sendable {
  private let file: RecordFile

  /// The periods of a record.
  public init(_ file: RecordFile) {
    self.file = file
  }

  /// Rows of some kinds that begin in a range, in order of signal, kind and start.
  /// - Parameter signal: only this factor at its outlet; nil for all.
  public func values(
    of kinds: Set<PeriodKind>, in range: Range<Timestamp> = allTime, signal: SignalName? = nil
  ) throws(StorageError) -> [PeriodValue] {
    let words = kinds.map(\.rawValue).sorted()
    let marks = words.map { _ in "?" }.joined(separator: ", ")
    return try file.read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM period WHERE kind IN (\(marks)) AND start >= ? AND start < ?
          AND (? IS NULL OR signal = ?) ORDER BY signal, kind, start
          """,
        arguments: StatementArguments(words) + [
          range.lowerBound.nanoseconds, range.upperBound.nanoseconds, signal?.description,
          signal?.description,
        ])
      return try rows.map { try value($0) }
    }
  }

  static func insert(_ values: [PeriodValue], _ db: Database) throws {
    guard !values.isEmpty else { return }
    let statement = try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO period VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    for value in values {
      try statement.execute(arguments: [
        value.signal.description, value.kind.rawValue, value.start.nanoseconds,
        value.end.nanoseconds, value.mean, value.minimum, value.maximum, value.total,
        value.converted, value.count, value.flag.rawValue, value.capturePercent, value.limit,
      ])
    }
  }

  private func value(_ row: Row) throws -> PeriodValue {
    guard let signal = (try? SignalPattern(try row.column(0)))?.name,
      let kind = PeriodKind(rawValue: try row.column(1)),
      let flag = PeriodFlag(rawValue: try row.column(10))
    else { throw StorageError.corrupt(path: file.path) }
    return PeriodValue(
      signal: signal, kind: kind, start: Timestamp(nanoseconds: try row.column(2)),
      end: Timestamp(nanoseconds: try row.column(3)), mean: try row.optional(4),
      minimum: try row.optional(5), maximum: try row.optional(6), total: try row.optional(7),
      converted: try row.optional(8), count: try row.column(9), flag: flag,
      capturePercent: try row.column(11), limit: try row.optional(12))
  }
}

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
    try file.read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM period WHERE start >= ? AND start < ? AND (? IS NULL OR signal = ?)
          ORDER BY signal, kind, start
          """,
        arguments: [
          range.lowerBound.nanoseconds, range.upperBound.nanoseconds, signal?.description,
          signal?.description,
        ])
      return rows.compactMap(Self.value).filter { kinds.contains($0.kind) }
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

  private static func value(_ row: Row) -> PeriodValue? {
    guard let signal = (try? SignalPattern(row["signal"] as String))?.name,
      let kind = PeriodKind(rawValue: row["kind"]), let flag = PeriodFlag(rawValue: row["flag"])
    else { return nil }
    return PeriodValue(
      signal: signal, kind: kind, start: Timestamp(nanoseconds: row["start"]),
      end: Timestamp(nanoseconds: row["end"]), mean: row["mean"], minimum: row["minimum"],
      maximum: row["maximum"], total: row["total"], converted: row["converted"],
      count: row["count"], flag: flag, capturePercent: row["capture"], limit: row["limit_value"])
  }
}

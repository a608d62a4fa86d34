import FactoryModel
import GRDB

/// A line of the journal of adjustments with the order that carries it out, if any.
public struct PlannedAdjustment: Hashable, Sendable {
  public var line: AdjustmentLine
  public var order: ActionOrder?

  /// A line, and what is to be done.
  public init(_ line: AdjustmentLine, order: ActionOrder? = nil) {
    self.line = line
    self.order = order
  }
}

/// Every adjustment of the process, numbered from 1 without gaps; a line is on the disk before its
/// device is asked. `ActionOutbox` says what became of it.
public struct AdjustmentJournal: Sendable {
  private let file: RecordFile

  /// The journal of a record.
  public init(_ file: RecordFile) {
    self.file = file
  }

  /// The serial of the last line, 0 before the first.
  public func lastSerial() throws(StorageError) -> Int64 {
    try file.read { db in try Self.lastSerial(db) }
  }

  /// Lines in order of serial.
  /// - Parameters:
  ///   - action: its name; nil for all.
  ///   - serial: only those after it.
  ///   - limit: at most so many, the first ones; nil for all.
  public func lines(
    in range: Range<Timestamp> = allTime, of action: String? = nil, after serial: Int64 = 0,
    limit: Int? = nil
  ) throws(StorageError) -> [AdjustmentLine] {
    try file.read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM adjustment
          WHERE serial > ? AND time >= ? AND time < ? AND (? IS NULL OR name = ?)
          ORDER BY serial LIMIT ?
          """,
        arguments: [
          serial, range.lowerBound.nanoseconds, range.upperBound.nanoseconds, action, action,
          limit ?? -1,
        ])
      return try rows.map { try line($0) }
    }
  }

  /// Of each action and output the last line that changed the output, or would have, in order:
  /// an adjustment that was not held back, or an undoing.
  /// - Parameter moment: lines of then and later do not count.
  public func standings(
    before moment: Timestamp = allTime.upperBound
  ) throws(StorageError) -> [AdjustmentLine] {
    try file.read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM adjustment WHERE serial IN (
            SELECT MAX(serial) FROM adjustment
            WHERE time < ?
              AND (kind = 'undo' OR kind = 'adjust' AND outcome NOT IN ('delayed', 'held'))
            GROUP BY name, output)
          ORDER BY serial
          """, arguments: [moment.nanoseconds])
      return try rows.map { try line($0) }
    }
  }

  static func insert(_ planned: [PlannedAdjustment], _ db: Database, path: String) throws {
    guard !planned.isEmpty else { return }
    var expected = try lastSerial(db) + 1
    let statement = try db.cachedStatement(
      sql: "INSERT INTO adjustment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    for adjustment in planned {
      let line = adjustment.line
      guard line.serial == expected else {
        throw StorageError.serialGap(path: path, found: line.serial, expected: expected)
      }
      let order = try adjustment.order.map { try ActionOutbox.insert($0, db) }
      try statement.execute(arguments: [
        line.serial, line.time.nanoseconds, line.action, line.alarm, line.signal, line.transition,
        line.kind.rawValue, line.output, line.value, line.previous, line.outcome.rawValue,
        line.comment, line.settled?.nanoseconds, order,
      ])
      expected += 1
    }
  }

  private static func lastSerial(_ db: Database) throws -> Int64 {
    try Int64.fetchOne(db, sql: "SELECT MAX(serial) FROM adjustment") ?? 0
  }

  private func line(_ row: Row) throws -> AdjustmentLine {
    guard let kind = AdjustmentLine.Kind(rawValue: try row.column(6)),
      let outcome = AdjustmentLine.Outcome(rawValue: try row.column(10))
    else { throw StorageError.corrupt(path: file.path) }
    let cause = AlarmTransition(
      serial: try row.column(5), time: Timestamp(nanoseconds: 0), alarm: try row.column(3),
      signal: try row.column(4), from: .normal, to: .normal)
    var line = AdjustmentLine(
      serial: try row.column(0), time: Timestamp(nanoseconds: try row.column(1)),
      action: try row.column(2), cause: cause, kind: kind, output: try row.column(7),
      outcome: outcome)
    line.value = try row.optional(8)
    line.previous = try row.optional(9)
    line.comment = try row.optional(11)
    let settled: Int64? = try row.optional(12)
    line.settled = settled.map(Timestamp.init(nanoseconds:))
    return line
  }
}

import FactoryModel
import GRDB

/// Every transition of every alarm, numbered from 1 without gaps, on the disk before it counts.
public struct AlarmJournal: Sendable {
  private let file: RecordFile

  /// The journal of a record.
  public init(_ file: RecordFile) {
    self.file = file
  }

  /// The serial of the last transition, 0 before the first.
  public func lastSerial() throws(StorageError) -> Int64 {
    try file.read { db in try Self.lastSerial(db) }
  }

  /// Adds transitions, all of them or none; they are on the disk when this returns.
  ///
  /// Where samples led to them, `SampleWriter.commit` writes both together.
  /// - Throws: `serialGap` when serials do not go on from the last one.
  public func append(_ transitions: [AlarmTransition]) throws(StorageError) {
    guard !transitions.isEmpty else { return }
    try file.write(surviving: .powerLoss) { db in
      try Self.insert(transitions, db, path: file.path)
    }
  }

  static func insert(_ transitions: [AlarmTransition], _ db: Database, path: String) throws {
    guard !transitions.isEmpty else { return }
    var expected = try lastSerial(db) + 1
    let statement = try db.cachedStatement(
      sql: "INSERT INTO alarm_transition VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    for transition in transitions {
      guard transition.serial == expected else {
        throw StorageError.serialGap(path: path, found: transition.serial, expected: expected)
      }
      try statement.execute(arguments: columns(of: transition))
      expected += 1
    }
  }

  /// Transitions in order of serial.
  ///
  /// - Parameters:
  ///   - range: of their times.
  ///   - alarm: a rule's name; nil for all.
  ///   - serial: only those after it.
  ///   - limit: at most so many, the first ones; nil for all.
  public func transitions(
    in range: Range<Timestamp> = allTime, of alarm: String? = nil, after serial: Int64 = 0,
    limit: Int? = nil
  ) throws(StorageError) -> [AlarmTransition] {
    try file.read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM alarm_transition
          WHERE serial > ? AND time >= ? AND time < ? AND (? IS NULL OR alarm = ?)
          ORDER BY serial LIMIT ?
          """,
        arguments: [
          serial, range.lowerBound.nanoseconds, range.upperBound.nanoseconds, alarm, alarm,
          limit ?? -1,
        ])
      return try rows.map { try transition($0) }
    }
  }

  /// The last transition of each alarm, in order of serial: where every alarm stands.
  public func lastTransitions() throws(StorageError) -> [AlarmTransition] {
    try file.read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM alarm_transition
          WHERE serial IN (SELECT MAX(serial) FROM alarm_transition GROUP BY alarm, signal)
          ORDER BY serial
          """)
      return try rows.map { try transition($0) }
    }
  }

  /// Of each alarm the last transition by which it called as a new alarm, in order of serial.
  public func lastBeginnings() throws(StorageError) -> [AlarmTransition] {
    try file.read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM alarm_transition WHERE serial IN (
            SELECT (
              SELECT serial FROM alarm_transition
              WHERE alarm = last.alarm AND signal = last.signal
                AND to_state = 'unacknowledged' AND from_state <> 'acknowledged'
              ORDER BY serial DESC LIMIT 1)
            FROM (SELECT DISTINCT alarm, signal FROM alarm_transition) AS last)
          ORDER BY serial
          """)
      return try rows.map { try transition($0) }
    }
  }

  private static func lastSerial(_ db: Database) throws -> Int64 {
    try Int64.fetchOne(db, sql: "SELECT MAX(serial) FROM alarm_transition") ?? 0
  }

  private static func columns(of transition: AlarmTransition) -> StatementArguments {
    [
      transition.serial, transition.time.nanoseconds, transition.alarm, transition.signal,
      transition.from.rawValue, transition.to.rawValue, transition.value, transition.limit,
      transition.who, transition.comment, transition.shelvedUntil?.nanoseconds,
    ]
  }

  private func transition(_ row: Row) throws -> AlarmTransition {
    guard let from = AlarmState(rawValue: try row.column(4)),
      let to = AlarmState(rawValue: try row.column(5))
    else { throw StorageError.corrupt(path: file.path) }
    let until: Int64? = try row.optional(10)
    return AlarmTransition(
      serial: try row.column(0), time: Timestamp(nanoseconds: try row.column(1)),
      alarm: try row.column(2), signal: try row.column(3), from: from, to: to,
      value: try row.optional(6), limit: try row.optional(7), who: try row.optional(8),
      comment: try row.optional(9), shelvedUntil: until.map(Timestamp.init(nanoseconds:)))
  }
}

/// From the first moment to the last.
public let allTime = Timestamp(nanoseconds: .min)..<Timestamp(nanoseconds: .max)

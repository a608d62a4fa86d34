import FactoryModel
import GRDB

/// What is to be done because alarms changed their states: orders are written together with the
/// transitions and stay until somebody says what became of them.
public struct ActionOutbox: Sendable {
  private let file: RecordFile

  /// The outbox of a record.
  public init(_ file: RecordFile) {
    self.file = file
  }

  /// The oldest order of an action that is still to be carried out.
  public func next(of action: String) throws(StorageError) -> ActionOrder? {
    try orders(.pending, of: action, limit: 1).first
  }

  /// Orders in a state, the oldest first.
  /// - Parameters:
  ///   - action: its name; nil for all.
  ///   - limit: at most so many; nil for all.
  public func orders(
    _ state: ActionOrder.State, of action: String? = nil, limit: Int? = nil
  ) throws(StorageError) -> [ActionOrder] {
    try file.read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM action WHERE state = ? AND (? IS NULL OR name = ?) ORDER BY id LIMIT ?
          """,
        arguments: [state.rawValue, action, action, limit ?? -1])
      return try rows.map { try order($0) }
    }
  }

  /// Whether an order of the same action was given after this one.
  public func isOvertaken(_ order: ActionOrder) throws(StorageError) -> Bool {
    try file.read { db in
      try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM action WHERE name = ? AND id > ? AND state = ?)",
        arguments: [order.action, order.id, ActionOrder.State.pending.rawValue]) ?? false
    }
  }

  /// Takes over what became of an order: `attempts`, `due`, `state` and `fault`.
  /// - Parameters:
  ///   - outcome: what became of the adjustment that it carries out; nil for none, or when that is
  ///     still open.
  ///   - time: now.
  public func update(
    _ order: ActionOrder, adjustment outcome: AdjustmentLine.Outcome? = nil, at time: Timestamp
  ) throws(StorageError) {
    try file.write(surviving: outcome == nil ? .processEnd : .powerLoss) { db in
      try db.execute(
        sql: "UPDATE action SET attempts = ?, due = ?, state = ?, error = ? WHERE id = ?",
        arguments: [
          order.attempts, order.due.nanoseconds, order.state.rawValue, order.fault, order.id,
        ])
      guard let outcome else { return }
      try db.execute(
        sql: """
          UPDATE adjustment SET outcome = ?, comment = COALESCE(?, comment), settled = ?
          WHERE order_id = ?
          """,
        arguments: [outcome.rawValue, order.fault, time.nanoseconds, order.id])
    }
  }

  /// Removes the oldest of the orders that were carried out before a moment.
  /// - Returns: how many, at most `most`.
  public func forget(doneBefore time: Timestamp, most: Int) throws(StorageError) -> Int {
    var count = 0
    try file.write { db in
      try db.execute(
        sql: """
          DELETE FROM action WHERE id IN (
            SELECT id FROM action WHERE state = ? AND due < ? ORDER BY id LIMIT ?)
          """,
        arguments: [ActionOrder.State.done.rawValue, time.nanoseconds, most])
      count = db.changesCount
    }
    return count
  }

  /// Adds an order and gives its number. Below 0 a serial is not a transition's, and an action is
  /// ordered once for it, however often that is asked for.
  @discardableResult
  static func insert(_ order: ActionOrder, _ db: Database) throws -> Int64 {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO action (serial, name, payload, attempts, due, state, error)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (serial, name) WHERE serial < 0 DO NOTHING
        """)
    try statement.execute(arguments: [
      order.serial, order.action, order.payload, order.attempts, order.due.nanoseconds,
      order.state.rawValue, order.fault,
    ])
    return db.lastInsertedRowID
  }

  private func order(_ row: Row) throws -> ActionOrder {
    guard let state = ActionOrder.State(rawValue: try row.column(6)) else {
      throw StorageError.corrupt(path: file.path)
    }
    var order = ActionOrder(
      serial: try row.column(1), action: try row.column(2), payload: try row.column(3),
      due: Timestamp(nanoseconds: try row.column(5)))
    order.id = try row.column(0)
    order.attempts = try row.column(4)
    order.state = state
    order.fault = try row.optional(7)
    return order
  }
}

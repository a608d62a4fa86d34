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

  /// Takes over what became of an order: `attempts`, `due`, `state` and `fault`.
  public func update(_ order: ActionOrder) throws(StorageError) {
    try file.write { db in
      try db.execute(
        sql: "UPDATE action SET attempts = ?, due = ?, state = ?, error = ? WHERE id = ?",
        arguments: [
          order.attempts, order.due.nanoseconds, order.state.rawValue, order.fault, order.id,
        ])
    }
  }

  static func insert(_ orders: [ActionOrder], _ db: Database) throws {
    guard !orders.isEmpty else { return }
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO action (serial, name, payload, attempts, due, state, error)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (serial, name) DO NOTHING
        """)
    for order in orders {
      try statement.execute(arguments: [
        order.serial, order.action, order.payload, order.attempts, order.due.nanoseconds,
        order.state.rawValue, order.fault,
      ])
    }
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

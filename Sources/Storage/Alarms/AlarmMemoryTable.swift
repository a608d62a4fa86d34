import FactoryModel
import Foundation
import GRDB

/// What the alarms need beside journal and samples to go on after a restart, each alarm's last word.
public struct AlarmMemoryTable: Sendable {
  private let file: RecordFile

  /// The memory of a record.
  public init(_ file: RecordFile) {
    self.file = file
  }

  /// Everything that is kept, in no particular order.
  public func entries() throws(StorageError) -> [AlarmMemory] {
    try file.read { db in
      let rows = try Row.fetchAll(db, sql: "SELECT alarm, signal, bytes FROM alarm_memory")
      return try rows.map { row in
        AlarmMemory(
          alarm: try row.column(0), signal: try row.column(1),
          bytes: Array(try row.column(2) as Data))
      }
    }
  }

  /// An entry replaces the one before it; an empty one removes it.
  static func write(_ entries: [AlarmMemory], _ db: Database) throws {
    guard !entries.isEmpty else { return }
    let put = try db.cachedStatement(
      sql: """
        INSERT INTO alarm_memory (alarm, signal, bytes) VALUES (?, ?, ?)
        ON CONFLICT (alarm, signal) DO UPDATE SET bytes = excluded.bytes
        """)
    let remove = try db.cachedStatement(
      sql: "DELETE FROM alarm_memory WHERE alarm = ? AND signal = ?")
    for entry in entries {
      if entry.bytes.isEmpty {
        try remove.execute(arguments: [entry.alarm, entry.signal])
      } else {
        try put.execute(arguments: [entry.alarm, entry.signal, Data(entry.bytes)])
      }
    }
  }
}

import FactoryModel
import Foundation
import GRDB

/// The record on disk: one SQLite file in write-ahead mode, one writing connection, several reading
/// ones. May be used from any thread; one process at a time may write samples to it.
///
/// A commit survives the end of the process at any moment; the alarm journal's commits survive the
/// loss of power too, and with them everything committed before.
public final class RecordFile: Sendable {
  /// What a file is opened for.
  public enum Access: Hashable, Sendable {
    /// Made when missing, brought to the newest version when older.
    case write
    /// Left as it is; a monitor may be writing to it meanwhile.
    case read
  }

  public let path: String
  private let access: Access
  let pool: DatabasePool

  /// Opens a record.
  /// - Throws: when it cannot be opened, is no record, is damaged, or comes from a newer version.
  public convenience init(path: String, for access: Access) throws(StorageError) {
    try self.init(path: path, for: access, upTo: Schema.steps.count)
  }

  /// A record brought up to an earlier version only.
  init(path: String, for access: Access, upTo version: Int) throws(StorageError) {
    self.path = path
    self.access = access
    var configuration = Configuration()
    configuration.readonly = access == .read
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA synchronous = NORMAL")
    }
    if access == .read, !FileManager.default.fileExists(atPath: path) {
      throw .notFound(path: path)
    }
    pool = try StorageError.catching(path) { [configuration] in
      try DatabasePool(path: path, configuration: configuration)
    }
    try StorageError.catching(path) {
      switch access {
      case .write:
        try pool.writeWithoutTransaction { db in
          try Schema.migrate(db, path: path, upTo: version)
        }
      case .read:
        let found = try pool.read { db in try Schema.check(db, path: path) }
        guard found == version else {
          throw StorageError.olderVersion(path: path, found: found, known: version)
        }
      }
    }
  }

  /// Moves what waits in the write-ahead file into the record, so that it is one file again, and
  /// ends all connections, after which every call throws.
  public func close() throws(StorageError) {
    try StorageError.catching(path) {
      if access == .write {
        // A reader of another process may hold the write-ahead file; then it stays, and is valid.
        try? pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
      }
      try pool.close()
    }
  }

  /// Every signal of the record and its words; numbers are those that samples are stored under.
  public func signals() throws(StorageError) -> SignalTable {
    try read { db in try SignalTable(db, path: path) }
  }

  func read<Result>(_ body: (Database) throws -> Result) throws(StorageError) -> Result {
    try StorageError.catching(path) { try pool.read(body) }
  }

  /// What a transaction survives once it has been committed.
  enum Durability {
    /// It is in the hands of the operating system.
    case processEnd
    /// It is on the disk itself.
    case powerLoss
  }

  /// Runs a transaction: all of it is written or nothing.
  func write(
    surviving event: Durability = .processEnd, _ body: (Database) throws -> Void
  ) throws(StorageError) {
    try StorageError.catching(path) {
      try pool.writeWithoutTransaction { db in
        if event == .powerLoss { try db.execute(sql: "PRAGMA synchronous = FULL") }
        defer {
          if event == .powerLoss { try? db.execute(sql: "PRAGMA synchronous = NORMAL") }
        }
        try db.inTransaction(.immediate) {
          try body(db)
          return .commit
        }
      }
    }
  }
}

extension Row {
  /// A column's value; throws where a damaged file has something else there.
  func column<Value: DatabaseValueConvertible & StatementColumnConvertible>(
    _ place: Int
  ) throws -> Value {
    try decode(atIndex: place)
  }

  /// A column's value, nil for NULL.
  func optional<Value: DatabaseValueConvertible & StatementColumnConvertible>(
    _ place: Int
  ) throws -> Value? {
    try decode(Value?.self, atIndex: place)
  }
}

extension SignalTable {
  /// The signals and words of a record.
  init(_ db: Database, path: String) throws {
    self.init()
    let names = try Row.fetchCursor(db, sql: "SELECT id, path, tags FROM signal ORDER BY id")
    while let row = try names.next() {
      let number: Int64 = try row.column(0)
      let name = SignalName(path: try row.column(1), storedTags: try row.column(2))
      guard number == count, find(name) == nil else { throw StorageError.corrupt(path: path) }
      _ = id(of: name)
    }
    let words = try Row.fetchCursor(
      db, sql: "SELECT signal, place, text FROM word ORDER BY signal, place")
    while let row = try words.next() {
      let number: Int64 = try row.column(0)
      let place: Int64 = try row.column(1)
      guard (0..<Int64(count)).contains(number) else { throw StorageError.corrupt(path: path) }
      let value = self.value(of: try row.column(2), in: SignalID(index: Int32(number)))
      guard value == Double(place) else { throw StorageError.corrupt(path: path) }
    }
  }
}

extension SignalName {
  /// Tags as `key=value,…`, with a backslash before `=`, `,` and backslash inside of them.
  var storedTags: String {
    tags.map { "\(Self.escaped($0.key))=\(Self.escaped($0.value))" }.joined(separator: ",")
  }

  /// A name from its columns.
  init(path: String, storedTags text: String) {
    var words = [""]
    var isEscaped = false
    for character in text.unicodeScalars {
      if isEscaped || !"\\=,".unicodeScalars.contains(character) {
        words[words.count - 1].unicodeScalars.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        words.append("")
      }
    }
    let pairs = stride(from: 0, to: words.count - 1, by: 2)
    self.init(path: path, tags: pairs.map { Tag(words[$0], words[$0 + 1]) })
  }

  private static func escaped(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for character in text.unicodeScalars {
      if "\\=,".unicodeScalars.contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
    return String(escaped)
  }
}

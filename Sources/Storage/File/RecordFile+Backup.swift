import Foundation
import GRDB

extension RecordFile {
  /// Copies the record as it stands to another file while it is in use.
  ///
  /// The copy is one file. It is written beside its place, as `TARGET.part`, and put there when it is
  /// whole. An earlier copy is replaced.
  /// - Throws: `notARecord` when another kind of file is there, `busy` when the copy that is there
  ///   is in use, `sameFile` when it is this record.
  public func backup(to target: String) throws(StorageError) {
    try checkReplaceable(target)
    let part = target + ".part"
    try StorageError.catching(target) {
      for end in ["", "-journal", "-wal", "-shm"] where Self.exists(part + end) {
        try FileManager.default.removeItem(atPath: part + end)
      }
      let copy = try DatabaseQueue(path: part)
      try pool.backup(to: copy)
      // Such a file needs no other beside it and can be read from a medium that cannot be written.
      try copy.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA journal_mode = DELETE") }
      try copy.close()
    }
    guard unsafe rename(part, target) == 0 else { throw .cannotOpen(path: target) }
  }

  private func checkReplaceable(_ target: String) throws(StorageError) {
    guard Self.exists(target) else { return }
    guard Self.number(target) != Self.number(path) else { throw .sameFile(path: target) }
    guard let file = FileHandle(forReadingAtPath: target) else {
      throw .cannotOpen(path: target)
    }
    let head = (try? file.read(upToCount: 100)) ?? Data()
    guard head.isEmpty || head.starts(with: "SQLite format 3".utf8) else {
      throw .notADatabase(path: target)
    }
    // SQLite file format, 1.3: the application's number is at byte 68, the highest digit first.
    let number = head.dropFirst(68).prefix(4).reduce(0) { $0 << 8 | Int($1) }
    guard head.isEmpty || number == Schema.applicationID else { throw .notARecord(path: target) }
    guard !Self.exists(target + "-wal") else { throw .busy(path: target) }
  }

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  /// What the file system knows a file by.
  private static func number(_ path: String) -> [Int]? {
    let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let facts = try? FileManager.default.attributesOfItem(atPath: real)
    return [FileAttributeKey.systemNumber, .systemFileNumber].compactMap { facts?[$0] as? Int }
  }
}

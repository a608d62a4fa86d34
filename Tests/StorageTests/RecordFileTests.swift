import FactoryModel
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Storage

@Suite("The record's file")
struct RecordFileTests {
  private let folder = TemporaryFolder()

  private func sqlite(_ name: String, _ sql: String) throws -> String {
    let path = folder.file(name)
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { db in try db.execute(sql: sql) }
    try queue.close()
    return path
  }

  @Test("a file of a newer version is refused and left alone")
  func newer() throws {
    let path = folder.file("r.sqlite")
    try RecordFile(path: path, for: .write).close()
    _ = try sqlite("r.sqlite", "PRAGMA user_version = 99")
    for access in [RecordFile.Access.write, .read] {
      let error = #expect(throws: StorageError.self) { try RecordFile(path: path, for: access) }
      #expect(error == .newerVersion(path: path, found: 99, known: Schema.steps.count))
      #expect(error?.description.contains("update Gemba") == true)
    }
  }

  @Test("what is no record is refused")
  func foreign() throws {
    let other = try sqlite("other.sqlite", "CREATE TABLE t (x)")
    #expect(throws: StorageError.notARecord(path: other)) {
      try RecordFile(path: other, for: .write)
    }
    let text = folder.file("text.sqlite")
    try Data(String(repeating: "no database ", count: 200).utf8).write(
      to: URL(fileURLWithPath: text))
    #expect(throws: StorageError.notADatabase(path: text)) {
      try RecordFile(path: text, for: .write)
    }
    let missing = folder.file("missing/r.sqlite")
    #expect(throws: StorageError.cannotOpen(path: missing)) {
      try RecordFile(path: missing, for: .write)
    }
    #expect(throws: StorageError.notFound(path: folder.file("none.sqlite"))) {
      try RecordFile(path: folder.file("none.sqlite"), for: .read)
    }
  }

  @Test("a record opened for reading is not written")
  func readOnly() throws {
    let path = folder.file("r.sqlite")
    try RecordFile(path: path, for: .write).close()
    let file = try RecordFile(path: path, for: .read)
    var writer = try SampleWriter(file)
    var table = SignalTable()
    _ = table.id(of: SignalName(path: "a.b"))
    #expect(throws: StorageError.readOnly(path: path)) { try writer.commit(table) }
  }

  @Test("a damaged file is said to be damaged")
  func corrupt() throws {
    let path = folder.file("r.sqlite")
    let file = try RecordFile(path: path, for: .write)
    var table = SignalTable()
    for number in 0..<2_000 { _ = table.id(of: SignalName(path: "signal.number\(number)")) }
    var writer = try SampleWriter(file)
    try writer.commit(table)
    try file.close()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for place in 8_192..<bytes.count { bytes[place] = 0x5A }
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: StorageError.corrupt(path: path)) {
      try RecordFile(path: path, for: .write).signals()
    }
  }

  @Test("a record of each earlier version is brought up to date with what it holds")
  func migration() throws {
    for version in 1..<Schema.steps.count {
      let path = folder.file("v\(version).sqlite")
      var table = SignalTable()
      let name = SignalName(path: "a.b", tags: [.init("k", "v")])
      let id = table.id(of: name)
      let old = try RecordFile(path: path, for: .write, upTo: version)
      var writer = try SampleWriter(old)
      var batch = SampleBatch()
      batch.append(id, time: 5, value: 7, quality: .good)
      writer.append(batch)
      try writer.commit(table)
      try old.close()
      #expect(throws: StorageError.self) { try RecordFile(path: path, for: .read) }
      let new = try RecordFile(path: path, for: .write)
      #expect(try SampleHistory(new).samples(of: name).map(\.value) == [7])
      let tables = try new.read { db in
        try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
      }
      #expect(Set(tables).isSuperset(of: ["chunk", "alarm_transition", "period", "verdict"]))
    }
  }

  @Test("a copy of a record in use holds what was committed")
  func backup() throws {
    let file = try RecordFile(path: folder.file("r.sqlite"), for: .write)
    var table = SignalTable()
    let id = table.id(of: SignalName(path: "a.b"))
    var writer = try SampleWriter(file)
    for time in 0..<3 {
      var batch = SampleBatch()
      batch.append(id, time: Int64(time), value: Double(time), quality: .good)
      writer.append(batch)
      if time < 2 { try writer.commit(table) }
    }
    let copy = folder.file("copy.sqlite")
    try file.backup(to: copy)
    try writer.commit(table)
    let restored = try RecordFile(path: copy, for: .write)
    #expect(try SampleHistory(restored).samples(of: table[id]).map(\.value) == [0, 1])
  }
}

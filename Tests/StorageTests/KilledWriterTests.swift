import FactoryModel
import Foundation
import GRDB
import Imaging
import TestSupport
import Testing

@testable import Storage

@Suite("A writer that ends at any moment")
struct KilledWriterTests {
  private let folder = TemporaryFolder()

  @Test("after kill -9 what was answered is there, and no commit in part")
  func killed() throws {
    let path = folder.file("r.sqlite")
    var generator = SeededGenerator(seed: 1)
    var found = 0
    for _ in 0..<12 {
      let lines = 1 + generator.below(60)
      let answered = try Filler(path).kill(afterLines: lines)
      found = try Self.wholeCommits(path)
      #expect(found >= answered, "seed 1, killed after \(lines) lines")
    }
    #expect(found > 100)
  }

  @Test("at a limit on the size of files writing fails in words, and goes on without the limit")
  func fileSizeLimit() throws {
    let path = folder.file("r.sqlite")
    let end = try Filler(path, limitBlocks: 1_200).runToEnd()
    #expect(end.code == 3)
    #expect(
      end.errors == "\(StorageError.cannotWrite(path: path))\n"
        || end.errors == "\(StorageError.diskFull(path: path))\n")
    #expect(end.answered > 10)
    #expect(try Self.wholeCommits(path) == end.answered)
    let answered = try Filler(path).kill(afterLines: 5)
    #expect(answered > end.answered)
    #expect(try Self.wholeCommits(path) >= answered)
  }

  @Test("a write-ahead file that ends anywhere or is damaged gives the commits before")
  func tornWriteAhead() throws {
    let path = folder.file("r.sqlite")
    let answered = try Filler(path).kill(afterLines: 24)
    let record = try Data(contentsOf: URL(fileURLWithPath: path))
    let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
    var generator = SeededGenerator(seed: 2)
    var most = 0
    for round in 0..<24 {
      let copy = folder.file("\(round).sqlite")
      var torn = log
      if round % 2 == 0 {
        torn = log.prefix(log.count * round / 23)
      } else {
        torn[generator.below(log.count)] ^= UInt8(1 << generator.below(8))
      }
      try record.write(to: URL(fileURLWithPath: copy))
      try torn.write(to: URL(fileURLWithPath: copy + "-wal"))
      most = max(most, try Self.wholeCommits(copy))
    }
    #expect((1...answered + 1).contains(most))
  }

  @Test("a damaged record is read, or refused in words, never more")
  func damagedRecord() throws {
    let path = folder.file("r.sqlite")
    _ = try Filler(path).kill(afterLines: 60)
    try RecordFile(path: path, for: .write).close()
    let record = try Data(contentsOf: URL(fileURLWithPath: path))
    var refused = 0
    for round in 0..<150 {
      var generator = SeededGenerator(seed: UInt64(round))
      var damaged = record
      for _ in 0..<(1 + generator.below(30)) {
        damaged[100 + generator.below(record.count - 100)] = UInt8(generator.below(256))
      }
      if round % 5 == 0 { damaged = damaged.prefix(generator.below(record.count)) }
      let copy = folder.file("d\(round).sqlite")
      try damaged.write(to: URL(fileURLWithPath: copy))
      do {
        try Self.useEverything(copy)
      } catch is StorageError {
        refused += 1
      }
      for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + end) }
    }
    #expect(refused > 20)
  }

  /// Reads all of a record and writes to it.
  private static func useEverything(_ path: String) throws {
    let file = try RecordFile(path: path, for: .write)
    let history = SampleHistory(file)
    var table = try file.signals()
    for name in table.all { _ = try history.samples(of: name) }
    _ = try AlarmJournal(file).transitions()
    _ = try AlarmJournal(file).lastTransitions()
    _ = try history.newestSamples()
    _ = try history.extents()
    try history.visit(table.all) { _ in }
    _ = try file.age(
      Retention(keep: .seconds(1), thinning: [.init(after: .zero, every: .seconds(1))]),
      now: Timestamp(nanoseconds: 30_000))
    var writer = try SampleWriter(file)
    let id = table.id(of: SignalName(path: "a.new"))
    var batch = SampleBatch()
    for time in 0..<600 { batch.append(id, time: Int64(time), value: 1, quality: .good) }
    writer.append(batch)
    try writer.commit(table)
  }

  /// Checks that a record holds commits 1 to N, whole, and nothing else; gives N.
  private static func wholeCommits(_ path: String) throws -> Int {
    let file = try RecordFile(path: path, for: .write)
    let history = SampleHistory(file)
    let names = NumberedCommit.signals
    let count = try history.samples(of: names[names.count - 1]).count
    let commits = (0..<count).map { NumberedCommit($0 + 1) }
    for (place, name) in names.enumerated() {
      let expected = commits.flatMap(\.samples).filter { $0.signal == place }.map(\.sample)
      #expect(try history.samples(of: name) == expected, "\(name)")
    }
    #expect(try AlarmJournal(file).transitions() == commits.flatMap(\.transitions))
    let check = try file.read { db in try String.fetchAll(db, sql: "PRAGMA integrity_check") }
    #expect(check == ["ok"])
    return count
  }
}

/// A process that fills a record.
private struct Filler {
  private let process = Process()
  private let output = Pipe()
  private let errors = Pipe()

  /// - Parameter limitBlocks: of 512 bytes, the longest file that it may write.
  init(_ path: String, limitBlocks: Int? = nil) throws {
    let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let limit = limitBlocks.map { "ulimit -f \($0); " } ?? ""
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "\(limit)exec \"$0\" \"$1\"",
      products.appendingPathComponent("RecordFiller").path, path,
    ]
    process.standardOutput = output
    process.standardError = errors
    try process.run()
  }

  /// Kills the process once it has printed some lines; gives the last number that it printed.
  func kill(afterLines lines: Int) throws -> Int {
    var text = ""
    while text.count(where: { $0 == "\n" }) < lines, process.isRunning {
      text += String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    text += String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    return Self.lastNumber(text)
  }

  /// Waits until the process ends by itself.
  func runToEnd() throws -> (code: Int32, answered: Int, errors: String) {
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let message = errors.fileHandleForReading.readDataToEndOfFile()
    return (
      process.terminationStatus, Self.lastNumber(text), String(decoding: message, as: UTF8.self)
    )
  }

  /// Of the last line that is whole.
  private static func lastNumber(_ text: String) -> Int {
    text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().last
      .flatMap { Int($0) } ?? 0
  }
}

import FactoryModel
import Foundation
import GRDB
import Storage

/// Line protocol into a record and out of it, beside plain rows in SQLite.
enum StorageCases {
  static func run(_ chunks: [[UInt8]]) throws {
    for group in [1, 16] {
      let name = "line protocol, read and stored, \(group * 64) KiB a commit"
      try storing(name) { path in try store(chunks, chunksInCommit: group, path) }
    }
    try storing("SQLite rows with an index, 1024 KiB a commit") { path in
      try storeRows(chunks, chunksInCommit: 16, path)
    }
    try querying(chunks)
  }

  private static func store(_ chunks: [[UInt8]], chunksInCommit: Int, _ path: String) throws {
    let file = try RecordFile(path: path, for: .write)
    var writer = try SampleWriter(file)
    var count = 0
    try IngestCases.read(chunks) { batch, table in
      writer.append(batch)
      count += 1
      if count % chunksInCommit == 0 || count == chunks.count { try writer.commit(table) }
    }
    try file.close()
  }

  /// A row for each sample, and an index to find them by.
  private static func storeRows(_ chunks: [[UInt8]], chunksInCommit: Int, _ path: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA journal_mode = WAL")
      try db.execute(sql: "PRAGMA synchronous = NORMAL")
      try db.execute(sql: "CREATE TABLE sample (signal INTEGER, time INTEGER, value REAL)")
      try db.execute(sql: "CREATE INDEX sample_of_signal ON sample (signal, time)")
      var waiting: [SampleBatch] = []
      var count = 0
      try IngestCases.read(chunks) { batch, _ in
        waiting.append(batch)
        count += 1
        guard count % chunksInCommit == 0 || count == chunks.count else { return }
        try insert(waiting, db)
        waiting.removeAll()
      }
      try db.checkpoint(.truncate)
    }
    try queue.close()
  }

  private static func insert(_ batches: [SampleBatch], _ db: Database) throws {
    try db.inTransaction {
      let statement = try db.cachedStatement(sql: "INSERT INTO sample VALUES (?, ?, ?)")
      for batch in batches {
        for place in 0..<batch.count {
          try statement.execute(arguments: [
            batch.signals[place].index, batch.times[place], batch.values[place],
          ])
        }
      }
      return .commit
    }
  }

  /// Reading back what was stored: one signal after the other, and all by time.
  private static func querying(_ chunks: [[UInt8]]) throws {
    let folder = try ScratchFolder("storage")
    defer { folder.remove() }
    let path = folder.path + "/r.sqlite"
    try store(chunks, chunksInCommit: 16, path)
    let file = try RecordFile(path: path, for: .read)
    let history = SampleHistory(file)
    let names = try file.signals().all
    try querying("samples of one signal after another") { count in
      for name in names { try history.visit(name) { count += $0.count } }
    }
    try querying("samples of all signals by time") { count in
      try history.visit(names) { count += $0.count }
    }
    try querying("means over a minute") { count in
      for name in names {
        count += try history.means(of: name, every: .seconds(60)).reduce(0) { $0 + $1.count }
      }
    }
  }

  private static func querying(_ name: String, _ query: (inout Int) throws -> Void) throws {
    let measured = try Measurement(passes: 3, pieces: IngestCases.lineCount) {
      var count = 0
      try query(&count)
      precondition(count == IngestCases.lineCount, "\(count) samples found")
    }
    Line.print(name, measured, [("nanosecondsPerSample", measured.minimum * 1e6)])
  }

  /// Processor time and file size of writing all lines to a new file.
  private static func storing(_ name: String, _ write: (String) throws -> Void) throws {
    let folder = try ScratchFolder("storage")
    defer { folder.remove() }
    var processor: [Double] = []
    var bytes = 0
    let measured = try Measurement(passes: 3, pieces: IngestCases.lineCount) {
      let path = folder.path + "/\(processor.count).sqlite"
      let start = Machine.processorSeconds
      try write(path)
      processor.append(Machine.processorSeconds - start)
      bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }
    let count = Double(IngestCases.lineCount)
    Line.print(
      name, measured,
      [
        ("processorNanosecondsPerSample", (processor.min() ?? 0) * 1e9 / count),
        ("bytesPerSample", Double(bytes) / count),
      ])
  }

}

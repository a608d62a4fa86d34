import FactoryModel
import Foundation
import GRDB

/// The readings that a record holds in its tail and in no chunk, in the order they were written.
struct TailState {
  /// Number of the newest tail row there ever was.
  var last: Int64
  var rows = 0
  var readings: [(signal: Int, samples: [Sample])] = []

  /// Reads the tail, of one signal or of all.
  init(_ db: Database, _ file: RecordFile, only signal: Int? = nil) throws {
    last = try Self.lastRow(db)
    let sealed = try Self.sealedRows(db, of: signal)
    let tail = try Row.fetchCursor(db, sql: "SELECT id, samples FROM tail ORDER BY id")
    while let row = try tail.next() {
      rows += 1
      let id: Int64 = try row.column(0)
      let samples: Data = try row.column(1)
      let entries = try file.decoding("newest samples") { () throws(ChunkFault) in
        try TailRow.decode(Array(samples), only: signal)
      }
      readings += entries.filter { id > sealed[$0.signal, default: 0] }
    }
  }

  /// Number of the newest tail row there ever was.
  static func lastRow(_ db: Database) throws -> Int64 {
    try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'tail'") ?? 0
  }

  /// Of each signal, or of one, the tail row up to which all its readings are in chunks.
  private static func sealedRows(_ db: Database, of signal: Int?) throws -> [Int: Int64] {
    let condition = signal.map { "WHERE signal = \($0)" } ?? ""
    let marks = try Row.fetchCursor(
      db, sql: "SELECT signal, MAX(sealed) FROM chunk \(condition) GROUP BY signal")
    var sealed: [Int: Int64] = [:]
    while let row = try marks.next() {
      let number: Int = try row.column(0)
      let mark: Int64 = try row.column(1)
      sealed[number] = mark
    }
    return sealed
  }
}

extension RecordFile {
  /// Decodes a blob; says what a fault in it means.
  func decoding<Result>(
    _ what: String, _ body: () throws(ChunkFault) -> Result
  ) throws(StorageError) -> Result {
    do throws(ChunkFault) {
      return try body()
    } catch {
      switch error {
      case .damaged: throw .damagedChunk(path: path, signal: what)
      case .newerFormat(let format):
        throw .newerVersion(path: path, found: Int(format), known: Int(chunkFormat))
      }
    }
  }
}

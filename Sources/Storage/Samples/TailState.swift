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
    last = try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'tail'") ?? 0
    var sealed: [Int: Int64] = [:]
    let marks = try Row.fetchAll(
      db,
      sql: """
        SELECT signal, MAX(sealed) FROM chunk WHERE (? IS NULL OR signal = ?) GROUP BY signal
        """, arguments: [signal, signal])
    for row in marks { sealed[row[0]] = row[1] }
    let tail = try Row.fetchCursor(db, sql: "SELECT id, samples FROM tail ORDER BY id")
    while let row = try tail.next() {
      rows += 1
      let id: Int64 = row[0]
      let samples: Data = row[1]
      let entries = try file.decoding("newest samples") { () throws(ChunkFault) in
        try TailRow.decode(Array(samples), only: signal)
      }
      readings += entries.filter { id > sealed[$0.signal, default: 0] }
    }
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

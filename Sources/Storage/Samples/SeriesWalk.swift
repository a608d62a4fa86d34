import FactoryModel
import Foundation
import GRDB

/// Goes through the samples of one signal in order of time, some hundred at a time.
struct SeriesWalk {
  private let signal: SignalName
  private let range: Range<Timestamp>
  private let tail: [Sample]
  private let clusters: [ChunkSpan.Cluster]
  private var place = 0

  /// - Parameter tail: the signal's readings that are in no chunk, in the order they were written.
  init(
    _ number: Int, _ signal: SignalName, tail: [Sample], in range: Range<Timestamp>, _ db: Database
  ) throws {
    self.signal = signal
    self.range = range
    self.tail = tail.inTimeOrder().filter { range.contains($0.time) }
    clusters = ChunkSpan.clusters(
      try ChunkSpan.fetch(db, of: number, in: range), tail: self.tail)
  }

  /// The next samples, at least one; nil at the end.
  mutating func next(_ file: RecordFile, _ db: Database) throws -> [Sample]? {
    while place < clusters.count {
      let cluster = clusters[place]
      place += 1
      var samples: [Sample] = []
      for id in cluster.chunks.sorted() {
        samples += try chunk(id, file, db).filter { range.contains($0.time) }
      }
      samples += tail[cluster.tail]
      if !samples.isEmpty { return samples.inTimeOrder() }
    }
    return nil
  }

  private func chunk(_ id: Int64, _ file: RecordFile, _ db: Database) throws -> [Sample] {
    let statement = try db.cachedStatement(sql: "SELECT samples FROM chunk WHERE id = ?")
    let blob = try Data.fetchOne(statement, arguments: [id]) ?? Data()
    return try file.decoding(signal.description) { () throws(ChunkFault) in
      try ChunkDecoder.decode(blob)
    }
  }
}

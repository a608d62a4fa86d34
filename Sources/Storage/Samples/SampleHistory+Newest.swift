import FactoryModel
import Foundation
import GRDB

extension SampleHistory {
  /// The newest sample by time of every signal that has one, for a monitor that starts again.
  public func newestSamples() throws(StorageError) -> [(signal: SignalID, sample: Sample)] {
    try file.read { db in
      var newest: [Int: Sample] = [:]
      func take(_ samples: [Sample], of signal: Int) {
        for sample in samples where newest[signal].map({ $0.time <= sample.time }) ?? true {
          newest[signal] = sample
        }
      }
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT chunk.signal, chunk.samples FROM chunk JOIN
            (SELECT signal, MAX(last) AS last FROM chunk GROUP BY signal) AS newest
          ON chunk.signal = newest.signal AND chunk.last = newest.last ORDER BY chunk.id
          """)
      for row in rows {
        let blob: Data = row[1]
        let samples = try file.decoding("signal \(row[0] as Int)") { () throws(ChunkFault) in
          try ChunkDecoder.decode(blob)
        }
        take(samples, of: row[0])
      }
      for (signal, samples) in try TailState(db, file).readings { take(samples, of: signal) }
      return newest.sorted { $0.key < $1.key }.map { (SignalID(index: Int32($0.key)), $0.value) }
    }
  }
}

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
      let signals = try SignalTable(db, path: file.path).count
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT chunk.signal, chunk.samples FROM chunk JOIN
            (SELECT signal, MAX(last) AS last FROM chunk GROUP BY signal) AS newest
          ON chunk.signal = newest.signal AND chunk.last = newest.last ORDER BY chunk.id
          """)
      while let row = try rows.next() {
        let signal: Int = try row.column(0)
        let blob: Data = try row.column(1)
        let samples = try file.decoding("signal \(signal)") { () throws(ChunkFault) in
          try ChunkDecoder.decode(blob)
        }
        take(samples, of: signal)
      }
      for (signal, samples) in try TailState(db, file).readings { take(samples, of: signal) }
      guard newest.keys.allSatisfy((0..<signals).contains) else {
        throw StorageError.corrupt(path: file.path)
      }
      return newest.sorted { $0.key < $1.key }.map { (SignalID(index: Int32($0.key)), $0.value) }
    }
  }
}

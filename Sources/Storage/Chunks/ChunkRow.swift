import FactoryModel
import Foundation
import GRDB

/// A row of the table of chunks.
struct ChunkRow {
  /// The most readings of one chunk.
  private static let mostReadings = 1_024

  var signal: Int
  var first: Timestamp
  var last: Timestamp
  var count: Int
  /// Tail rows up to this one hold nothing of the signal that is not in chunks.
  var sealed: Int64
  /// Nanoseconds between readings that were thinned, 0 for readings as they came.
  var step: Int64 = 0
  var samples: [UInt8]

  /// Chunks of readings in any order; of several readings of one moment the last is kept.
  static func rows(
    _ samples: [Sample], signal: Int, sealed: Int64, step: Int64 = 0
  ) -> [ChunkRow] {
    let ordered = samples.inTimeOrder()
    let pieces = (ordered.count + mostReadings - 1) / mostReadings
    return (0..<pieces).map { piece in
      let part = ordered[
        ordered.count * piece / pieces..<ordered.count * (piece + 1) / pieces]
      return ChunkRow(
        signal: signal, first: part[part.startIndex].time, last: part[part.endIndex - 1].time,
        count: part.count, sealed: sealed, step: step, samples: ChunkEncoder.encode(part))
    }
  }

  func insert(_ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO chunk (signal, first, last, count, sealed, step, samples)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """)
    try statement.execute(arguments: [
      signal, first.nanoseconds, last.nanoseconds, count, sealed, step, samples.blob,
    ])
  }
}

extension [UInt8] {
  /// As SQLite takes it.
  var blob: Data { Data(self) }
}

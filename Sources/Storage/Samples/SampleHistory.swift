import FactoryModel
import Foundation
import GRDB

/// Reads the samples of a record, also while a monitor writes to it: what was committed is seen.
public struct SampleHistory: Sendable {
  let file: RecordFile

  /// The samples of a record.
  public init(_ file: RecordFile) {
    self.file = file
  }

  /// The signals that a pattern means, in order of appearance.
  public func signals(matching pattern: SignalPattern) throws(StorageError) -> [SignalName] {
    try file.signals().all.filter { pattern.matches($0) }
  }

  /// All samples of a signal in a range, in order of time, one for each moment: the last written.
  public func samples(
    of signal: SignalName, in range: Range<Timestamp> = allTime
  ) throws(StorageError) -> [Sample] {
    var all: [Sample] = []
    try visit(signal, in: range) { all += $0 }
    return all
  }

  /// Hands over all samples of a signal in a range piece by piece, in order of time.
  ///
  /// A piece is some hundred samples where they came in order, so memory stays small however long
  /// the range is. A signal that the record does not have has no samples.
  public func visit(
    _ signal: SignalName, in range: Range<Timestamp> = allTime,
    _ body: ([Sample]) throws -> Void
  ) throws(StorageError) {
    try file.read { db in
      let number = try Int.fetchOne(
        db, sql: "SELECT id FROM signal WHERE path = ? AND tags = ?",
        arguments: [signal.path, signal.storedTags])
      guard let number else { return }
      try visit(number, signal, in: range, db, body)
    }
  }

  private func visit(
    _ number: Int, _ signal: SignalName, in range: Range<Timestamp>, _ db: Database,
    _ body: ([Sample]) throws -> Void
  ) throws {
    var tail = try TailState(db, file, only: number).readings.flatMap(\.samples)
    tail = tail.inTimeOrder().filter { range.contains($0.time) }
    let spans = try ChunkSpan.fetch(db, of: number, in: range)
    for cluster in ChunkSpan.clusters(spans, tail: tail) {
      var samples: [Sample] = []
      for id in cluster.chunks.sorted() {
        samples += try chunk(id, of: signal, db).filter { range.contains($0.time) }
      }
      samples += tail[cluster.tail]
      if !samples.isEmpty { try body(samples.inTimeOrder()) }
    }
  }

  private func chunk(_ id: Int64, of signal: SignalName, _ db: Database) throws -> [Sample] {
    let statement = try db.cachedStatement(sql: "SELECT samples FROM chunk WHERE id = ?")
    let blob = try Data.fetchOne(statement, arguments: [id]) ?? Data()
    return try file.decoding(signal.description) { () throws(ChunkFault) in
      try ChunkDecoder.decode(blob)
    }
  }
}

/// When a chunk begins and ends.
struct ChunkSpan {
  var id: Int64
  var first: Int64
  var last: Int64

  /// Chunks whose times overlap; chunks of one cluster and no other have to be merged.
  struct Cluster {
    var chunks: [Int64]
    /// Places of the tail's samples that belong between or behind them.
    var tail: Range<Int>
  }

  /// The chunks of a signal that may hold samples of a range, in order of their beginnings.
  static func fetch(
    _ db: Database, of signal: Int, in range: Range<Timestamp>
  ) throws -> [ChunkSpan] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT id, first, last FROM chunk WHERE signal = ? AND first < ? AND last >= ?
        ORDER BY first
        """,
      arguments: [signal, range.upperBound.nanoseconds, range.lowerBound.nanoseconds])
    return try rows.map {
      ChunkSpan(id: try $0.column(0), first: try $0.column(1), last: try $0.column(2))
    }
  }

  /// Groups chunks, in order of their beginnings, and the tail, in order of time, so that no group
  /// reaches into the next.
  static func clusters(_ spans: [ChunkSpan], tail: [Sample]) -> [Cluster] {
    var clusters: [Cluster] = []
    var taken = 0
    var place = 0
    while place < spans.count {
      var end = spans[place].last
      var chunks: [Int64] = []
      while place < spans.count, spans[place].first <= end || chunks.isEmpty {
        chunks.append(spans[place].id)
        end = max(end, spans[place].last)
        place += 1
      }
      // Samples of the tail before or among these chunks join them; earlier ones only sort first.
      let next = tail[taken...].firstIndex { $0.time.nanoseconds > end } ?? tail.count
      clusters.append(Cluster(chunks: chunks, tail: taken..<next))
      taken = next
    }
    if taken < tail.count { clusters.append(Cluster(chunks: [], tail: taken..<tail.count)) }
    return clusters
  }
}

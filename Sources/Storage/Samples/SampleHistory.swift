import FactoryModel
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
      guard let number = try Self.number(of: signal, db) else { return }
      let tail = try TailState(db, file, only: number).readings.flatMap(\.samples)
      var walk = try SeriesWalk(number, signal, tail: tail, in: range, db)
      while let piece = try walk.next(file, db) { try body(piece) }
    }
  }

  /// The number that a signal's samples are stored under, nil when the record does not have it.
  static func number(of signal: SignalName, _ db: Database) throws -> Int? {
    try Int.fetchOne(
      db, sql: "SELECT id FROM signal WHERE path = ? AND tags = ?",
      arguments: [signal.path, signal.storedTags])
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

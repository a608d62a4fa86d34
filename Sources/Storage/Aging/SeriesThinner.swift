import FactoryModel
import Foundation
import GRDB

/// Thins the old chunks of one signal.
struct SeriesThinner {
  let file: RecordFile
  let signal: Int
  /// Nanoseconds between means.
  let every: Int64
  /// Readings before this are thinned; a whole number of stretches.
  let end: Timestamp
  let oldestTail: Int64

  private struct OldChunk {
    var id: Int64
    var first: Int64
    var last: Int64
    var sealed: Int64
    var step: Int64
  }

  /// Thins the oldest chunks; gives how many were read.
  func run(mostChunks: Int, _ db: Database, _ report: inout AgingReport) throws -> Int {
    let finer = try chunks(finerThanMeans: true, before: end, db)
    var old = finer.filter { $0.last < end.nanoseconds && $0.sealed < oldestTail }
    guard let first = old.first else { return 0 }
    // One stretch at least, however many chunks it has.
    let stretch = BucketSums.start(of: Timestamp(nanoseconds: first.first), step: every)
    let stretchEnd = (stretch + .nanoseconds(every)).nanoseconds
    let count = old.firstIndex { $0.first >= stretchEnd } ?? old.count
    if old.count > max(count, mostChunks) { report.isPartial = true }
    old = Array(old.prefix(max(count, mostChunks)))
    // A stretch that reaches into a chunk that stays is thinned together with that one, later.
    let taken = Set(old.map(\.id))
    var limit = end
    if let next = finer.first(where: { !taken.contains($0.id) }) {
      limit = min(limit, BucketSums.start(of: Timestamp(nanoseconds: next.first), step: every))
    }
    old = old.filter { $0.first < limit.nanoseconds }
    if !old.isEmpty { try replace(old, before: limit, db, &report) }
    return old.count
  }

  private func replace(
    _ old: [OldChunk], before limit: Timestamp, _ db: Database, _ report: inout AgingReport
  ) throws {
    var samples: [Sample] = []
    for chunk in old.sorted(by: { $0.id < $1.id }) {
      let all = try self.samples(chunk.id, db)
      samples += all.filter { $0.time < limit }
      try keep(all.filter { $0.time >= limit }, of: chunk, db)
    }
    report.thinned += samples.count
    samples = samples.inTimeOrder()
    let isWords =
      try Int.fetchOne(
        db, sql: "SELECT 1 FROM word WHERE signal = ? LIMIT 1", arguments: [signal]) != nil
    var means = isWords ? Self.changes(samples) : means(samples)
    let known = try knownTimes(from: means.first?.time, before: limit, db)
    means.removeAll { known.contains($0.time) }
    let sealed = old.map(\.sealed).max() ?? 0
    for row in ChunkRow.rows(means, signal: signal, sealed: sealed, step: every) {
      try row.insert(db)
    }
    report.means += means.count
  }

  /// What is left of a chunk stays under its number, so that what was written later still wins.
  private func keep(_ samples: [Sample], of chunk: OldChunk, _ db: Database) throws {
    guard let first = samples.first, let last = samples.last else {
      return try db.cachedStatement(sql: "DELETE FROM chunk WHERE id = ?")
        .execute(arguments: [chunk.id])
    }
    try db.execute(
      sql: "UPDATE chunk SET first = ?, last = ?, count = ?, samples = ? WHERE id = ?",
      arguments: [
        first.time.nanoseconds, last.time.nanoseconds, samples.count,
        ChunkEncoder.encode(samples[...]).blob, chunk.id,
      ])
  }

  private func means(_ samples: [Sample]) -> [Sample] {
    var sums = BucketSums(step: every)
    for sample in samples { sums.add(sample) }
    return sums.finish().map { Sample(time: $0.start, value: $0.mean, quality: $0.quality) }
  }

  /// The first reading of each run of the same word and quality.
  private static func changes(_ samples: [Sample]) -> [Sample] {
    var kept: [Sample] = []
    for sample in samples {
      let isSame = kept.last.map { $0.quality == sample.quality && $0.value == sample.value }
      if isSame != true { kept.append(sample) }
    }
    return kept
  }

  /// Times of means that the record has already.
  private func knownTimes(
    from start: Timestamp?, before end: Timestamp, _ db: Database
  ) throws -> Set<Timestamp> {
    guard let start else { return [] }
    var times = Set<Timestamp>()
    for chunk in try chunks(finerThanMeans: false, before: end, db)
    where chunk.step == every && chunk.last >= start.nanoseconds {
      for sample in try samples(chunk.id, db) { times.insert(sample.time) }
    }
    return times
  }

  /// Chunks that begin before a moment, in order of their beginnings.
  private func chunks(
    finerThanMeans: Bool, before end: Timestamp, _ db: Database
  ) throws -> [OldChunk] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT id, first, last, sealed, step FROM chunk WHERE signal = ? AND first < ?
        AND (step < ?) = ? ORDER BY first, id
        """,
      arguments: [signal, end.nanoseconds, every, finerThanMeans])
    return try rows.map { row in
      OldChunk(
        id: try row.column(0), first: try row.column(1), last: try row.column(2),
        sealed: try row.column(3), step: try row.column(4))
    }
  }

  private func samples(_ chunk: Int64, _ db: Database) throws -> [Sample] {
    let statement = try db.cachedStatement(sql: "SELECT samples FROM chunk WHERE id = ?")
    let blob = try Data.fetchOne(statement, arguments: [chunk]) ?? Data()
    return try file.decoding("signal \(signal)") { () throws(ChunkFault) in
      try ChunkDecoder.decode(blob)
    }
  }
}

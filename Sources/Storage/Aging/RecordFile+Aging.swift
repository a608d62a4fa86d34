import FactoryModel
import Foundation
import GRDB

// Chunks that are old enough as a whole are removed or replaced by chunks of means. A chunk may go
// only when the tail has been folded since it was written, because it also says up to which tail row
// the signal's readings are in chunks (`sealed`): else old tail rows would count again. A fold comes
// after 4,096 commits at most, so chunks wait for hours, not for ever.

extension RecordFile {
  /// Removes and thins what `retention` says of the samples, in one transaction.
  ///
  /// Means are over whole stretches after 1970 and stand at their beginning. Good readings go
  /// before uncertain ones and those before bad ones in what a stretch's quality is: the worst of
  /// those in the mean; a stretch of bad readings alone becomes one bad reading. Of words, the first
  /// reading of each run of the same word is kept instead. Late readings of a stretch that has its
  /// mean already are dropped. The file does not shrink; its free pages are used again.
  /// - Parameters:
  ///   - now: what ages are counted from.
  ///   - chunks: about how many chunks are taken in this call.
  public func age(
    _ retention: Retention, now: Timestamp, chunks: Int = 1_024
  ) throws(StorageError) -> AgingReport {
    var report = AgingReport()
    try write { db in
      report = AgingReport()
      let oldest = try Int64.fetchOne(db, sql: "SELECT MIN(id) FROM tail") ?? .max
      if let keep = retention.keep {
        try remove(before: now - keep, oldestTail: oldest, chunks, db, &report)
      }
      for thinning in retention.thinning.sorted(by: { $0.every < $1.every }) {
        try thin(thinning, now: now, oldestTail: oldest, chunks, db, &report)
      }
      // What waits for its neighbours to grow old is no reason to call again.
      if report.removed == 0 && report.thinned == 0 { report.isPartial = false }
    }
    return report
  }

  private func remove(
    before end: Timestamp, oldestTail: Int64, _ limit: Int, _ db: Database,
    _ report: inout AgingReport
  ) throws {
    var old: [(id: Int64, count: Int)] = []
    for step in try Self.steps(db) {
      let rows = try Row.fetchCursor(
        db,
        sql: "SELECT id, count FROM chunk WHERE step = ? AND last < ? AND sealed < ? LIMIT ?",
        arguments: [step, end.nanoseconds, oldestTail, limit - old.count])
      while let row = try rows.next() { old.append((try row.column(0), try row.column(1))) }
    }
    for chunk in old {
      try db.cachedStatement(sql: "DELETE FROM chunk WHERE id = ?").execute(arguments: [chunk.id])
      report.removed += chunk.count
    }
    if old.count >= limit { report.isPartial = true }
  }

  /// The steps that chunks are thinned to, 0 for readings as they came.
  static func steps(_ db: Database) throws -> [Int64] {
    var steps: [Int64] = []
    var last: Int64 = -1
    while let next = try Int64.fetchOne(
      db, sql: "SELECT MIN(step) FROM chunk WHERE step > ?", arguments: [last])
    {
      steps.append(next)
      last = next
    }
    return steps
  }

  private func thin(
    _ thinning: Retention.Thinning, now: Timestamp, oldestTail: Int64, _ limit: Int,
    _ db: Database, _ report: inout AgingReport
  ) throws {
    let every = thinning.every.inNanoseconds
    let end = BucketSums.start(of: now - thinning.after, step: every)
    var signals = Set<Int>()
    for step in try Self.steps(db) where step < every {
      let rows = try Row.fetchCursor(
        db,
        sql: "SELECT signal FROM chunk WHERE step = ? AND last < ? AND sealed < ? LIMIT ?",
        arguments: [step, end.nanoseconds, oldestTail, limit])
      var found = 0
      while let row = try rows.next() {
        signals.insert(try row.column(0))
        found += 1
      }
      if found == limit { report.isPartial = true }
    }
    var left = limit
    for signal in signals.sorted() {
      guard left > 0 else {
        report.isPartial = true
        return
      }
      let thinner = SeriesThinner(
        file: self, signal: signal, every: every, end: end, oldestTail: oldestTail)
      left -= try thinner.run(mostChunks: left, db, &report)
    }
  }
}

import FactoryModel
import GRDB

/// Takes samples and makes them durable: `append` costs memory only, `commit` writes.
///
/// A commit writes a chunk for every signal that has `chunkReadings` readings together, and one
/// tail row with the new readings of all others. When the tail has grown long it is folded: every
/// signal becomes a chunk, those with a handful of readings are written to a new tail row. So a
/// reading is written twice or three times, always in sequence, and a commit of one reading for
/// each of a thousand signals is one row and not a thousand.
///
/// After a commit that throws nothing is lost: the next one writes its samples too, up to
/// `mostPending`. One writer for each file; a value for one owner.
public struct SampleWriter {
  /// When readings move on.
  struct Limits {
    /// Readings after which a signal gets a chunk.
    var chunkReadings = 512
    /// Fewer readings than this a fold leaves in the tail.
    var fewReadings = 32
    var tailReadings = 65_536
    var tailRows = 4_096
  }

  /// Readings of one signal that are in no chunk yet.
  private struct OpenSeries {
    var samples: [Sample] = []
    /// How many of them, from the first, are in the tail.
    var inTail = 0
  }

  private let file: RecordFile
  private let limits: Limits
  private let mostPending: Int
  private var open: [OpenSeries] = []
  /// Signals with readings that are not in the tail.
  private var changed: [Int] = []
  private var storedSignals = 0
  private var storedWords: [Int] = []
  private var lastTail: Int64 = 0
  private var tailReadings = 0
  private var tailRows = 0
  /// Readings that the last fold left in the tail.
  private var carriedReadings = 0

  /// Samples appended and not yet committed.
  public private(set) var pending = 0
  /// Samples lost because more than `mostPending` waited, since this writer began.
  public private(set) var dropped = 0

  /// Goes on where the last writer of the file ended.
  /// - Parameter mostPending: samples kept while commits fail, 24 bytes each.
  public init(_ file: RecordFile, mostPending: Int = 2_000_000) throws(StorageError) {
    try self.init(file, mostPending: mostPending, limits: Limits())
  }

  init(_ file: RecordFile, mostPending: Int, limits: Limits) throws(StorageError) {
    self.file = file
    self.limits = limits
    self.mostPending = mostPending
    let (table, state) = try file.read { db in
      (try SignalTable(db, path: file.path), try TailState(db, file))
    }
    storedSignals = table.count
    storedWords = table.all.indices.map { table.texts(of: SignalID(index: Int32($0))).count }
    lastTail = state.last
    tailRows = state.rows
    open = Array(repeating: OpenSeries(), count: table.count)
    for (signal, samples) in state.readings {
      guard signal < table.count else {
        throw .damagedChunk(path: file.path, signal: "newest samples")
      }
      open[signal].samples += samples
      open[signal].inTail += samples.count
      tailReadings += samples.count
    }
  }

  /// Takes samples; they are durable after the next `commit` that returns.
  public mutating func append(_ batch: SampleBatch) {
    let taken = min(batch.count, max(0, mostPending - pending))
    dropped += batch.count - taken
    pending += taken
    for place in 0..<taken {
      let signal = Int(batch.signals[place].index)
      if signal >= open.count { grow(to: signal + 1) }
      if open[signal].samples.count == open[signal].inTail { changed.append(signal) }
      open[signal].samples.append(
        Sample(
          time: Timestamp(nanoseconds: batch.times[place]), value: batch.values[place],
          quality: batch.qualities[place]))
    }
  }

  private mutating func grow(to count: Int) {
    open.append(contentsOf: repeatElement(OpenSeries(), count: count - open.count))
  }

  /// Writes what was appended, signals and words that are new, and what follows from the samples,
  /// in one transaction: after an end at any moment all of it is there or nothing.
  ///
  /// - Parameters:
  ///   - table: the one whose numbers the samples bear; it begins with the file's signals.
  ///   - entries: with alarm transitions among them the commit waits for the disk itself.
  /// - Throws: when the file cannot be written, `serialGap`, or `otherWriter`. Nothing is written
  ///   then; samples are kept for the next commit, the entries are to be handed over again.
  public mutating func commit(
    _ table: SignalTable, with entries: RecordEntries = RecordEntries()
  ) throws(StorageError) {
    precondition(open.count <= table.count, "\(open.count) signals, \(table.count) in the table")
    let plan = plan()
    try file.write(surviving: entries.durability) { db in
      try checkAlone(db)
      try write(table, db)
      for chunk in plan.chunks { try chunk.insert(db) }
      if plan.isFold {
        try db.execute(sql: "DELETE FROM tail WHERE id <= ?", arguments: [lastTail])
      }
      if !plan.tailRow.isEmpty {
        let statement = try db.cachedStatement(sql: "INSERT INTO tail VALUES (?, ?)")
        try statement.execute(arguments: [lastTail + 1, plan.tailRow.blob])
      }
      try entries.insert(db, path: file.path)
    }
    apply(plan, table)
  }

  /// Two writers would number signals and tail rows twice.
  private func checkAlone(_ db: Database) throws {
    let statement = try db.cachedStatement(sql: "SELECT COALESCE(MAX(id), -1) + 1 FROM signal")
    let signals = try Int.fetchOne(statement) ?? 0
    guard try TailState.lastRow(db) == lastTail, signals == storedSignals else {
      throw StorageError.otherWriter(path: file.path)
    }
  }
}

extension SampleWriter {
  /// What a commit writes.
  private struct Plan {
    var chunks: [ChunkRow] = []
    /// Signals whose readings all go to chunks.
    var sealed: [Int] = []
    var tailRow: [UInt8] = []
    /// Signals with readings in the tail row.
    var inTail: [Int] = []
    /// Whether the rows before are replaced.
    var isFold = false
  }

  private func plan() -> Plan {
    var plan = Plan()
    plan.isFold =
      tailReadings + pending > max(limits.tailReadings, 2 * carriedReadings)
      || tailRows >= limits.tailRows
    let signals =
      plan.isFold ? open.indices.filter { !open[$0].samples.isEmpty } : changed.sorted()
    let enough = plan.isFold ? limits.fewReadings : limits.chunkReadings
    for signal in signals {
      let series = open[signal]
      if series.samples.count >= enough {
        plan.sealed.append(signal)
        plan.chunks += ChunkRow.rows(series.samples, signal: signal, sealed: lastTail)
      } else {
        plan.inTail.append(signal)
        let new = plan.isFold ? series.samples[...] : series.samples[series.inTail...]
        TailRow.append(new, of: signal, to: &plan.tailRow)
      }
    }
    return plan
  }

  /// New signals, and new words of the signals that changed.
  private func write(_ table: SignalTable, _ db: Database) throws {
    for place in storedSignals..<max(storedSignals, table.count) {
      let name = table[SignalID(index: Int32(place))]
      try db.cachedStatement(sql: "INSERT INTO signal VALUES (?, ?, ?)")
        .execute(arguments: [place, name.path, name.storedTags])
    }
    for signal in changed {
      let words = table.texts(of: SignalID(index: Int32(signal)))
      let stored = signal < storedWords.count ? storedWords[signal] : 0
      for place in stored..<max(stored, words.count) {
        try db.cachedStatement(sql: "INSERT INTO word VALUES (?, ?, ?)")
          .execute(arguments: [signal, place, words[place]])
      }
    }
  }

  /// The state after a commit that succeeded.
  private mutating func apply(_ plan: Plan, _ table: SignalTable) {
    if plan.isFold {
      tailReadings = 0
      tailRows = 0
    }
    for signal in plan.sealed {
      open[signal].samples.removeAll(keepingCapacity: true)
      open[signal].inTail = 0
    }
    for signal in plan.inTail {
      let series = open[signal]
      tailReadings += series.samples.count - (plan.isFold ? 0 : series.inTail)
      open[signal].inTail = series.samples.count
    }
    if plan.isFold { carriedReadings = tailReadings }
    if !plan.tailRow.isEmpty {
      lastTail += 1
      tailRows += 1
    }
    storedSignals = table.count
    grow(to: max(open.count, table.count))
    storedWords.append(contentsOf: repeatElement(0, count: table.count - storedWords.count))
    for signal in changed {
      storedWords[signal] = table.texts(of: SignalID(index: Int32(signal))).count
    }
    changed.removeAll(keepingCapacity: true)
    pending = 0
  }
}

import Alarms
import Emissions
import FactoryModel
import Plant
import Storage
import Telemetry

/// The one owner of what the line monitor knows: signals, alarms and their record.
///
/// Everything that arrives is judged and recorded in the order of arrival. A sender is answered
/// after its samples, and the alarm transitions they caused, are committed; senders that come
/// together share one commit.
public actor LineMonitor {
  /// What has happened since the start.
  public struct Counts: Hashable, Sendable {
    public var samples = 0
    public var late = 0
    /// Samples refused because they were dated too far ahead.
    public var ahead = 0
    public var lines = 0
    public var linesRefused = 0
    public var packets = 0
    public var packetsRefused = 0
    public var messages = 0
    public var messagesRefused = 0
    public var transitions = 0
    /// Actions carried out.
    public var actions = 0
    /// Attempts at actions that failed.
    public var actionsFailed = 0
  }

  public internal(set) var site: Site
  let clock: MonitorClock
  let file: RecordFile
  let journal: AlarmJournal
  let outbox: ActionOutbox
  var actions: [AlarmAction] { site.actions }
  /// Whether nothing is written to the plant, whatever the site file says.
  let isDryRun: Bool
  let adjustmentJournal: AdjustmentJournal
  /// One for each action that adjusts the process.
  var courses: [AdjustmentCourse] = []
  var lastAdjustment: Int64
  /// Adjustments in force that left the site file while the monitor did not run, in words.
  public internal(set) var leftAdjustments: [String] = []
  /// By the action's name: who waits for its orders.
  var orderBells: [String: AsyncStream<Void>.Continuation] = [:]
  var writer: SampleWriter
  var table: SignalTable
  var engine: AlarmEngine
  var emissions: EmissionMonitor
  var emissionResults = EmissionResults()
  var board = SignalBoard()
  var futureGuard = FutureGuard()
  var describer: SignalDescriber
  var places: SignalPlaces
  var lineReader = LineProtocolReader()
  var batch = SampleBatch()
  var loggers = LoggerLinks()
  /// By broker.
  var sparkplugHosts: [String: SparkplugHost] = [:]
  /// Whether each of a camera's last parts was rejected.
  var verdicts: [String: [Bool]] = [:]
  /// When the samples of each camera's parts are dated.
  var partMoments: [String: PartMoments] = [:]
  var lastSerial: Int64
  /// Transitions that are not in the journal yet.
  var unwritten: [AlarmTransition] = []
  /// Periods and verdicts that are not on record yet.
  var unwrittenEntries = RecordEntries()
  public internal(set) var counts = Counts()
  var refusals = RefusalLog()
  var troubles = TroubleLog()
  /// Set once every listener is bound.
  public private(set) var isListening = false
  /// Why nothing can be recorded at the moment, nil when all is well.
  public private(set) var storageFault: String?
  /// When history is looked through for what is too old.
  var nextAging = Timestamp(nanoseconds: .min)

  private var waiting: [CheckedContinuation<Void, any Error>] = []
  private var commitIsDue = false

  /// Opens the record and brings back where every alarm stood.
  /// - Parameters:
  ///   - database: another record than the site file's.
  ///   - isDryRun: no adjustment is written, armed or not.
  public init(
    _ file: SiteFile, clock: MonitorClock = .wall, database: String? = nil, isDryRun: Bool = false
  ) throws {
    site = file.site
    self.isDryRun = isDryRun
    self.clock = clock
    self.file = try RecordFile(path: database ?? file.database, for: .write)
    journal = AlarmJournal(self.file)
    outbox = ActionOutbox(self.file)
    adjustmentJournal = AdjustmentJournal(self.file)
    lastAdjustment = try adjustmentJournal.lastSerial()
    writer = try SampleWriter(self.file)
    table = try self.file.signals()
    engine = AlarmEngine(rules: site.rules)
    emissions = EmissionMonitor(site.plant.outlets)
    engine.restore(from: try journal.lastBeginnings() + journal.lastTransitions())
    lastSerial = try journal.lastSerial()
    describer = SignalDescriber(site.signals)
    places = SignalPlaces(site)
    for (signal, sample) in try SampleHistory(self.file).newestSamples() {
      board.restore(
        sample, of: signal, isReckoned: table[signal].path.hasPrefix("emission."))
      engine.recall(sample, of: signal, table: table)
    }
    engine.restore(memory: try AlarmMemoryTable(self.file).entries(), table: table)
    if clock == .wall { engine.forgiveDowntime(until: .now) }
    if clock == .wall {
      courses = try Self.courses(of: site, isDryRun: isDryRun, self.file)
      let left = try Self.left(of: site, adjustmentJournal)
      leftAdjustments = left.words
      unwrittenEntries.adjustments = left.lines.map { PlannedAdjustment($0) }
      lastAdjustment += Int64(left.lines.count)
    }
    if !site.plant.outlets.isEmpty, let newest = board.lastSample {
      unwrittenEntries.periods = try emissions.resume(
        site.plant.outlets, from: self.file, table, newest: newest)
    }
  }

  /// What time it is.
  var now: Timestamp {
    switch clock {
    case .wall: Timestamp.now
    case .recording: board.lastSample ?? Timestamp(seconds: 0)
    }
  }

  /// Every listener is bound.
  public func startedListening() {
    isListening = true
  }

  /// Writes what is in hand and closes the record.
  public func close() throws {
    takeRefusals(isLast: true)
    try write()
    try file.close()
  }
}

// MARK: What arrives

extension LineMonitor {
  /// Takes line protocol; returns when it is on record.
  /// - Throws: `StorageError` when it cannot be recorded now; it is kept for the next commit.
  public func write(lines bytes: [UInt8], precision: TimePrecision) async throws -> WriteReceipt {
    var stream = LineStream(precision: precision)
    lineReader.read(bytes, of: &stream, receivedAt: now, table: &table, into: &batch)
    lineReader.finish(&stream, receivedAt: now, table: &table, into: &batch)
    count(stream.report, since: LineStream(precision: precision).report)
    let before = counts.ahead
    takeBatch()
    let ahead = counts.ahead - before
    try await commit()
    let report = stream.report
    return WriteReceipt(
      lines: report.lines, samples: report.samples - ahead, refused: report.refused,
      ahead: ahead, faults: report.firstRefused.map { "line \($0.line): \($0.fault)" })
  }

  /// Takes a piece of a connection that sends line protocol.
  func read(lines bytes: [UInt8], of stream: inout LineStream, isEnd: Bool) async throws {
    let before = stream.report
    lineReader.read(bytes, of: &stream, receivedAt: now, table: &table, into: &batch)
    if isEnd { lineReader.finish(&stream, receivedAt: now, table: &table, into: &batch) }
    count(stream.report, since: before)
    takeBatch()
    try await commit()
  }

  /// Judges and appends what the codecs have put into `batch` and what follows from it, and empties
  /// it.
  ///
  /// What follows from a sample is judged before it, so that it does not matter where the stream
  /// was cut into batches.
  func takeBatch() {
    if clock == .wall {
      counts.ahead += futureGuard.filter(
        &batch, receivedAt: now, newest: board.lastSample, allowance: site.ahead)
    }
    guard !batch.isEmpty else { return }
    describer.calibrate(&batch, table)
    var arrival = now
    var first = 0
    if !site.plant.outlets.isEmpty {
      for place in 0..<batch.count {
        emissions.take(
          batch[place].sample, of: batch.signals[place], signals: table, into: &emissionResults)
        guard !emissionResults.isEmpty else { continue }
        judge(batch, first..<place, at: &arrival)
        first = place
        takeEmissions(at: &arrival)
      }
    }
    judge(batch, first..<batch.count, at: &arrival)
    record(batch, at: arrival)
    batch.removeAll()
  }

  /// Lets the rules see samples.
  /// - Parameter arrival: when they came; in a recording it goes on with the samples.
  func judge(_ batch: SampleBatch, _ places: Range<Int>, at arrival: inout Timestamp) {
    guard clock == .recording else {
      engine.take(batch, places: places, arrivedAt: arrival, table: table, into: &unwritten)
      return
    }
    var first = places.lowerBound
    while first < places.upperBound {
      let time = batch.times[first]
      let next = batch.times[first..<places.upperBound].firstIndex { $0 != time }
      if time > arrival.nanoseconds {
        arrival = Timestamp(nanoseconds: time)
        engine.advance(to: arrival, into: &unwritten)
      }
      let moment = first..<(next ?? places.upperBound)
      engine.take(batch, places: moment, arrivedAt: arrival, table: table, into: &unwritten)
      first = moment.upperBound
    }
  }

  /// Hands samples to the screen and the record.
  func record(_ batch: SampleBatch, at arrival: Timestamp, isReckoned: Bool = false) {
    counts.late += board.take(
      batch, arrival: arrival, lateness: site.lateness, isReckoned: isReckoned)
    counts.samples += batch.count
    writer.append(batch)
  }
}

// MARK: Commits

extension LineMonitor {
  /// Returns when everything taken so far is on record. Callers that come together share a commit.
  func commit() async throws {
    try await withCheckedThrowingContinuation { continuation in
      waiting.append(continuation)
      guard !commitIsDue else { return }
      commitIsDue = true
      Task { commitForAll() }
    }
  }

  private func commitForAll() {
    commitIsDue = false
    let callers = waiting
    waiting.removeAll()
    do {
      try write()
      for caller in callers { caller.resume() }
    } catch {
      for caller in callers { caller.resume(throwing: error) }
    }
  }

  /// Whether there is anything that a commit would write.
  var hasUnwritten: Bool {
    writer.pending > 0 || !unwritten.isEmpty || !unwrittenEntries.isEmpty || isAdjustmentDue
      || engine.hasUnsavedMemory
  }

  /// Samples and the transitions that follow from them, in one transaction.
  private func write() throws {
    guard hasUnwritten else { return }
    var lines = unwritten
    for place in lines.indices { lines[place].serial = lastSerial + Int64(place) + 1 }
    var entries = unwrittenEntries
    entries.transitions = lines
    entries.orders += orders(for: lines)
    let (courses, adjustments) = adjustments(for: lines)
    entries.adjustments += adjustments
    entries.memory = engine.unsavedMemory(table)
    do {
      try writer.commit(table, with: entries)
    } catch {
      storageFault = "\(error)"
      throw error
    }
    lastSerial += Int64(lines.count)
    counts.transitions += lines.count
    engine.memoryIsSaved(entries.memory)
    unwritten.removeAll()
    unwrittenEntries = RecordEntries()
    storageFault = nil
    self.courses = courses
    lastAdjustment += Int64(adjustments.count)
    let given = entries.orders + adjustments.compactMap(\.order)
    for name in Set(given.map(\.action)) { orderBells[name]?.yield() }
  }
}

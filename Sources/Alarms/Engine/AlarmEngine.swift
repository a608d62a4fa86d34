import FactoryModel

/// All alarms of a plant: samples, time and operators go in, transitions come out.
///
/// A plain value without clock, thread or disk. Two clocks are kept apart. *Event time* is the time
/// of a signal's own samples: conditions, delays and the journal go by it, so that a recording gives
/// the journal it gave live. *Arrival time* is given by the caller and never runs back: staleness,
/// shelving and re-alarm go by it, and delays too while a signal sends nothing newer.
///
/// Most samples change nothing. So every signal has one band of values that leave all its alarms as
/// they are (`Line`); a sample inside it costs a few comparisons in one tight loop, and only what
/// leaves the band is judged alarm by alarm. Timers wait in a heap and fire in order of their due
/// times, so that the journal does not depend on how often time is told to pass.
///
/// How delays meet samples: a value holds until the next usable sample. A delay is over at its own
/// moment, whether a later sample or the clock shows it; a sample of that very moment comes first.
/// A bad sample ends nothing and begins nothing; delays rest until a usable one comes.
public struct AlarmEngine: Sendable {
  /// What one signal needs on the quiet path.
  struct Line {
    /// Values from `low` to `high` change nothing.
    var low = Double.infinity
    var high = -Double.infinity
    /// The time of the newest sample.
    var newest = Int64.min
    /// The last usable value, NaN before the first.
    var value = Double.nan
    /// When the last usable sample arrived.
    var arrival = Int64.min
  }

  /// What a signal is to an alarm; in the order in which a sample is looked at.
  enum Role: Hashable {
    case suppression(alarm: Int, place: Int)
    case setPoint(alarm: Int)
    case watched(alarm: Int)
    case column(alarm: Int, place: Int)
  }

  /// Alarm and signal: what names an alarm on the record.
  struct Key: Hashable, Comparable {
    var alarm: String
    var signal: String

    static func < (one: Key, other: Key) -> Bool {
      (one.alarm, one.signal) < (other.alarm, other.signal)
    }
  }

  public internal(set) var rules: [AlarmRule]
  /// Of each rule.
  let fingerprints: [Int64]
  /// Samples older than their signal's newest, which were not judged.
  public internal(set) var lateSamples = 0

  var alarms: [Alarm] = []
  var alarmPlaces: [Key: Int] = [:]
  var lines: [Line] = []
  var roles: [[Role]] = []
  /// Since when a signal sends only late samples, `.max` for a signal that does not.
  var lateSince: [Int64] = []
  var linePlaces: [SignalName: Int] = [:]
  /// Roles of signals that have not appeared yet.
  var waiting: [SignalName: [Role]] = [:]
  /// Signals that had spoken before they were given a role.
  var boundLate: [Int] = []
  var heap = DueHeap()
  var clock = Int64.min
  /// Transitions of the call in progress.
  var journal: [AlarmTransition] = []

  // What of this is on record, so that it outlives the process (`AlarmEngine+Memory`).

  /// Alarms that may be another than on record.
  var changed: [Int] = []
  /// Alarms and signals that the record keeps something of.
  var keptOnRecord: Set<Key> = []
  /// Those of them that are no more.
  var lost: [Key] = []
  /// Alarms on silence.
  var staleAlarms: [Int] = []
  /// Signals of which the newest sample on record may not tell all, and what is kept of them.
  var oddLines: [Int: [UInt8]] = [:]
  /// Those whose newest sample is bad.
  var badLines: Set<Int> = []
  /// The newest time on record of signals whose clock was set back.
  var farthest: [Int: Int64] = [:]
  var savedClock = Int64.min
  /// Where the clock of arrival stood when a record ended.
  var resumedClock: Int64?
  /// Alarms of the record that no rule makes any more, and how they stood.
  var orphans: [Key: AlarmState] = [:]

  /// An engine under some rules, whose names must differ. Alarms of patterns come into being with
  /// their signals, all others now.
  public init(rules: [AlarmRule]) {
    self.init(rules: rules, clock: .min)
  }

  /// - Parameter clock: from when on silent signals are missed; `.min`: from the first moment told.
  init(rules: [AlarmRule], clock: Int64) {
    precondition(Set(rules.map(\.name)).count == rules.count, "two rules have one name")
    self.rules = rules
    self.clock = clock
    fingerprints = rules.map(\.fingerprint)
    for rule in rules { addFixedAlarm(of: rule) }
  }

  /// Judges some samples of a batch.
  ///
  /// - Parameters:
  ///   - places: which samples, in order of arrival.
  ///   - time: when they arrived; in a replay the time of the samples themselves.
  ///   - table: the table that the batch's numbers belong to, the same one in every call.
  ///   - transitions: gets what changed, in order, with serial 0.
  public mutating func take(
    _ batch: SampleBatch, places: Range<Int>, arrivedAt time: Timestamp, table: SignalTable,
    into transitions: inout [AlarmTransition]
  ) {
    precondition(
      places.lowerBound >= 0 && places.upperBound <= batch.count,
      "places \(places) of \(batch.count) samples")
    passTime(to: time.nanoseconds, inclusive: false)
    if table.count > lines.count { attachSignals(of: table) }
    var place = places.lowerBound
    while true {
      place = skipQuiet(batch, from: place, to: places.upperBound)
      if place == places.upperBound { break }
      judge(
        Int(batch.signals[place].index), batch.times[place], batch.values[place],
        isUsable: batch.qualities[place] != .bad, in: table)
      place += 1
    }
    handOver(into: &transitions)
  }

  /// Time passes; all samples that arrived up to `time` have been taken. A time up to a second before
  /// the last one is taken as the last one. One still earlier means that the machine's clock was set
  /// back: delays, shelvings and staleness under way keep what is left of their time.
  public mutating func advance(to time: Timestamp, into transitions: inout [AlarmTransition]) {
    passTime(to: time.nanoseconds, inclusive: true)
    handOver(into: &transitions)
  }

  /// Walks over samples that change nothing; gives the place of the first that must be judged.
  private mutating func skipQuiet(_ batch: SampleBatch, from first: Int, to last: Int) -> Int {
    let arrival = clock
    let signals = batch.signals.span
    let times = batch.times.span
    let values = batch.values.span
    let qualities = batch.qualities.span
    var lines = self.lines.mutableSpan
    for place in first..<last {
      let line = Int(signals[place].index)
      let value = values[place]
      let time = times[place]
      guard value >= lines[line].low, value <= lines[line].high, time >= lines[line].newest,
        qualities[place] != .bad
      else { return place }
      lines[line].newest = time
      lines[line].value = value
      lines[line].arrival = arrival
    }
    return last
  }

  mutating func handOver(into transitions: inout [AlarmTransition]) {
    guard !journal.isEmpty else { return }
    transitions.append(contentsOf: journal)
    journal.removeAll(keepingCapacity: true)
  }
}

import FactoryModel

/// How well a plant's alarms serve its operators, from a stretch of the journal.
///
/// A *new alarm* is a transition into `unacknowledged` that is no re-alarm; it is what an operator
/// hears. Shares are from 0 to 1. Measures and targets: EEMUA 191 and ISA-18.2 (secondary).
public struct AlarmKPIs: Hashable, Sendable {
  /// One alarm and how often it came.
  public struct Load: Hashable, Sendable {
    public var alarm: String
    public var signal: String
    public var newAlarms: Int
    /// Of all new alarms of the stretch.
    public var share: Double
  }

  /// The stretch; `to` is not part of it.
  public var from: Timestamp
  public var to: Timestamp
  public var operators: Int
  public var newAlarms = 0
  /// New alarms in ten minutes for each operator, on average.
  public var newAlarmsPerTenMinutes = 0.0
  /// The most new alarms in one of the stretch's ten-minute periods, all operators together.
  public var mostInTenMinutes = 0
  /// The share of ten-minute periods with more than ten new alarms for each operator.
  public var crowdedShare = 0.0
  /// In order; the last may not have ended.
  public var floods: [AlarmFlood] = []
  /// The share of the time that was part of a flood.
  public var floodShare = 0.0
  /// The alarms that came most often, at most ten, the most frequent first.
  public var topTen: [Load] = []
  /// Alarms that came three times or more within 60 seconds, most frequent first.
  public var chattering: [Load] = []
  /// Alarms that were active for over 24 hours without a break, at least in part in the stretch.
  public var stale: [Load] = []
  /// New alarms by priority, as far as it is known; priorities without any are absent.
  public var newAlarmsByPriority: [AlarmPriority: Int] = [:]
  /// From new alarm to acknowledgement, of those acknowledged in the stretch; nil where none was.
  public var meanTimeToAcknowledge: Duration?
  public var longestTimeToAcknowledge: Duration?
  /// Alarms that were shelved, suppressed or out of service at the end.
  public var silencedAtEnd = 0

  /// The share of new alarms that the ten most frequent make, zero when there was none.
  public var topTenShare: Double { topTen.reduce(0) { $0 + $1.share } }

  /// Judges the stretch from `from` to `to`, which must not be empty.
  ///
  /// - Parameters:
  ///   - journal: in the journal's order. What lies before the stretch only says how alarms stood
  ///     at its beginning; what lies after it is passed over.
  ///   - operators: who share the alarms, 1 or more.
  ///   - priority: of a rule, by its name; nil where it is not known.
  public init(
    of journal: some Sequence<AlarmTransition>, from: Timestamp, to: Timestamp,
    operators: Int = 1, priority: (String) -> AlarmPriority?
  ) {
    precondition(from < to && operators > 0, "\(from) to \(to), \(operators) operators")
    self.from = from
    self.to = to
    self.operators = operators
    var record = AlarmRecord(from: from, to: to)
    for transition in journal where transition.time < to { record.add(transition) }
    record.end()
    judgeLoad(record.newAlarms.sorted())
    judgeAlarms(record, priority)
    silencedAtEnd = record.lives.values.count { $0.state.isSilenced }
    if let total = record.acknowledgedAfter.reduce(Duration?.none, { ($0 ?? .zero) + $1 }) {
      meanTimeToAcknowledge = total / record.acknowledgedAfter.count
      longestTimeToAcknowledge = record.acknowledgedAfter.max()
    }
  }

  /// What depends on when new alarms came, whichever they were.
  private mutating func judgeLoad(_ times: [Timestamp]) {
    let period = Duration.seconds(600).inNanoseconds
    let length = max(1, (to - from).inNanoseconds)
    let periods = Int((length - 1) / period) + 1
    var counts: [Int64: Int] = [:]
    for time in times { counts[(time - from).inNanoseconds / period, default: 0] += 1 }
    floods = AlarmFlood.floods(of: times, until: to)
    newAlarms = times.count
    newAlarmsPerTenMinutes =
      Double(newAlarms) / Double(operators) / (Double(length) / Double(period))
    mostInTenMinutes = counts.values.max() ?? 0
    crowdedShare = Double(counts.values.count { $0 > 10 * operators }) / Double(periods)
    let flooded = floods.reduce(Duration.zero) { $0 + (($1.ended ?? to) - $1.began) }
    floodShare = Double(flooded.inNanoseconds) / Double(length)
  }

  /// What depends on which alarms came.
  private mutating func judgeAlarms(
    _ record: AlarmRecord, _ priority: (String) -> AlarmPriority?
  ) {
    func loads(_ isWanted: (AlarmRecord.Life) -> Bool) -> [Load] {
      let wanted = record.lives.filter { isWanted($0.value) }.map { key, life in
        Load(
          alarm: key.alarm, signal: key.signal, newAlarms: life.newAlarms,
          share: newAlarms == 0 ? 0 : Double(life.newAlarms) / Double(newAlarms))
      }
      return wanted.sorted {
        ($1.newAlarms, $0.alarm, $0.signal) < ($0.newAlarms, $1.alarm, $1.signal)
      }
    }
    topTen = Array(loads { $0.newAlarms > 0 }.prefix(10))
    chattering = loads(\.chatters)
    stale = loads(\.wasStale)
    for (key, life) in record.lives where life.newAlarms > 0 {
      guard let priority = priority(key.alarm) else { continue }
      newAlarmsByPriority[priority, default: 0] += life.newAlarms
    }
  }
}

/// What a journal says of every alarm, gathered line by line.
struct AlarmRecord {
  /// One alarm's story so far.
  struct Life {
    var state = AlarmState.normal
    /// Since when it is active without a break.
    var activeSince: Timestamp?
    /// When it became unacknowledged, re-alarms aside.
    var calledAt: Timestamp?
    var newAlarms = 0
    /// The last three.
    var recent: [Timestamp] = []
    var chatters = false
    var wasStale = false
  }

  let from: Timestamp
  let to: Timestamp
  private(set) var lives: [AlarmEngine.Key: Life] = [:]
  private(set) var newAlarms: [Timestamp] = []
  private(set) var acknowledgedAfter: [Duration] = []

  init(from: Timestamp, to: Timestamp) {
    self.from = from
    self.to = to
  }

  mutating func add(_ transition: AlarmTransition) {
    let key = AlarmEngine.Key(alarm: transition.alarm, signal: transition.signal)
    var life = lives[key] ?? Life()
    let isInside = transition.time >= from
    if transition.isNewAlarm {
      life.calledAt = transition.time
      if isInside {
        newAlarms.append(transition.time)
        life.call(at: transition.time)
      }
    } else if transition.to == .acknowledged, let calledAt = life.calledAt {
      if isInside { acknowledgedAfter.append(transition.time - calledAt) }
      life.calledAt = nil
    }
    life.state = transition.to
    if transition.to.isActive {
      life.activeSince = life.activeSince ?? transition.time
    } else {
      if isInside { life.endActivity(at: transition.time) }
      life.activeSince = nil
    }
    lives[key] = life
  }

  /// The stretch ends.
  mutating func end() {
    for key in lives.keys { lives[key]?.endActivity(at: to) }
  }
}

extension AlarmRecord.Life {
  fileprivate mutating func call(at time: Timestamp) {
    newAlarms += 1
    recent.append(time)
    if recent.count > 3 { recent.removeFirst() }
    if recent.count == 3, time - recent[0] <= .seconds(60) { chatters = true }
  }

  fileprivate mutating func endActivity(at time: Timestamp) {
    if let activeSince, time - activeSince > .seconds(86_400) { wasStale = true }
  }
}

extension AlarmState {
  /// Whether the alarm's condition holds and an operator is told so.
  fileprivate var isActive: Bool { self == .unacknowledged || self == .acknowledged }
  fileprivate var isSilenced: Bool {
    self == .shelved || self == .suppressed || self == .outOfService
  }
}

import FactoryModel

/// One alarm at run time: a rule on one signal. Times are nanoseconds since 1970.
struct Alarm {
  /// A change of the condition that waits for its delay.
  struct Pending {
    /// When the delay is over, by the signal's own time and by the clock of arrival.
    var eventDue: Int64
    var arrivalDue: Int64
  }

  var rule: AlarmRule
  /// The rule's place in the list of rules.
  var ruleNumber = 0
  /// The signal's name on the record.
  let signal: String
  /// The signal's place in the table, nil until it appears.
  var line: Int?
  var state = AlarmState.normal
  /// When the state last changed, nil if never.
  var since: Timestamp?
  /// When it last called as a new alarm.
  var began: Timestamp?
  /// Who changed the state last, if anybody, and what was said.
  var who: String?
  var comment: String?
  /// Whether the condition holds, delays included; kept up while the alarm is silenced.
  var holds = false
  var pending: Pending?
  /// A bad sample came last: whether the condition still holds is not known.
  var isBlind = false
  var detector: Detector
  var suppressions: [Suppression]
  /// When shelving ends by itself.
  var shelvedUntil: Int64?
  /// Shelved until the alarm next clears.
  var isOneShot = false
  var reAlarmDue: Int64?
  /// Since when a signal is missed that has not come since the rule watches it.
  var missedSince: Int64?
  /// What the detector said last.
  var reading: Judgement?
  /// The time of the last change that the process made; none is recorded earlier.
  var lastProcessTime = Int64.min
  /// Whether it is among the engine's `changed`.
  var isChanged = false
  /// Of an alarm on silence: the last arrival that is on record.
  var savedArrival: Int64?

  init(_ rule: AlarmRule, signal: String) {
    self.rule = rule
    self.signal = signal
    detector = Detector(rule)
    suppressions = rule.suppressions.map(Suppression.init)
  }

  /// Whether it is suppressed although nothing is left that could say when that ends.
  var isSuppressedForNothing: Bool { state == .suppressed && isUnsuppressed }
  var isSuppressed: Bool { suppressions.contains { $0.holds == true } }
  /// Whether every condition of suppression is known not to hold.
  var isUnsuppressed: Bool { suppressions.allSatisfy { $0.holds == false } }

  /// The order of the rules, then of the signals' names.
  func comes(before other: Alarm) -> Bool {
    (ruleNumber, signal) < (other.ruleNumber, other.signal)
  }

  /// What the journal gives as the alarm's limit.
  var limit: Double? {
    switch rule.condition {
    case .above(let limit), .below(let limit): limit
    case .stale(let period): period.inSeconds
    case .unusual: 1
    case .cusum(let settings, _): settings.decision
    case .rate, .deviation, .equals, .ewma, .nelson: reading?.limit
    }
  }

  /// When the clock of arrival next changes something.
  func due(lastArrival: Int64) -> Int64 {
    var due = min(shelvedUntil ?? .max, reAlarmDue ?? .max)
    if let pending, !isBlind { due = min(due, pending.arrivalDue) }
    return min(due, staleDue(lastArrival: lastArrival))
  }

  /// When the signal becomes stale; `.max` if it is already, or nobody asks.
  func staleDue(lastArrival: Int64) -> Int64 {
    guard case .stale(let period) = detector, !holds else { return .max }
    let last = max(lastArrival, missedSince ?? .min)
    return last == .min ? .max : last.addingSaturating(period)
  }

  /// The values that change nothing.
  func quietBand(last: Double) -> QuietBand {
    pending == nil && !isBlind ? detector.quietBand(raised: holds, last: last) : .none
  }
}

/// A condition of suppression and whether it holds.
struct Suppression {
  let condition: SignalCondition
  private var matcher: WordMatcher?
  /// Nil until its signal has come; false for one whose signal cannot be named.
  var holds: Bool?

  init(_ condition: SignalCondition) {
    self.condition = condition
    if case .equals(let words) = condition.test { matcher = WordMatcher(words) }
  }

  mutating func judge(_ value: Double, signal: SignalID, in table: SignalTable) {
    switch condition.test {
    case .equals: holds = matcher?.matches(value, of: signal, in: table)
    case .above(let limit): holds = value > limit
    case .below(let limit): holds = value < limit
    }
  }
}

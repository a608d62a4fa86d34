import FactoryModel

/// An alarm as a screen shows it.
public struct AlarmStatus: Hashable, Sendable {
  /// The rule's name.
  public var name: String
  public var signal: String
  public var state: AlarmState
  public var priority: AlarmPriority
  /// The signal's last value, or what the alarm compares instead; nil while there is none.
  public var value: Double?
  public var limit: Double?
  /// When the state last changed, nil if it never has.
  public var since: Timestamp?
  /// When it last called as a new alarm, nil if it never has.
  public var began: Timestamp?
  /// Who changed it, nil when the process did.
  public var who: String?
  public var comment: String?
  /// When a shelving ends by itself, nil when the alarm is not shelved.
  public var shelvedUntil: Timestamp?
  /// Whether a change waits for its delay.
  public var isPending: Bool
}

extension AlarmEngine {
  /// Every alarm there is, in the order of the rules' first signals.
  public var statuses: [AlarmStatus] {
    alarms.indices.map { place in
      let alarm = alarms[place]
      return AlarmStatus(
        name: alarm.rule.name, signal: alarm.signal, state: alarm.state,
        priority: alarm.rule.priority, value: value(of: place), limit: alarm.limit,
        since: alarm.since, began: alarm.began, who: alarm.who, comment: alarm.comment,
        shelvedUntil: alarm.shelvedUntil.map(Timestamp.init(nanoseconds:)),
        isPending: alarm.pending != nil)
    }
  }
}

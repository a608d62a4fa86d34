/// One line of the alarm journal: an alarm changed its state.
public struct AlarmTransition: Hashable, Sendable {
  /// Counts from 1 without gaps over the life of the journal.
  public var serial: Int64
  public var time: Timestamp
  /// The rule's name.
  public var alarm: String
  /// The signal that the rule watches; together with `alarm` it names one alarm.
  public var signal: String
  public var from: AlarmState
  public var to: AlarmState
  /// The signal's value at that moment, nil when there is none.
  public var value: Double?
  /// The limit that was passed, nil for conditions without one.
  public var limit: Double?
  /// Who did it, nil when the process did.
  public var who: String?
  public var comment: String?
  /// When a shelved alarm comes back by itself, nil otherwise.
  public var shelvedUntil: Timestamp?

  /// One line of the journal.
  public init(
    serial: Int64, time: Timestamp, alarm: String, signal: String, from: AlarmState,
    to: AlarmState, value: Double? = nil, limit: Double? = nil, who: String? = nil,
    comment: String? = nil, shelvedUntil: Timestamp? = nil
  ) {
    self.serial = serial
    self.time = time
    self.alarm = alarm
    self.signal = signal
    self.from = from
    self.to = to
    self.value = value
    self.limit = limit
    self.who = who
    self.comment = comment
    self.shelvedUntil = shelvedUntil
  }
}

extension AlarmTransition {
  /// Whether the alarm calls as a new one; one that calls again because nobody dealt with it is none.
  public var isNewAlarm: Bool { to == .unacknowledged && from != .acknowledged }

  /// The line as fields of a JSON object, in the order that commands, API and actions write them.
  public var jsonFields: [(String, String)] {
    [
      ("serial", String(serial)), ("time", JSONText.string(time.description)),
      ("alarm", JSONText.string(alarm)), ("signal", JSONText.string(signal)),
      ("from", JSONText.string(from.rawValue)), ("to", JSONText.string(to.rawValue)),
      ("value", JSONText.number(value)), ("limit", JSONText.number(limit)),
      ("who", who.map(JSONText.string) ?? "null"),
      ("comment", comment.map(JSONText.string) ?? "null"),
    ]
  }

  /// The line as one JSON object.
  public var json: String { JSONText.object(jsonFields) }
}

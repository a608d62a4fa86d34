import FactoryModel

/// What an operator or engineer does to an alarm.
public enum OperatorAction: Hashable, Sendable {
  /// "I know": of an alarm that holds, or has returned and does not latch.
  case acknowledge
  /// Ends a latched alarm that has returned.
  case reset
  /// Silences the alarm until then.
  case shelve(until: Timestamp)
  /// Silences the alarm until it next clears, at most for the rule's longest time.
  case shelveOnce
  case unshelve
  case takeOutOfService
  case returnToService

  var event: AlarmEvent {
    switch self {
    case .acknowledge: .acknowledge
    case .reset: .reset
    case .shelve, .shelveOnce: .shelve
    case .unshelve: .unshelve
    case .takeOutOfService: .takeOutOfService
    case .returnToService: .returnToService
    }
  }

  /// The action's word in messages.
  public var name: String {
    switch self {
    case .acknowledge: "acknowledge"
    case .reset: "reset"
    case .shelve, .shelveOnce: "shelve"
    case .unshelve: "unshelve"
    case .takeOutOfService: "take out of service"
    case .returnToService: "return to service"
    }
  }
}

/// Why an operator's action is refused.
public enum OperatorActionError: Error, Hashable, Sendable, CustomStringConvertible {
  case unknownAlarm(alarm: String, signal: String)
  case notPossible(alarm: String, signal: String, action: String, state: AlarmState)
  /// A latched alarm that has returned wants a reset, which acknowledges too.
  case needsReset(alarm: String, signal: String)
  case shelvedTooLong(alarm: String, signal: String, longest: Duration)
  case endsInThePast(alarm: String, signal: String, until: Timestamp)

  public var description: String {
    switch self {
    case .unknownAlarm(let alarm, let signal):
      "\(alarm), \(signal): there is no such alarm; list the alarms for their names"
    case .notPossible(let alarm, let signal, let action, let state):
      "\(alarm), \(signal): the alarm is \(state.rawValue), expected a state in which one can "
        + "\(action); look at the alarm again"
    case .needsReset(let alarm, let signal):
      "\(alarm), \(signal): the alarm latches and has returned; reset it"
    case .shelvedTooLong(let alarm, let signal, let longest):
      "\(alarm), \(signal): shelved for more than \(Int(longest.inSeconds)) s, the longest its "
        + "rule allows; choose an earlier end"
    case .endsInThePast(let alarm, let signal, let until):
      "\(alarm), \(signal): the shelving would end at \(until), which is past; choose a later end"
    }
  }
}

extension AlarmEngine {
  /// Does what an operator wants.
  ///
  /// - Parameters:
  ///   - alarm: the rule's name.
  ///   - signal: the signal's name as the alarm's record has it.
  ///   - who: for the journal.
  ///   - time: now, by the clock of arrival.
  /// - Throws: `OperatorActionError`, and then nothing has changed but that time has passed.
  public mutating func perform(
    _ action: OperatorAction, on alarm: String, signal: String, by who: String,
    comment: String? = nil, at time: Timestamp, into transitions: inout [AlarmTransition]
  ) throws(OperatorActionError) {
    passTime(to: time.nanoseconds, inclusive: true)
    let time = Timestamp(nanoseconds: clock)
    defer { handOver(into: &transitions) }
    guard let place = alarmPlaces[Key(alarm: alarm, signal: signal)] else {
      throw .unknownAlarm(alarm: alarm, signal: signal)
    }
    let until = try shelvingEnd(of: action, place, at: time)
    guard let next = nextState(place, action.event) else {
      if action == .acknowledge, alarms[place].state == .returned {
        throw .needsReset(alarm: alarm, signal: signal)
      }
      throw .notPossible(
        alarm: alarm, signal: signal, action: action.name, state: alarms[place].state)
    }
    let isOneShot = action == .shelveOnce
    change(
      place, to: next, action.event, at: time, who: who, comment: comment,
      shelvedUntil: isOneShot ? nil : until)
    if let until {
      alarms[place].shelvedUntil = until.nanoseconds
      alarms[place].isOneShot = isOneShot
    }
    schedule(place)
  }

  /// When a shelving ends by itself; nil for any other action.
  private func shelvingEnd(
    of action: OperatorAction, _ place: Int, at time: Timestamp
  ) throws(OperatorActionError) -> Timestamp? {
    let rule = alarms[place].rule
    let latest = time + rule.longestShelving
    switch action {
    case .shelveOnce: return latest
    case .shelve(let until):
      guard until > time else {
        throw .endsInThePast(alarm: rule.name, signal: alarms[place].signal, until: until)
      }
      guard until <= latest else {
        throw .shelvedTooLong(
          alarm: rule.name, signal: alarms[place].signal, longest: rule.longestShelving)
      }
      return until
    default: return nil
    }
  }
}

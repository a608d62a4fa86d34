import FactoryModel

extension AlarmEngine {
  /// Something that the process or a timer does to an alarm; nothing where it is not possible.
  mutating func process(_ alarm: Int, _ event: AlarmEvent, at time: Int64) {
    guard let next = nextState(alarm, event) else { return }
    let moment = max(time, alarms[alarm].lastProcessTime)
    alarms[alarm].lastProcessTime = moment
    let said = event == .raise ? alarms[alarm].reading?.comment : nil
    change(alarm, to: next, event, at: Timestamp(nanoseconds: moment), comment: said)
  }

  func nextState(_ alarm: Int, _ event: AlarmEvent) -> AlarmState? {
    StateMachine.next(
      alarms[alarm].state, event, holds: alarms[alarm].holds,
      isSuppressed: alarms[alarm].isSuppressed, latches: alarms[alarm].rule.latches)
  }

  /// Puts an alarm into a state and writes the journal.
  mutating func change(
    _ alarm: Int, to state: AlarmState, _ event: AlarmEvent, at time: Timestamp,
    who: String? = nil, comment: String? = nil, shelvedUntil: Timestamp? = nil
  ) {
    note(alarm)
    let byProcess = event == .raise || event == .clear
    let reading = alarms[alarm].reading
    let transition = AlarmTransition(
      serial: 0, time: time, alarm: alarms[alarm].rule.name, signal: alarms[alarm].signal,
      from: alarms[alarm].state, to: state,
      value: (byProcess ? reading?.value : nil) ?? value(of: alarm),
      limit: (byProcess ? reading?.limit : nil) ?? alarms[alarm].limit, who: who,
      comment: comment, shelvedUntil: shelvedUntil)
    journal.append(transition)
    if transition.isNewAlarm { alarms[alarm].began = time }
    enter(alarm, state, at: time, who: who, comment: comment)
  }

  /// What being in a state brings with it; also when a state is restored.
  mutating func enter(
    _ alarm: Int, _ state: AlarmState, at time: Timestamp, who: String?, comment: String?
  ) {
    alarms[alarm].state = state
    alarms[alarm].since = time
    alarms[alarm].who = who
    alarms[alarm].comment = comment
    if state != .shelved {
      alarms[alarm].shelvedUntil = nil
      alarms[alarm].isOneShot = false
    }
    alarms[alarm].reAlarmDue =
      state == .acknowledged
      ? alarms[alarm].rule.reAlarmAfter.map { (time + $0).nanoseconds } : nil
  }

  /// The signal's value, or the statistic that the alarm compares; nil while there is none.
  func value(of alarm: Int) -> Double? {
    guard alarms[alarm].detector.comparesValue, let line = alarms[alarm].line,
      lines[line].value.isFinite
    else { return alarms[alarm].reading?.value }
    return lines[line].value
  }
}

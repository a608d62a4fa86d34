import FactoryModel

extension AlarmEngine {
  /// Brings back what a journal says, without a new transition. Alarms whose rule is gone, or no
  /// longer means their signal, become normal with the first moment told, with a comment.
  ///
  /// What the journal does not hold comes back with `recall` and `restore(memory:)`.
  /// - Parameter transitions: in the journal's order; of each alarm the last one is enough, and the
  ///   last one by which it called as a new alarm.
  public mutating func restore(from transitions: some Sequence<AlarmTransition>) {
    let rulesByName = Dictionary(uniqueKeysWithValues: rules.map { ($0.name, $0) })
    for transition in transitions {
      guard let rule = rulesByName[transition.alarm],
        let alarm = restoredAlarm(of: rule, signal: transition.signal)
      else {
        orphans[Key(alarm: transition.alarm, signal: transition.signal)] = transition.to
        continue
      }
      restore(alarm, from: transition)
      touch(alarm)
    }
  }

  /// Takes in the last recorded sample of a signal after `restore`, without a transition: conditions
  /// of suppression, set-points and the newest time are then as they were.
  /// - Parameter table: the table from now on.
  public mutating func recall(_ sample: Sample, of signal: SignalID, table: SignalTable) {
    if table.count > lines.count { attachSignals(of: table) }
    let line = Int(signal.index)
    guard sample.time.nanoseconds >= lines[line].newest else { return }
    lines[line].newest = sample.time.nanoseconds
    guard sample.quality != .bad else { return }
    recall(sample.value, ofLine: line, in: table)
  }

  /// A signal's last usable value: conditions of suppression and set-points go by it.
  mutating func recall(_ value: Double, ofLine line: Int, in table: SignalTable) {
    lines[line].value = value
    for role in roles[line] {
      switch role {
      case .suppression(let alarm, let place):
        alarms[alarm].suppressions[place].judge(
          value, signal: SignalID(index: Int32(line)), in: table)
      case .setPoint(let alarm):
        guard case .deviation(var detector) = alarms[alarm].detector else { break }
        detector.setPoint = value
        alarms[alarm].detector = .deviation(detector)
      case .watched, .column: break
      }
    }
  }

  private mutating func restoredAlarm(of rule: AlarmRule, signal: String) -> Int? {
    if let alarm = alarmPlaces[Key(alarm: rule.name, signal: signal)] { return alarm }
    guard let name = (try? SignalPattern(signal))?.name, rule.signals.matches(name) else {
      return nil
    }
    return addAlarm(of: rule, on: name)
  }

  private mutating func restore(_ alarm: Int, from transition: AlarmTransition) {
    enter(
      alarm, transition.to, at: transition.time, who: transition.who,
      comment: transition.comment)
    if transition.isNewAlarm { alarms[alarm].began = transition.time }
    if transition.who == nil { alarms[alarm].lastProcessTime = transition.time.nanoseconds }
    if let value = transition.value, !alarms[alarm].detector.isSilence {
      alarms[alarm].reading = Judgement(holds: false, value: value, limit: transition.limit)
    }
    switch transition.to {
    case .unacknowledged, .acknowledged: alarms[alarm].holds = true
    case .normal, .returned: alarms[alarm].holds = false
    case .shelved, .suppressed, .outOfService:
      if transition.from == .unacknowledged || transition.from == .acknowledged {
        alarms[alarm].holds = true
      } else if transition.from == .normal || transition.from == .returned {
        alarms[alarm].holds = false
      }
    }
    if transition.to == .shelved {
      let latest = transition.time + alarms[alarm].rule.longestShelving
      alarms[alarm].shelvedUntil = (transition.shelvedUntil ?? latest).nanoseconds
      alarms[alarm].isOneShot = transition.shelvedUntil == nil
    }
  }

  /// Goes on under other rules. Alarms whose name and signal remain keep their state, those whose
  /// rule is the same keep delays and charts too; active alarms that are no more become normal, with
  /// a comment.
  /// - Parameters:
  ///   - table: the table of the samples so far.
  ///   - time: now, by the clock of arrival.
  public mutating func replaceRules(
    by rules: [AlarmRule], table: SignalTable, at time: Timestamp,
    into transitions: inout [AlarmTransition]
  ) {
    passTime(to: time.nanoseconds, inclusive: true)
    var next = AlarmEngine(rules: rules, clock: clock)
    next.lateSamples = lateSamples
    next.attachSignals(of: table)
    for line in next.lines.indices where line < lines.count {
      next.lines[line].newest = lines[line].newest
      next.lines[line].value = lines[line].value
      next.lines[line].arrival = lines[line].arrival
      next.lateSince[line] = lateSince[line]
    }
    for alarm in alarms { carry(alarm, into: &next, at: time) }
    carryMemory(into: &next)
    for line in next.lines.indices where next.lines[line].value.isFinite {
      next.remind(line, in: table)
    }
    next.journal = journal + next.journal
    self = next
    for alarm in alarms.indices {
      touch(alarm)
      endLostSuppression(alarm, at: clock)
    }
    for line in lines.indices {
      lines[line].low = .infinity
      lines[line].high = -.infinity
    }
    handOver(into: &transitions)
  }

  /// What is on record of alarms and signals goes on; what no rule needs any more is let go.
  private func carryMemory(into next: inout AlarmEngine) {
    next.keptOnRecord = keptOnRecord
    next.lost = lost
    for key in keptOnRecord where !key.alarm.isEmpty && next.alarmPlaces[key] == nil {
      next.lost.append(key)
    }
    next.oddLines = oddLines
    next.badLines = badLines
    next.farthest = farthest
    next.savedClock = savedClock
    next.resumedClock = resumedClock
  }

  /// An alarm that no rule makes any more becomes normal.
  mutating func end(
    _ alarm: String, _ signal: String, in state: AlarmState, at time: Timestamp
  ) {
    guard state != .normal else { return }
    journal.append(
      AlarmTransition(
        serial: 0, time: time, alarm: alarm, signal: signal, from: state, to: .normal,
        comment: "no rule makes this alarm any more"))
  }

  private mutating func carry(_ old: Alarm, into next: inout AlarmEngine, at time: Timestamp) {
    let rule = next.rules.first { $0.name == old.rule.name }
    guard let rule, let alarm = next.restoredAlarm(of: rule, signal: old.signal) else {
      end(old.rule.name, old.signal, in: old.state, at: time)
      return
    }
    let isChanged = next.alarms[alarm].isChanged
    next.alarms[alarm].takeOver(old, isSameRule: old.rule == rule)
    next.alarms[alarm].isChanged = isChanged
  }
}

import FactoryModel

extension AlarmEngine {
  /// Brings back what a journal says, without a new transition. Alarms whose rule is gone, or no
  /// longer means their signal, are left out.
  ///
  /// What the journal does not hold begins anew: delays under way, learned baselines, charts.
  /// - Parameter transitions: in the journal's order; each alarm's last one is enough.
  public mutating func restore(from transitions: some Sequence<AlarmTransition>) {
    let rulesByName = Dictionary(uniqueKeysWithValues: rules.map { ($0.name, $0) })
    for transition in transitions {
      guard let rule = rulesByName[transition.alarm],
        let alarm = restoredAlarm(of: rule, signal: transition.signal)
      else { continue }
      restore(alarm, from: transition)
      touch(alarm)
    }
  }

  /// Takes in the last recorded sample of a signal after `restore`, without a transition: conditions
  /// of suppression, set-points, silenced alarms and the newest time are then as they were.
  /// - Parameter table: the table from now on.
  public mutating func recall(_ sample: Sample, of signal: SignalID, table: SignalTable) {
    if table.count > lines.count { attachSignals(of: table) }
    let line = Int(signal.index)
    guard sample.time.nanoseconds >= lines[line].newest else { return }
    lines[line].newest = sample.time.nanoseconds
    guard sample.quality != .bad else { return }
    lines[line].value = sample.value
    for role in roles[line] {
      switch role {
      case .suppression(let alarm, let place):
        alarms[alarm].suppressions[place].judge(sample.value, signal: signal, in: table)
      case .setPoint(let alarm):
        guard case .deviation(var detector) = alarms[alarm].detector else { break }
        detector.setPoint = sample.value
        alarms[alarm].detector = .deviation(detector)
      case .watched(let alarm):
        guard [.shelved, .suppressed, .outOfService].contains(alarms[alarm].state),
          alarms[alarm].detector.comparesValue
        else { break }
        let judgement = alarms[alarm].detector.judge(
          sample.value, at: sample.time.nanoseconds, isRepeated: false,
          raised: alarms[alarm].holds, signal: signal, in: table)
        if let judgement { alarms[alarm].holds = judgement.holds }
      case .column: break
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
    alarms[alarm].began = transition.time
    if transition.who == nil { alarms[alarm].lastProcessTime = transition.time.nanoseconds }
    if let value = transition.value {
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
    var next = AlarmEngine(rules: rules)
    next.lateSamples = lateSamples
    next.endedFloods = endedFloods
    next.floods = floods
    next.clock = clock
    next.attachSignals(of: table)
    for line in next.lines.indices where line < lines.count {
      next.lines[line].newest = lines[line].newest
      next.lines[line].value = lines[line].value
      next.lines[line].arrival = lines[line].arrival
      next.lateSince[line] = lateSince[line]
    }
    for alarm in alarms { carry(alarm, into: &next, at: time) }
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

  private mutating func carry(_ old: Alarm, into next: inout AlarmEngine, at time: Timestamp) {
    let rule = next.rules.first { $0.name == old.rule.name }
    guard let rule, let alarm = next.restoredAlarm(of: rule, signal: old.signal) else {
      guard old.state != .normal else { return }
      journal.append(
        AlarmTransition(
          serial: 0, time: time, alarm: old.rule.name, signal: old.signal, from: old.state,
          to: .normal, comment: "no rule makes this alarm any more"))
      return
    }
    var new = next.alarms[alarm]
    let (line, ruleNumber) = (new.line, new.ruleNumber)
    if old.rule == rule {
      new = old
    } else {
      new.state = old.state
      new.since = old.since
      new.who = old.who
      new.comment = old.comment
      new.holds = old.holds
      new.reading = old.reading
      new.shelvedUntil = old.shelvedUntil
      new.isOneShot = old.isOneShot
      if new.state == .acknowledged, let since = new.since {
        new.reAlarmDue = rule.reAlarmAfter.map { (since + $0).nanoseconds }
      }
      new.lastProcessTime = old.lastProcessTime
      new.missedSince = old.missedSince
    }
    new.line = line
    new.ruleNumber = ruleNumber
    next.alarms[alarm] = new
  }
}

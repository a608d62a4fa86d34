import FactoryModel

extension AlarmEngine {
  /// Brings the alarm of a rule that means one signal, or a model, into being.
  mutating func addFixedAlarm(of rule: AlarmRule) {
    if case .unusual(let model) = rule.condition {
      let alarm = add(rule, signal: model.name)
      for (place, signal) in model.signals.enumerated() {
        bind(.column(alarm: alarm, place: place), to: signal)
      }
    } else if let name = rule.signals.name {
      addAlarm(of: rule, on: name)
    }
  }

  /// Brings the alarm of a rule on a signal into being, unless it is there already.
  @discardableResult
  mutating func addAlarm(of rule: AlarmRule, on name: SignalName) -> Int {
    let signal = name.description
    if let alarm = alarmPlaces[Key(alarm: rule.name, signal: signal)] { return alarm }
    let alarm = add(rule, signal: signal)
    for (place, condition) in rule.suppressions.enumerated() {
      guard let other = condition.signal.name(beside: name) else {
        // It asks for a tag that this signal does not have, so it will never speak.
        alarms[alarm].suppressions[place].holds = false
        continue
      }
      bind(.suppression(alarm: alarm, place: place), to: other)
    }
    if case .deviation(let limits) = rule.condition,
      let other = limits.setPoint.name(beside: name)
    {
      bind(.setPoint(alarm: alarm), to: other)
    }
    bind(.watched(alarm: alarm), to: name)
    return alarm
  }

  private mutating func add(_ rule: AlarmRule, signal: String) -> Int {
    var alarm = Alarm(rule, signal: signal)
    alarm.ruleNumber = rules.firstIndex { $0.name == rule.name } ?? 0
    if alarm.detector.isSilence, clock != .min { alarm.missedSince = clock }
    alarms.append(alarm)
    alarmPlaces[Key(alarm: rule.name, signal: signal)] = alarms.count - 1
    if alarm.detector.isSilence { staleAlarms.append(alarms.count - 1) }
    schedule(alarms.count - 1)
    return alarms.count - 1
  }

  /// Gives a signal a role, at once or when it appears.
  private mutating func bind(_ role: Role, to name: SignalName) {
    guard let line = linePlaces[name] else {
      waiting[name, default: []].append(role)
      return
    }
    bind(role, to: line)
  }

  private mutating func bind(_ role: Role, to line: Int) {
    if case .watched(let alarm) = role { alarms[alarm].line = line }
    let place = roles[line].firstIndex { isBefore(role, $0) } ?? roles[line].count
    roles[line].insert(role, at: place)
    if lines[line].value.isFinite, isUnheard(role) { boundLate.append(line) }
    // The next sample is judged whatever its value.
    lines[line].low = .infinity
    lines[line].high = -.infinity
  }

  /// Conditions and set-points come before what depends on them, then the order of the rules counts,
  /// so that a journal does not depend on which alarm came into being first.
  private func isBefore(_ role: Role, _ other: Role) -> Bool {
    if role.rank != other.rank { return role.rank < other.rank }
    return alarms[role.alarm].comes(before: alarms[other.alarm])
  }

  /// Takes in the signals that have appeared in the table.
  mutating func attachSignals(of table: SignalTable) {
    let first = lines.count
    let names = table.all[first...]
    for (offset, name) in names.enumerated() {
      lines.append(Line())
      roles.append([])
      lateSince.append(.max)
      linePlaces[name] = first + offset
    }
    for (offset, name) in names.enumerated() {
      for role in waiting.removeValue(forKey: name) ?? [] { bind(role, to: first + offset) }
      for rule in rules where rule.signals.name == nil && rule.signals.matches(name) {
        if case .unusual = rule.condition { continue }
        addAlarm(of: rule, on: name)
      }
    }
    // A set-point or condition that spoke before its alarm came into being counts at once.
    for line in boundLate { remind(line, in: table) }
    boundLate.removeAll()
  }

  /// Tells alarms the last value of a set-point or condition that they have not heard yet.
  func isUnheard(_ role: Role) -> Bool {
    switch role {
    case .suppression(let alarm, let place): alarms[alarm].suppressions[place].holds == nil
    case .setPoint(let alarm):
      if case .deviation(let detector) = alarms[alarm].detector {
        detector.setPoint == nil
      } else {
        false
      }
    case .watched, .column: false
    }
  }

  mutating func remind(_ line: Int, in table: SignalTable) {
    for place in roles[line].indices {
      let role = roles[line][place]
      guard isUnheard(role) else { continue }
      switch role {
      case .suppression(let alarm, let condition):
        alarms[alarm].suppressions[condition].judge(
          lines[line].value, signal: SignalID(index: Int32(line)), in: table)
        reconcileSuppression(alarm, at: clock)
      case .setPoint(let alarm):
        setSetPoint(alarm, lines[line].value, at: lines[line].newest)
      case .watched, .column: break
      }
    }
  }
}

extension AlarmEngine.Role {
  var alarm: Int {
    switch self {
    case .suppression(let alarm, _), .setPoint(let alarm), .watched(let alarm),
      .column(let alarm, _):
      alarm
    }
  }

  /// What is looked at first.
  var rank: Int {
    switch self {
    case .suppression: 0
    case .setPoint: 1
    case .watched: 2
    case .column: 3
    }
  }
}

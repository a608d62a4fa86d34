import FactoryModel

extension AlarmEngine {
  /// A signal that sends only samples older than its newest for this long, by arrival, has had its
  /// clock set back and starts anew.
  private static let clockStepPatience = Duration.seconds(60).inNanoseconds

  /// Looks at one sample on behalf of everything that depends on its signal.
  mutating func judge(
    _ line: Int, _ time: Int64, _ value: Double, isUsable: Bool, in table: SignalTable
  ) {
    if time < lines[line].newest, !acceptsStepBack(line, to: time) {
      lateSamples += 1
      return
    }
    let isRepeated = time == lines[line].newest
    for role in roles[line] {
      guard case .watched(let alarm) = role else { continue }
      settle(alarm, at: time)
    }
    lines[line].newest = time
    guard isUsable else {
      turnBlind(line)
      return
    }
    if !badLines.isEmpty { badLines.remove(line) }
    lines[line].value = value
    lines[line].arrival = clock
    for place in roles[line].indices {
      play(roles[line][place], line, time, value, isRepeated, in: table)
    }
    narrowBand(of: line)
  }

  /// A bad sample: delays rest. The next sample is judged whatever its value.
  private mutating func turnBlind(_ line: Int) {
    for role in roles[line] {
      guard case .watched(let alarm) = role, alarms[alarm].pending != nil else { continue }
      alarms[alarm].isBlind = true
      touch(alarm)
    }
    badLines.insert(line)
    noteOdd(line)
    lines[line].low = .infinity
    lines[line].high = -.infinity
  }

  private mutating func noteOdd(_ line: Int) {
    if oddLines[line] == nil { oddLines[line] = [] }
  }

  private mutating func play(
    _ role: Role, _ line: Int, _ time: Int64, _ value: Double, _ isRepeated: Bool,
    in table: SignalTable
  ) {
    let signal = SignalID(index: Int32(line))
    switch role {
    case .suppression(let alarm, let place):
      alarms[alarm].suppressions[place].judge(value, signal: signal, in: table)
      reconcileSuppression(alarm, at: time)
    case .setPoint(let alarm): setSetPoint(alarm, value, at: time)
    case .watched(let alarm):
      if alarms[alarm].detector.isSilence {
        alarms[alarm].missedSince = nil
        if alarms[alarm].holds { setCondition(alarm, holds: false, at: clock) }
      } else {
        if alarms[alarm].detector.remembers { note(alarm) }
        let judgement = alarms[alarm].detector.judge(
          value, at: time, isRepeated: isRepeated, raised: alarms[alarm].holds, signal: signal,
          in: table)
        guard let judgement, apply(judgement, to: alarm, at: time) else { return }
      }
      schedule(alarm)
    case .column(let alarm, let place):
      guard !isRepeated else { return }
      note(alarm)
      if let judgement = alarms[alarm].detector.judgeColumn(value, column: place) {
        settle(alarm, at: time)
        apply(judgement, to: alarm, at: time)
        touch(alarm)
      }
    }
  }

  /// A new set-point: the watched signal's last value is judged by it.
  mutating func setSetPoint(_ alarm: Int, _ value: Double, at time: Int64) {
    guard case .deviation(var detector) = alarms[alarm].detector else { return }
    detector.setPoint = value
    alarms[alarm].detector = .deviation(detector)
    if let watched = alarms[alarm].line, lines[watched].value.isFinite {
      let moment = max(time, lines[watched].newest)
      settle(alarm, at: moment)
      if let judgement = detector.judge(lines[watched].value, raised: alarms[alarm].holds) {
        apply(judgement, to: alarm, at: moment)
      }
    }
    touch(alarm)
  }

  /// Suppresses or unsuppresses an alarm as its conditions now want it.
  mutating func reconcileSuppression(_ alarm: Int, at time: Int64) {
    if alarms[alarm].isSuppressed {
      process(alarm, .suppress, at: time)
    } else if alarms[alarm].isUnsuppressed {
      process(alarm, .unsuppress, at: time)
    }
  }

  /// Lets an alarm go on that came out of a record suppressed, under a rule that suppresses no more.
  mutating func endLostSuppression(_ alarm: Int, at time: Int64) {
    guard alarms[alarm].isSuppressedForNothing else { return }
    process(alarm, .unsuppress, at: time)
    touch(alarm)
  }

  /// Ends a delay that was over before a sample of this time, unless a bad sample came between.
  private mutating func settle(_ alarm: Int, at time: Int64) {
    guard let pending = alarms[alarm].pending, !alarms[alarm].isBlind, pending.eventDue < time
    else { return }
    setCondition(alarm, holds: !alarms[alarm].holds, at: pending.eventDue)
  }

  /// Takes over what the detector says of a sample: begins, ends or breaks a delay.
  /// - Returns: whether the alarm's condition or delay is another now.
  @discardableResult
  private mutating func apply(_ judgement: Judgement, to alarm: Int, at time: Int64) -> Bool {
    alarms[alarm].reading = judgement.finite
    let wasBlind = alarms[alarm].isBlind
    alarms[alarm].isBlind = false
    if judgement.holds == alarms[alarm].holds {
      guard alarms[alarm].pending != nil else { return wasBlind }
      alarms[alarm].pending = nil
      return true
    }
    let delay =
      judgement.holds
      ? alarms[alarm].rule.onDelay.inNanoseconds : alarms[alarm].rule.offDelay.inNanoseconds
    if let pending = alarms[alarm].pending {
      if pending.eventDue <= time {
        setCondition(alarm, holds: judgement.holds, at: time)
      } else if wasBlind {
        let rest = pending.eventDue.subtractingSaturating(time)
        alarms[alarm].pending?.arrivalDue = clock.addingSaturating(rest)
      }
    } else if delay == 0 {
      setCondition(alarm, holds: judgement.holds, at: time)
    } else {
      alarms[alarm].pending = Alarm.Pending(
        eventDue: time.addingSaturating(delay), arrivalDue: clock.addingSaturating(delay))
    }
    return true
  }

  /// The condition begins to hold or is over, delays included.
  mutating func setCondition(_ alarm: Int, holds: Bool, at time: Int64) {
    note(alarm)
    alarms[alarm].holds = holds
    alarms[alarm].pending = nil
    alarms[alarm].isBlind = false
    process(alarm, holds ? .raise : .clear, at: time)
    if !holds, alarms[alarm].isOneShot { process(alarm, .unshelve, at: time) }
  }

  /// A signal that is late for long has had its clock set back: its past is forgotten.
  private mutating func acceptsStepBack(_ line: Int, to time: Int64) -> Bool {
    if lines[line].arrival > lateSince[line] || lateSince[line] == .max {
      lateSince[line] = clock
      noteOdd(line)
    }
    guard clock.subtractingSaturating(lateSince[line]) >= Self.clockStepPatience else {
      return false
    }
    lateSince[line] = .max
    farthest[line] = max(farthest[line] ?? .min, lines[line].newest)
    for role in roles[line] {
      guard case .watched(let alarm) = role else { continue }
      alarms[alarm].pending = nil
      alarms[alarm].lastProcessTime = time
      alarms[alarm].detector.forgetTimes()
      note(alarm)
    }
    return true
  }

  /// The values of a signal that leave everything as it is.
  func quietBand(of line: Int) -> QuietBand {
    var band = QuietBand()
    let last = lines[line].value
    for role in roles[line] {
      switch role {
      case .suppression, .setPoint: band.narrow(to: QuietBand(low: last, high: last))
      case .watched(let alarm): band.narrow(to: alarms[alarm].quietBand(last: last))
      case .column: return .none
      }
    }
    return band
  }

  mutating func narrowBand(of line: Int) {
    let band = quietBand(of: line)
    lines[line].low = band.low
    lines[line].high = band.high
  }

  /// After every change of an alarm: its signal's band and its next due time.
  mutating func touch(_ alarm: Int) {
    if let line = alarms[alarm].line { narrowBand(of: line) }
    schedule(alarm)
  }
}

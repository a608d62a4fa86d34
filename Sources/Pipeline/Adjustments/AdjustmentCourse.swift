import FactoryModel

// The guard of one adjustment, as a value: transitions and time go in, lines of the journal come
// out. What it knows is what the journal of adjustments and the alarm journal say, so a restart
// brings it back as it was. The line is committed together with the transition that it follows
// from, and its order with it: neither is lost nor made twice by a crash in between.

/// Where one adjustment stands: the alarms that hold, what is in force, how often it was made.
struct AdjustmentCourse: Sendable {
  /// What the read-back signal says.
  struct Reading: Sendable {
    var value: Double
    /// Of the sample.
    var time: Timestamp
    /// Whether it is not too old and not bad.
    var isUsable: Bool

    var usable: Double? { isUsable ? value : nil }
  }

  private struct Alarm: Hashable {
    var name: String
    var signal: String
  }

  let action: String
  let settings: Adjustment
  private let isArmed: Bool
  private var active: Set<Alarm>
  /// The adjustment that has not been undone, nil when none is in force.
  private var inForce: AdjustmentLine?
  /// What the limit of how often holds back, nil when nothing.
  private var delayed: AlarmTransition?
  /// When adjustments were made, for the limit; the oldest first.
  private var made: [Timestamp]

  /// Goes on where the record ends.
  /// - Parameters:
  ///   - lines: the journal of this adjustment, in order.
  ///   - standings: the last transition of each of the action's alarms.
  init(
    _ action: String, _ settings: Adjustment, isArmed: Bool, lines: [AdjustmentLine],
    standings: [AlarmTransition]
  ) {
    self.action = action
    self.settings = settings
    self.isArmed = isArmed
    active = Set(
      standings.filter { $0.to.isActive || $0.to == .shelved && $0.from.isActive }
        .map { Alarm(name: $0.alarm, signal: $0.signal) })
    made = lines.filter { $0.kind == .adjust && $0.outcome.isMade }
      .filter { isArmed ? $0.outcome != .dryRun : true }.map(\.time)
    inForce = nil
    // What was written to another output is not this one's to undo.
    for line in lines where line.output == "\(settings.output)" {
      switch line.kind {
      case .adjust: if line.outcome.isMade { inForce = line }
      case .undo: inForce = nil
      case .left: break
      }
    }
    if case .nothing = settings.undoing, active.isEmpty { inForce = nil }
    if let last = lines.last, last.outcome == .delayed, !active.isEmpty {
      delayed = AlarmTransition(
        serial: last.transition, time: last.time, alarm: last.alarm, signal: last.signal,
        from: .normal, to: .unacknowledged)
    }
  }

  /// What is written to the output and not yet undone, nil when nothing is.
  var written: AdjustmentLine? { inForce.flatMap { $0.outcome == .dryRun ? nil : $0 } }

  /// Whether `pass` has something to do.
  func isDue(at now: Timestamp) -> Bool {
    if inForce != nil && active.isEmpty { return true }
    return delayed != nil && freeAgain(at: now) <= now
  }

  /// Follows a transition of one of its alarms.
  mutating func take(
    _ transition: AlarmTransition, at now: Timestamp, _ reading: Reading?
  ) -> AdjustmentLine? {
    meetClock(now)
    let alarm = Alarm(name: transition.alarm, signal: transition.signal)
    if transition.to.isActive {
      let isNew = active.insert(alarm).inserted
      return isNew ? adjust(because: transition, at: now, reading) : nil
    }
    // Shelving silences the alarm; whether it still holds shows when it comes back.
    guard transition.to != .shelved, active.remove(alarm) != nil, active.isEmpty else { return nil }
    delayed = nil
    return undo(because: transition, at: now, reading)
  }

  /// Does what time has brought.
  mutating func pass(at now: Timestamp, _ reading: Reading?) -> AdjustmentLine? {
    meetClock(now)
    if let line = inForce, active.isEmpty {
      return undo(because: line.cause, at: now, reading)
    }
    guard let cause = delayed, freeAgain(at: now) <= now else { return nil }
    return adjust(because: cause, at: now, reading)
  }

  /// A clock that was set back must not hold adjustments back for longer than the limit's time.
  private mutating func meetClock(_ now: Timestamp) {
    made = made.suffix(settings.limit.count).map { min($0, now) }
  }

  // MARK: adjusting

  private mutating func adjust(
    because cause: AlarmTransition, at now: Timestamp, _ reading: Reading?
  ) -> AdjustmentLine? {
    delayed = nil
    var line = line(.adjust, cause, now, .held)
    line.previous = reading?.usable
    if let last = inForce {
      line.comment = "in force already because of \(last.alarm), \(last.signal)"
      return line
    }
    let free = freeAgain(at: now)
    if free > now {
      delayed = cause
      line.outcome = .delayed
      line.comment = "at most \(settings.limit); again at \(free) if the alarm still holds"
      return line
    }
    if let reason = mistrust(reading) {
      line.comment = reason
      return line
    }
    let (value, note) = target(reading)
    line.value = value
    line.comment = note
    if let reading, abs(value - reading.value) <= settings.tolerance {
      line.comment = "\(settings.readBackName) is \(reading.value.plainText) already"
      return line
    }
    guard settings.output.takes(value) else {
      line.comment = "\(settings.output) cannot hold \(value.plainText)"
      return line
    }
    line.outcome = isArmed ? .pending : .dryRun
    if !isArmed { line.settled = now }
    made.append(now)
    inForce = line
    return line
  }

  /// Why the read-back signal cannot be built on; nil when it can, or none is wanted.
  private func mistrust(_ reading: Reading?) -> String? {
    guard settings.readBack != nil else { return nil }
    let name = settings.readBackName
    guard let reading, reading.isUsable else {
      return "\(name) has no good value of the last \(settings.freshness.inSeconds.shortText) s"
    }
    guard settings.bounds.contains(reading.value) else {
      return "\(name) is \(reading.value.plainText), outside of \(settings.boundsText): "
        + "run otherwise than this adjustment is made for"
    }
    return nil
  }

  private func target(_ reading: Reading?) -> (value: Double, note: String?) {
    switch settings.change {
    case .value(let value): return (value, nil)
    case .step(let step):
      let wanted = (reading?.value ?? 0) + step
      let value = min(max(wanted, settings.bounds.lowerBound), settings.bounds.upperBound)
      let isCut = value != wanted
      return (value, isCut ? "\(wanted.plainText) cut to \(settings.boundsText)" : nil)
    }
  }

  /// When the limit permits the next one.
  private func freeAgain(at now: Timestamp) -> Timestamp {
    let last = made.suffix(settings.limit.count)
    guard last.count == settings.limit.count, let first = last.first else { return now }
    return first + settings.limit.per
  }

  // MARK: undoing

  private mutating func undo(
    because cause: AlarmTransition, at now: Timestamp, _ reading: Reading?
  ) -> AdjustmentLine? {
    guard let done = inForce else { return nil }
    inForce = nil
    var line = line(.undo, cause, now, .held)
    switch settings.undoing {
    case .nothing: return nil
    case .value(let value): line.value = value
    case .previous: line.value = done.previous
    }
    let isReal = done.outcome != .dryRun
    line.previous = reading?.usable
    if isReal, let reason = handOf(reading, since: done) {
      line.comment = reason
      return line
    }
    line.outcome = isArmed && isReal ? .pending : .dryRun
    if line.outcome == .dryRun { line.settled = now }
    if !isArmed && isReal { line.comment = "no longer armed: \(settings.output) stays as it is" }
    return line
  }

  /// Says so when somebody else has changed the output meanwhile.
  private func handOf(_ reading: Reading?, since done: AdjustmentLine) -> String? {
    guard let reading, reading.isUsable, reading.time > done.time, let written = done.value
    else { return nil }
    // A signal that has not followed yet still says what it said before.
    let known = [written] + (done.previous.map { [$0] } ?? [])
    guard !known.contains(where: { abs($0 - reading.value) <= settings.tolerance }) else {
      return nil
    }
    return "\(settings.readBackName) is \(reading.value.plainText), not the "
      + "\(written.plainText) that was written: changed by another hand, left alone"
  }

  private func line(
    _ kind: AdjustmentLine.Kind, _ cause: AlarmTransition, _ now: Timestamp,
    _ outcome: AdjustmentLine.Outcome
  ) -> AdjustmentLine {
    AdjustmentLine(
      serial: 0, time: now, action: action, cause: cause, kind: kind,
      output: "\(settings.output)", outcome: outcome)
  }
}

extension Adjustment {
  fileprivate var readBackName: String { readBack.map { "\($0)" } ?? "" }
  fileprivate var boundsText: String {
    "\(bounds.lowerBound.shortText) to \(bounds.upperBound.shortText)"
  }
}

extension Double {
  /// Without the last digits that scaling brings: 22.2 for 22.200000000000003.
  fileprivate var plainText: String {
    let rounded = (self * 1e6).rounded() / 1e6
    return (rounded.isFinite ? rounded : self).shortText
  }
}

extension AdjustmentLine {
  /// What it is about, for a line that follows it.
  fileprivate var cause: AlarmTransition {
    AlarmTransition(
      serial: transition, time: time, alarm: alarm, signal: signal, from: .unacknowledged,
      to: .normal)
  }
}

import FactoryModel

extension AlarmEngine {
  /// How far the clock of arrival may be told to be earlier before it counts as set back.
  private static let clockTolerance = Duration.seconds(1).inNanoseconds

  /// Lets every timer before `time` fire, in order; of one moment in the order of the rules, so that
  /// a journal does not depend on which alarm came into being first.
  private mutating func fireTimers(before time: Int64) {
    while let first = heap.first, first.due < time {
      var ready: [Int] = []
      while let entry = heap.first, entry.due == first.due {
        heap.set(entry.alarm, due: .max)
        ready.append(entry.alarm)
      }
      if ready.count > 1 { ready.sort { alarms[$0].comes(before: alarms[$1]) } }
      clock = max(clock, first.due)
      for alarm in ready {
        fire(alarm, at: first.due)
        touch(alarm)
      }
    }
  }

  /// The clock of arrival goes to `time`. Timers that are due at that very moment fire only when
  /// `inclusive`: what arrives at their moment comes first.
  mutating func passTime(to time: Int64, inclusive: Bool) {
    if clock == .min { startClock(at: time) }
    if time < clock.subtractingSaturating(Self.clockTolerance) {
      setClockBack(to: time)
    }
    fireTimers(before: inclusive ? time.addingSaturating(1) : time)
    clock = max(clock, time)
  }

  /// The first moment told, or the one where a record ended: signals that have not come yet are
  /// missed from now on.
  private mutating func startClock(at time: Int64) {
    clock = resumedClock ?? time
    savedClock = clock
    for alarm in alarms.indices {
      if alarms[alarm].detector.isSilence, alarms[alarm].missedSince == nil,
        lastArrival(of: alarm) == .min
      {
        alarms[alarm].missedSince = clock
      }
      schedule(alarm)
      endLostSuppression(alarm, at: clock)
    }
    for (key, state) in orphans.sorted(by: { $0.key < $1.key }) {
      end(key.alarm, key.signal, in: state, at: Timestamp(nanoseconds: clock))
    }
    orphans.removeAll()
  }

  /// The machine's clock was set back: what is under way keeps what is left of its time.
  private mutating func setClockBack(to time: Int64) {
    let step = clock.subtractingSaturating(time)
    clock = time
    for line in lines.indices {
      lines[line].arrival = earlier(lines[line].arrival, by: step)
      lateSince[line] = earlier(lateSince[line], by: step)
    }
    for alarm in alarms.indices {
      alarms[alarm].setBack(by: step)
      heap.set(alarm, due: .max)
      schedule(alarm)
    }
  }

  /// Puts down when an alarm is due next.
  mutating func schedule(_ alarm: Int) {
    note(alarm)
    let due = alarms[alarm].due(lastArrival: lastArrival(of: alarm))
    // A signal's every sample puts off its staleness: the entry that stands is looked at when it
    // comes up, and put off then.
    if alarms[alarm].detector.isSilence, heap.due(of: alarm) < due { return }
    heap.set(alarm, due: due)
  }

  private mutating func fire(_ alarm: Int, at due: Int64) {
    if let pending = alarms[alarm].pending, !alarms[alarm].isBlind, pending.arrivalDue <= due {
      setCondition(alarm, holds: !alarms[alarm].holds, at: pending.eventDue)
    }
    if alarms[alarm].staleDue(lastArrival: lastArrival(of: alarm)) <= due {
      setCondition(alarm, holds: true, at: due)
    }
    if let end = alarms[alarm].shelvedUntil, end <= due { process(alarm, .unshelve, at: due) }
    if let moment = alarms[alarm].reAlarmDue, moment <= due {
      process(alarm, .reAlarm, at: due)
    }
  }

  func lastArrival(of alarm: Int) -> Int64 {
    alarms[alarm].line.map { lines[$0].arrival } ?? .min
  }
}

extension Alarm {
  /// Times of the clock of arrival become earlier.
  fileprivate mutating func setBack(by step: Int64) {
    shelvedUntil = shelvedUntil.map { earlier($0, by: step) }
    reAlarmDue = reAlarmDue.map { earlier($0, by: step) }
    missedSince = missedSince.map { earlier($0, by: step) }
    if let due = pending?.arrivalDue { pending?.arrivalDue = earlier(due, by: step) }
    if detector.isSilence { lastProcessTime = earlier(lastProcessTime, by: step) }
  }
}

/// A time of a clock that was set back; the ends of the range mean never and stay.
private func earlier(_ time: Int64, by step: Int64) -> Int64 {
  time == .min || time == .max ? time : time.subtractingSaturating(step)
}

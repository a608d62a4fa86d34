import FactoryModel

extension AlarmEngine {
  /// Lets every timer before `time` fire, in order.
  private mutating func fireTimers(before time: Int64) {
    while let entry = heap.first, entry.due < time {
      heap.removeFirst()
      guard alarms[entry.alarm].scheduled == entry.due else { continue }
      alarms[entry.alarm].scheduled = .max
      clock = max(clock, entry.due)
      fire(entry.alarm, at: entry.due)
      touch(entry.alarm)
    }
  }

  /// The clock of arrival goes to `time`, never back. Timers that are due at that very moment fire
  /// only when `inclusive`: what arrives at their moment comes first.
  mutating func passTime(to time: Int64, inclusive: Bool) {
    if clock == .min { startClock(at: time) }
    fireTimers(before: inclusive ? time.addingSaturating(1) : time)
    clock = max(clock, time)
    floods.advance(to: Timestamp(nanoseconds: clock))
    endedFloods += floods.takeEnded()
  }

  /// The first moment told: signals that have not come yet are missed from now on.
  private mutating func startClock(at time: Int64) {
    clock = time
    for alarm in alarms.indices {
      if case .stale = alarms[alarm].detector { alarms[alarm].missedSince = time }
      schedule(alarm)
    }
  }

  /// Puts an alarm's next due time on the heap, if it is not there already.
  mutating func schedule(_ alarm: Int) {
    let due = alarms[alarm].due(lastArrival: lastArrival(of: alarm))
    guard due != alarms[alarm].scheduled else { return }
    // A signal's every sample puts off its staleness: the entry that stands is looked at when it
    // comes up, and put off then.
    if case .stale = alarms[alarm].detector, alarms[alarm].scheduled < due { return }
    alarms[alarm].scheduled = due
    if due != .max { heap.insert(DueHeap.Entry(due: due, alarm: alarm)) }
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

  private func lastArrival(of alarm: Int) -> Int64 {
    alarms[alarm].line.map { lines[$0].arrival } ?? .min
  }
}

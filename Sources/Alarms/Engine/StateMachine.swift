import FactoryModel

/// What happens to an alarm.
enum AlarmEvent: Hashable, CaseIterable {
  /// The condition begins to hold, after its on-delay.
  case raise
  /// The condition is over, after its off-delay.
  case clear
  case acknowledge
  case reset
  /// An acknowledged alarm has held for the re-alarm time.
  case reAlarm
  case shelve
  case unshelve
  case suppress
  case unsuppress
  case takeOutOfService
  case returnToService
}

/// The states of an alarm (ISA-18.2, IEC 62682; taken from secondary sources).
///
///     normal ── raise ──► unacknowledged ── acknowledge ──► acknowledged ── clear ──► normal
///                          │   ▲    ▲ └────── re-alarm ◄──────┘     └─ clear, latched ─┐
///                        clear raise │                                                 │
///                          ▼   │    raise                                              │
///                         returned ◄───────────────────────────────────────────────────┘
///                          └── acknowledge (latched: reset) ──► normal
///
/// From any of these an alarm can be shelved or suppressed, and from any state be taken out of
/// service. Leaving such a state judges anew: unacknowledged while the condition holds, normal
/// otherwise.
enum StateMachine {
  /// The state after `event`, nil when the event is not possible or changes nothing.
  /// - Parameters:
  ///   - holds: whether the condition holds after the event.
  ///   - isSuppressed: whether a condition of suppression holds after the event.
  ///   - latches: whether the alarm waits for a reset.
  static func next(
    _ state: AlarmState, _ event: AlarmEvent, holds: Bool, isSuppressed: Bool, latches: Bool
  ) -> AlarmState? {
    let judgedAnew: AlarmState =
      isSuppressed ? .suppressed : holds ? .unacknowledged : .normal
    switch (event, state) {
    case (.raise, .normal), (.raise, .returned): return .unacknowledged
    case (.clear, .unacknowledged): return .returned
    case (.clear, .acknowledged): return latches ? .returned : .normal
    case (.acknowledge, .unacknowledged): return .acknowledged
    case (.acknowledge, .returned): return latches ? nil : .normal
    case (.reset, .returned): return latches ? .normal : nil
    case (.reAlarm, .acknowledged): return .unacknowledged
    case (.shelve, .normal), (.shelve, .unacknowledged), (.shelve, .acknowledged),
      (.shelve, .returned):
      return .shelved
    case (.unshelve, .shelved): return judgedAnew
    case (.suppress, .normal), (.suppress, .unacknowledged), (.suppress, .acknowledged),
      (.suppress, .returned):
      return .suppressed
    case (.unsuppress, .suppressed): return judgedAnew
    case (.takeOutOfService, _): return state == .outOfService ? nil : .outOfService
    case (.returnToService, .outOfService): return judgedAnew
    default: return nil
    }
  }
}

/// Where an alarm stands (ISA-18.2, IEC 62682), by the names the record and the API use.
public enum AlarmState: String, Hashable, Sendable, CaseIterable {
  /// The condition does not hold and nobody needs to act.
  case normal
  /// The condition holds and nobody has acknowledged it.
  case unacknowledged
  /// The condition holds and an operator knows.
  case acknowledged
  /// The condition has ended before anybody acknowledged it, or waits for its reset.
  case returned
  /// Silenced by an operator until a time, or until it next clears.
  case shelved
  /// Silenced by design while another condition holds.
  case suppressed
  /// Taken out of service by an engineer.
  case outOfService

  /// Whether the condition holds and nobody has silenced the alarm.
  public var isActive: Bool { self == .unacknowledged || self == .acknowledged }
}

/// How urgent an alarm is.
public enum AlarmPriority: String, Hashable, Comparable, Sendable, CaseIterable {
  case low
  case medium
  case high
  case critical

  public static func < (left: AlarmPriority, right: AlarmPriority) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

import FactoryModel

/// When something on the plant is an alarm, and how the alarm behaves.
///
/// A rule whose pattern means several signals gives every one of them its own alarm.
public struct AlarmRule: Hashable, Sendable {
  /// The alarm's name; with the signal's name it is the alarm's identity on the record.
  public var name: String
  /// The signals it watches. For `Condition.unusual` a mere label, for the model names its signals.
  public var signals: SignalPattern
  public var condition: Condition
  public var priority = AlarmPriority.medium
  /// How far back behind its limit a value must come before the alarm clears, in the unit of the
  /// limit; zero or more.
  public var deadband = 0.0
  /// How long the condition must hold without a break before the alarm is raised.
  public var onDelay = Duration.zero
  /// How long the condition must be over without a break before the alarm clears.
  public var offDelay = Duration.zero
  /// Whether the alarm, once over, waits for an operator's reset.
  public var latches = false
  /// After this an acknowledged alarm that still holds is unacknowledged again; nil: never.
  public var reAlarmAfter: Duration?
  /// The longest time that an operator may shelve it.
  public var longestShelving = Duration.seconds(8 * 3_600)
  /// The alarm is suppressed by design while any of these holds.
  public var suppressions: [SignalCondition] = []

  /// A rule with everything else at its default.
  public init(name: String, signals: SignalPattern, condition: Condition) {
    self.name = name
    self.signals = signals
    self.condition = condition
  }

  /// What makes the alarm.
  public enum Condition: Hashable, Sendable {
    /// The value is above the limit; with a dead band it clears only below limit − dead band.
    case above(Double)
    /// The value is below the limit; with a dead band it clears only above limit + dead band.
    case below(Double)
    /// The value changes faster than the limits allow.
    case rate(RateLimits)
    /// The value is too far from what another signal asks for.
    case deviation(DeviationLimits)
    /// No usable sample has arrived for this long, by the clock of arrival.
    case stale(Duration)
    /// The signal says one of these words, or has the value of one that is a number.
    case equals([String])
    /// A small lasting drift (`EWMAChart`).
    case ewma(EWMASettings, Baseline)
    /// A lasting shift of the mean (`CUSUMChart`).
    case cusum(CUSUMSettings, Baseline)
    /// A pattern that chance hardly makes (`NelsonChart`).
    case nelson(Set<NelsonRule>, Baseline)
    /// Several signals together are as they never were in normal running.
    case unusual(PrincipalModel)
  }
}

/// How fast a value may change; at least one of the two is given.
public struct RateLimits: Hashable, Sendable {
  /// The largest rise and the largest fall, in the signal's unit per `per`, both above zero.
  public var rise: Double?
  public var fall: Double?
  /// The unit of time of the limits.
  public var per = Duration.seconds(1)
  /// The rate is taken between the newest sample and the newest one that is at least this much
  /// older; zero: the sample before.
  public var over = Duration.zero

  /// Limits for a rise and a fall.
  public init(rise: Double? = nil, fall: Double? = nil) {
    self.rise = rise
    self.fall = fall
  }
}

/// How far a value may be from its set-point; at least one of the two is given.
public struct DeviationLimits: Hashable, Sendable {
  /// The signal of the set-point; a `*` in its braces takes the tags of the watched signal.
  public var setPoint: SignalPattern
  /// How much above and below the set-point is allowed, in the signal's unit, zero or more.
  public var above: Double?
  public var below: Double?

  /// Limits on both sides of a set-point.
  public init(from setPoint: SignalPattern, above: Double? = nil, below: Double? = nil) {
    self.setPoint = setPoint
    self.above = above
    self.below = below
  }
}

/// Something that one signal says, by which alarms on others are suppressed.
public struct SignalCondition: Hashable, Sendable {
  /// A test of the signal's value.
  public enum Test: Hashable, Sendable {
    case equals([String])
    case above(Double)
    case below(Double)
  }

  /// The signal; a `*` in its braces takes the tags of the watched signal.
  public var signal: SignalPattern
  public var test: Test

  /// A test of a signal.
  public init(_ signal: SignalPattern, _ test: Test) {
    self.signal = signal
    self.test = test
  }
}

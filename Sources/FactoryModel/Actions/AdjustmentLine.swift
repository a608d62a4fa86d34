/// One line of the journal of adjustments: Gemba changed the process because of an alarm, took the
/// change back, or would have done so.
public struct AdjustmentLine: Hashable, Sendable {
  /// Which way.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Because the alarm was raised.
    case adjust
    /// Because it has cleared.
    case undo
    /// The site file has it no more while it is in force: the output stays as it is.
    case left
  }

  /// What became of it.
  public enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// On its way to the device.
    case pending
    /// The device has confirmed it.
    case written
    /// Not armed: nothing was written.
    case dryRun
    /// Held back by the limit of how often; made when that permits while the alarm lasts.
    case delayed
    /// Held back by its guard.
    case held
    /// A later one came before the device could be reached.
    case overtaken
    /// Given up.
    case failed

    /// Whether it counts against the limit of how often.
    public var isMade: Bool { self != .delayed && self != .held }
  }

  /// Counts from 1 without gaps over the life of the journal.
  public var serial: Int64
  /// When it was decided.
  public var time: Timestamp
  /// The action's name.
  public var action: String
  /// What it is about: the alarm's name and signal, and the serial of its transition.
  public var alarm: String
  public var signal: String
  public var transition: Int64
  public var kind: Kind
  /// Where it is written.
  public var output: String
  /// What is written, in the unit of the output; nil where none could be reckoned.
  public var value: Double?
  /// What the read-back signal said before, nil without one.
  public var previous: Double?
  public var outcome: Outcome
  /// Why it was held back, changed or given up.
  public var comment: String?
  /// When the outcome became final, nil before.
  public var settled: Timestamp?

  /// A line that says no number yet.
  public init(
    serial: Int64, time: Timestamp, action: String, cause: AlarmTransition, kind: Kind,
    output: String, outcome: Outcome
  ) {
    self.serial = serial
    self.time = time
    self.action = action
    (alarm, signal, transition) = (cause.alarm, cause.signal, cause.serial)
    self.kind = kind
    self.output = output
    self.outcome = outcome
  }
}

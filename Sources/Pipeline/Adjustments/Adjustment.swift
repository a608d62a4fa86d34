import FactoryModel

/// A guarded change of the process: what an action writes when an alarm is raised, within which
/// bounds, how often at most, and what undoes it.
public struct Adjustment: Hashable, Sendable {
  /// What is written when an alarm is raised.
  public enum Change: Hashable, Sendable {
    case value(Double)
    /// This much more than the read-back signal says.
    case step(Double)
  }

  /// What is written when no alarm of the action holds any longer.
  public enum Undoing: Hashable, Sendable {
    /// What the read-back signal said before the adjustment.
    case previous
    case value(Double)
    /// The adjustment stays.
    case nothing
  }

  /// How often adjustments are made at most.
  public struct Limit: Hashable, Sendable, CustomStringConvertible {
    public var count: Int
    public var per: Duration

    public var description: String { "\(count) per \(per.inSeconds.shortText) s" }
  }

  public var output: PlantOutput
  public var change: Change
  public var undoing: Undoing
  /// Nothing outside of it is ever written; in the unit of the output.
  public var bounds: ClosedRange<Double>
  public var limit: Limit
  /// The signal that tells what the output stands at, in the unit of the output.
  public var readBack: SignalName?
  /// The oldest value of it that counts.
  public var freshness = Duration.seconds(60)
  /// Values this near to each other are the same.
  public var tolerance: Double
  /// Whether this one may write; nil: as the site file says for all.
  public var isArmed: Bool?
}

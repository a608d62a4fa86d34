import FactoryModel

/// A stack or an outfall: what is measured there, and by which rules it is judged.
public struct EmissionOutlet: Hashable, Sendable {
  /// What flows out.
  public enum Medium: String, Hashable, Sendable, CaseIterable {
    /// Concentrations in mg/m³. A mean is normal when three quarters of its values are.
    case flueGas
    /// Concentrations in mg/L. One value that is not normal makes a mean not normal.
    case wasteWater

    /// The least share of normal values.
    var normalShare: Double { self == .flueGas ? 0.75 : 1 }
    /// Kilograms in a concentration times a cubic metre.
    var kilogramsPerUnit: Double { self == .flueGas ? 1e-6 : 1e-3 }
  }

  /// A factor whose emission is judged.
  public struct Pollutant: Hashable, Sendable {
    /// The standard's code, such as `a21026`, or any other name.
    public var factor: String
    public var signal: SignalName
    /// On the converted mean of the basic period; nil for none.
    public var limit: Double?
    /// On the converted mean of the day; nil for none.
    public var dayLimit: Double?
    /// Per cent of `dayLimit` that are taken off each half-hour of the EU profile.
    public var confidencePercent: Double

    /// A factor.
    public init(
      factor: String, signal: SignalName, limit: Double? = nil, dayLimit: Double? = nil,
      confidencePercent: Double = 0
    ) {
      self.factor = factor
      self.signal = signal
      self.limit = limit
      self.dayLimit = dayLimit
      self.confidencePercent = confidencePercent
    }
  }

  /// Oxygen in the gas, per cent, and the reference to convert to.
  public struct Oxygen: Hashable, Sendable {
    public var factor: String
    public var signal: SignalName
    public var reference: OxygenReference

    /// Oxygen.
    public init(factor: String = "a19001", signal: SignalName, reference: OxygenReference) {
      self.factor = factor
      self.signal = signal
      self.reference = reference
    }
  }

  /// Dry gas at standard conditions, or water.
  public struct Flow: Hashable, Sendable {
    /// The unit in which readings come.
    public enum Unit: String, Hashable, Sendable, CaseIterable {
      case cubicMetresPerSecond = "m3/s"
      case cubicMetresPerHour = "m3/h"
      case litresPerSecond = "L/s"

      /// m³/h in one unit.
      var cubicMetresPerHour: Double {
        switch self {
        case .cubicMetresPerSecond: 3_600
        case .cubicMetresPerHour: 1
        case .litresPerSecond: 3.6
        }
      }
    }
    public var factor: String
    public var signal: SignalName
    public var unit: Unit

    /// A flow.
    public init(factor: String = "a00000", signal: SignalName, unit: Unit) {
      self.factor = factor
      self.signal = signal
      self.unit = unit
    }
  }

  public var name: String
  public var medium = Medium.flueGas
  public var profile = AveragingProfile.hj76
  public var pollutants: [Pollutant]
  /// Nil where nothing is converted.
  public var oxygen: Oxygen?
  /// Nil where no mass is reckoned.
  public var flow: Flow?
  /// Readings that a valid minute needs; 1 where minute means come in.
  public var minuteSamples: Int
  /// Seconds the outlet's clock is ahead of UTC; its days and months begin by it.
  public var zoneOffsetSeconds = 8 * 3_600
  /// How long after its end, by the time of the readings, a period is reckoned.
  public var allowance: Duration = .seconds(30)
  /// How long after its end an hour or half-hour still takes late readings and is reckoned again.
  public var openFor: Duration = .seconds(3_600)

  /// An outlet with the defaults of a profile.
  public init(name: String, profile: AveragingProfile = .hj76, pollutants: [Pollutant]) {
    self.name = name
    self.profile = profile
    self.pollutants = pollutants
    minuteSamples = profile.minuteSamples
  }

  /// The name of a factor's values, with the kind of period after it or without.
  public func signal(_ factor: String, _ suffix: String = "") -> SignalName {
    SignalName(
      measurement: "emission", field: factor + suffix, tags: [.init("outlet", name)])
  }
}

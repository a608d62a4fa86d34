import FactoryModel

/// Where part events come from.
public struct PartSource: Hashable, Sendable {
  /// How the signal counts parts.
  public enum Counting: String, CaseIterable, Hashable, Sendable {
    /// A counter that only grows (or starts again at 0).
    case counter
    /// Each sample is one part.
    case event
  }
  public var station: String
  public var signal: SignalPattern
  public var counting: Counting
  /// Whether this station's parts are the plant's finished parts.
  public var isOutput: Bool

  /// As a site file says it.
  public init(station: String, signal: SignalPattern, counting: Counting, isOutput: Bool) {
    self.station = station
    self.signal = signal
    self.counting = counting
    self.isOutput = isOutput
  }
}

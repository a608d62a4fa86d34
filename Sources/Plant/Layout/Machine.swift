import FactoryModel

/// A machine of the plant.
public struct Machine: Hashable, Sendable {
  public var name: String
  public var station: String?
  /// The signal that says what it does, a word or a number.
  public var state: SignalPattern?
  /// Words or numbers of the state that mean it runs.
  public var running: [String]
  /// Words or numbers of the state that mean it is made ready for another product.
  public var changeover: [String]
  /// Seconds a part at full speed.
  public var idealCycleSeconds: Double?
  /// Signals shown beside it.
  public var signals: [SignalPattern]

  /// As a site file says it.
  public init(
    name: String, station: String? = nil, state: SignalPattern? = nil, running: [String],
    changeover: [String] = [], idealCycleSeconds: Double? = nil, signals: [SignalPattern]
  ) {
    self.name = name
    self.station = station
    self.state = state
    self.running = running
    self.changeover = changeover
    self.idealCycleSeconds = idealCycleSeconds
    self.signals = signals
  }
}

/// What part of the plant's life a signal tells of; each has its panel on the screen.
public enum SignalKind: String, Hashable, Sendable, CaseIterable {
  case equipment
  case environment
  case logistics
  case production
  case quality
}

/// What a measured value must keep to, in the signal's unit; at least one end is given.
public struct Specification: Hashable, Sendable {
  public var low: Double?
  public var high: Double?

  /// Limits of the specification, `low` below `high`.
  public init(low: Double?, high: Double?) {
    precondition(low != nil || high != nil, "a specification without limits")
    self.low = low
    self.high = high
  }
}

/// What the site file says of the signals that a pattern means.
public struct SignalDescription: Hashable, Sendable {
  public var pattern: SignalPattern
  /// What people call it, nil for the signal's own name.
  public var label: String?
  /// Of the value after calibration: `°C`, `mg/m³`.
  public var unit: String?
  /// Where it is measured.
  public var place: String?
  public var kind: SignalKind?
  /// The normal range, in the unit, drawn behind the value.
  public var low: Double?
  public var high: Double?
  /// For control chart and capability in reports, nil for none.
  public var specification: Specification?
  /// value = raw · factor + offset.
  public var factor: Double
  public var offset: Double
  /// How often a sample is expected; the signal is stale after twice as long, nil for never.
  public var interval: Duration?

  /// A description with nothing said but the pattern.
  public init(
    pattern: SignalPattern, label: String? = nil, unit: String? = nil, place: String? = nil,
    kind: SignalKind? = nil, low: Double? = nil, high: Double? = nil,
    specification: Specification? = nil, factor: Double = 1, offset: Double = 0,
    interval: Duration? = nil
  ) {
    self.pattern = pattern
    self.label = label
    self.unit = unit
    self.place = place
    self.kind = kind
    self.low = low
    self.high = high
    self.specification = specification
    self.factor = factor
    self.offset = offset
    self.interval = interval
  }
}

/// What a period's values below it allow to say of its mean.
public enum PeriodFlag: String, Hashable, Sendable, CaseIterable {
  /// Enough values, and enough of them normal.
  case normal = "N"
  /// Enough values, but too many of them not normal.
  case abnormal = "D"
  /// Too few values: the mean is only indicative and is judged against no limit.
  case tooFew = "X"
}

/// A mean of one factor over one period, with what belongs to it: one row of the record.
public struct PeriodValue: Hashable, Sendable {
  /// `emission.a21026{outlet=stack 1}`: the factor at its outlet, whatever the period.
  public var signal: SignalName
  public var kind: PeriodKind
  /// Together with `signal` and `kind` it names one row; a later value replaces an earlier one.
  public var start: Timestamp
  public var end: Timestamp
  /// As measured, in the factor's unit; nil without any value.
  public var mean: Double?
  /// The smallest reading that counted.
  public var minimum: Double?
  /// The largest reading that counted.
  public var maximum: Double?
  /// Kilograms of a pollutant, cubic metres of a flow; nil where the flow is not known.
  public var total: Double?
  /// What limits are judged on: at the reference oxygen, less the confidence interval where the
  /// averaging profile knows one. Nil for flow and oxygen, and where it cannot be said.
  public var converted: Double?
  /// Values below it that counted: readings of a minute, minutes of an hour, hours of a day.
  public var count: Int
  public var flag: PeriodFlag
  /// Per cent of the values that the period has room for; for a minute, of the readings received.
  public var capturePercent: Double
  /// The limit on `converted`, nil without one.
  public var limit: Double?

  /// One row.
  public init(
    signal: SignalName, kind: PeriodKind, start: Timestamp, end: Timestamp, mean: Double? = nil,
    minimum: Double? = nil, maximum: Double? = nil, total: Double? = nil,
    converted: Double? = nil, count: Int, flag: PeriodFlag, capturePercent: Double = 0,
    limit: Double? = nil
  ) {
    self.signal = signal
    self.kind = kind
    self.start = start
    self.end = end
    self.mean = mean
    self.minimum = minimum
    self.maximum = maximum
    self.total = total
    self.converted = converted
    self.count = count
    self.flag = flag
    self.capturePercent = capturePercent
    self.limit = limit
  }

  /// Whether the mean exceeds its limit; nil without a limit, with too few values, or where there is
  /// no converted mean.
  public var isOverLimit: Bool? {
    guard let limit, let converted, flag != .tooFew else { return nil }
    return converted > limit
  }
}

/// Settings of an EWMA chart.
public struct EWMASettings: Hashable, Sendable {
  /// The weight λ of the newest value, above 0 and at most 1; smaller finds smaller drifts, later.
  public var weight = 0.2
  /// The width L of the limits in standard deviations of the statistic, above 0.
  public var width = 3.0

  /// The usual settings: λ = 0.2, L = 3.
  public init() {}
}

/// An exponentially weighted moving average chart: finds small, lasting drifts a limit misses.
///
///     z₀ = mean,  zₜ = λ·xₜ + (1 − λ)·zₜ₋₁,  alarm when |zₜ − mean| > L·σ·√(λ / (2 − λ))
///
/// Source: S. W. Roberts, Technometrics 1(3), 1959; the limit is the long-run one, so the first
/// few samples are judged leniently.
struct EWMAChart {
  let settings: EWMASettings
  private var baseline: RunningBaseline
  private var average: Double?

  init(_ settings: EWMASettings, _ baseline: Baseline) {
    self.settings = settings
    self.baseline = RunningBaseline(baseline)
  }

  /// Undecided while the baseline is being learned.
  mutating func judge(_ value: Double) -> Judgement? {
    guard let (mean, sigma) = baseline.reference(for: value) else { return nil }
    let next = settings.weight * value + (1 - settings.weight) * (average ?? mean)
    average = next
    let reach =
      settings.width * sigma * (settings.weight / (2 - settings.weight)).squareRoot()
    return Judgement(
      holds: abs(next - mean) > reach, value: next,
      limit: next < mean ? mean - reach : mean + reach)
  }

  func save(to memory: inout MemoryWriter) {
    baseline.save(to: &memory)
    memory.put(average)
  }

  mutating func load(from memory: inout MemoryReader) throws(MemoryFault) {
    try baseline.load(from: &memory)
    average = try memory.optionalDouble()
  }
}

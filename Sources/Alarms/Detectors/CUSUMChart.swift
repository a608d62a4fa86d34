/// Settings of a CUSUM chart.
public struct CUSUMSettings: Hashable, Sendable {
  /// The slack k in standard deviations, zero or more: half the shift that is to be found.
  public var slack = 0.5
  /// The decision level h in standard deviations, above zero.
  public var decision = 5.0

  /// The usual settings: k = 0.5, h = 5.
  public init() {}
}

/// A tabular cumulative sum chart: finds a lasting shift of the mean.
///
///     C⁺ₜ = max(0, C⁺ₜ₋₁ + (xₜ − mean)/σ − k),  C⁻ₜ = max(0, C⁻ₜ₋₁ − (xₜ − mean)/σ − k),
///     alarm when C⁺ₜ > h or C⁻ₜ > h
///
/// Source: E. S. Page, Biometrika 41, 1954; two-sided form as in D. C. Montgomery, Introduction to
/// Statistical Quality Control. Departure: the sums stop at 2·h, so that the alarm ends soon after
/// the process has come back, however long it was away.
struct CUSUMChart {
  let settings: CUSUMSettings
  private var baseline: RunningBaseline
  private var upper = 0.0
  private var lower = 0.0

  init(_ settings: CUSUMSettings, _ baseline: Baseline) {
    self.settings = settings
    self.baseline = RunningBaseline(baseline)
  }

  /// Undecided while the baseline is being learned.
  mutating func judge(_ value: Double) -> Judgement? {
    guard let (mean, sigma) = baseline.reference(for: value) else { return nil }
    let distance = (value - mean) / sigma
    let ceiling = 2 * settings.decision
    upper = min(ceiling, max(0, upper + distance - settings.slack))
    lower = min(ceiling, max(0, lower - distance - settings.slack))
    let sum = max(upper, lower)
    return Judgement(holds: sum > settings.decision, value: sum, limit: settings.decision)
  }

  func save(to memory: inout MemoryWriter) {
    baseline.save(to: &memory)
    memory.put(upper)
    memory.put(lower)
  }

  mutating func load(from memory: inout MemoryReader) throws(MemoryFault) {
    try baseline.load(from: &memory)
    upper = try memory.double()
    lower = try memory.double()
  }
}

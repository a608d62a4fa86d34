import FactoryModel

/// The same parts measured again and again: how much of the spread is the gauge's, how much the parts'.
///
/// One-way analysis of variance over parts (AIAG, Measurement Systems Analysis, 4th ed., ANOVA method with
/// one appraiser): with nᵢ values of part i, N in all and k parts,
///
///     σ²(repeat) = Σ (nᵢ − 1) sᵢ² / (N − k)
///     σ²(parts)  = max(0, (MSB − σ²(repeat)) / n₀),  n₀ = (N − Σ nᵢ² / N) / (k − 1)
///
/// There is no appraiser to reproduce, so gauge R&R is repeatability alone.
public struct RepeatabilityStudy: Hashable, Sendable {
  /// The values of one part.
  public struct Part: Hashable, Sendable {
    public var name: String
    public var values: [Double]
    /// Images inspected, with a value or without, and how many of each outcome.
    public var outcomes: [Outcome: Int]

    /// A part.
    public init(name: String, values: [Double], outcomes: [Outcome: Int]) {
      self.name = name
      self.values = values
      self.outcomes = outcomes
    }

    /// Nil without values.
    public var mean: Double? {
      values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// The standard deviation of a sample; nil for fewer than two values.
    public var deviation: Double? {
      guard values.count > 1 else { return nil }
      return (squares / Double(values.count - 1)).squareRoot()
    }

    /// Largest less smallest value; nil without values.
    public var range: Double? {
      guard let low = values.min(), let high = values.max() else { return nil }
      return high - low
    }

    /// Σ (x − mean)².
    fileprivate var squares: Double {
      let mean = mean ?? 0
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
  }

  /// In the order given.
  public var parts: [Part]
  /// Standard deviation of the same part measured again, with its 95 % interval; nil where no part has
  /// two values.
  public private(set) var repeatability: Double?
  public private(set) var interval: FigureInterval?
  /// Standard deviation from part to part; nil for fewer than two parts.
  public private(set) var partToPart: Double?

  /// The study of `parts`.
  public init(_ parts: [Part]) {
    self.parts = parts
    let measured = parts.filter { !$0.values.isEmpty }
    let total = measured.reduce(0) { $0 + $1.values.count }
    let freedom = total - measured.count
    guard freedom > 0 else { return }
    let within = measured.reduce(0) { $0 + $1.squares } / Double(freedom)
    repeatability = within.squareRoot()
    interval = Self.interval(within.squareRoot(), freedom: Double(freedom))
    guard measured.count > 1 else { return }
    let sum = measured.reduce(0) { $0 + $1.values.reduce(0, +) }
    let mean = sum / Double(total)
    var (between, squaredCounts) = (0.0, 0.0)
    for part in measured {
      let (count, offset) = (Double(part.values.count), (part.mean ?? mean) - mean)
      between += count * offset * offset
      squaredCounts += count * count
    }
    let degrees = Double(measured.count - 1)
    let count = (Double(total) - squaredCounts / Double(total)) / degrees
    partToPart = max(0, (between / degrees - within) / count).squareRoot()
  }

  /// Parts on which every image had the same verdict.
  public var agreeing: Int { parts.count { $0.outcomes.count == 1 } }

  /// Gauge R&R as a share of the whole spread, σ(repeat) / √(σ²(repeat) + σ²(parts)).
  public var shareOfVariation: Double? {
    guard let repeatability, let partToPart else { return nil }
    let whole = (repeatability * repeatability + partToPart * partToPart).squareRoot()
    return whole > 0 ? repeatability / whole : nil
  }

  /// Gauge R&R as a share of a tolerance from limit to limit: 6 σ(repeat) / tolerance.
  public func share(ofTolerance tolerance: Double) -> Double? {
    repeatability.map { 6 * $0 / tolerance }
  }

  /// Classes of parts that the gauge tells apart, ⌊√2 · σ(parts) / σ(repeat)⌋; nil when it never errs.
  public var distinctCategories: Int? {
    guard let repeatability, let partToPart, repeatability > 0 else { return nil }
    return Int((2.0.squareRoot() * partToPart / repeatability).rounded(.down))
  }

  /// σ √(ν / χ²) at both ends, with the quantiles of χ² after Wilson and Hilferty (1931).
  private static func interval(_ deviation: Double, freedom: Double) -> FigureInterval {
    func bound(_ z: Double) -> Double {
      let root = 1 - 2 / (9 * freedom) + z * (2 / (9 * freedom)).squareRoot()
      return deviation / (max(root * root * root, 1e-9)).squareRoot()
    }
    return FigureInterval(low: bound(1.959964), high: bound(-1.959964))
  }

  /// One JSON object on one line; `unit` of the values, `tolerance` in it, nil: not given.
  public func json(unit: String, tolerance: Double?) -> String {
    let list = JSONText.list(parts) { part in
      JSONText.object([
        ("part", JSONText.string(part.name)),
        ("verdicts", JSONText.object(part.outcomeCounts.map { ($0.0.rawValue, "\($0.1)") })),
        ("values", "\(part.values.count)"), ("mean", JSONText.number(part.mean)),
        ("deviation", JSONText.number(part.deviation)), ("range", JSONText.number(part.range)),
      ])
    }
    let bounds = interval.map { "[\(JSONText.number($0.low)),\(JSONText.number($0.high))]" }
    return JSONText.object([
      ("unit", JSONText.string(unit)), ("repeatability", JSONText.number(repeatability)),
      ("repeatabilityInterval", bounds ?? "null"), ("partToPart", JSONText.number(partToPart)),
      ("shareOfVariation", JSONText.number(shareOfVariation)),
      ("shareOfTolerance", JSONText.number(tolerance.flatMap { share(ofTolerance: $0) })),
      ("distinctCategories", distinctCategories.map { "\($0)" } ?? "null"),
      ("agreeingParts", "\(agreeing)"), ("parts", list),
    ])
  }
}

extension RepeatabilityStudy.Part {
  /// The outcomes that occurred and how often, in the order of `Outcome`.
  public var outcomeCounts: [(Outcome, Int)] {
    Outcome.allCases.compactMap { outcome in outcomes[outcome].map { (outcome, $0) } }
  }
}

import Alarms
import FactoryModel
import Storage

// X̄ and R charts with process capability.
//
// A subgroup is five readings in a row, so that what differs inside it is the short-term spread
// alone; its mean is watched by limits that come from that spread:
//
//     σ̂ = R̄ / d₂      X̄ limits: X̿ ± 3·σ̂/√n      R limits: D₃·R̄ and D₄·R̄
//     Cp = (U − L) / 6σ̂      Cpk = min(U − X̿, X̿ − L) / 3σ̂      Ppk: the same with s of all readings
//
// n = 5: d₂ = 2.326, D₃ = 0, D₄ = 2.114. Source: ISO 7870-2:2013, and ISO 22514-2:2017.
// All readings as subgroups would be millions of points; one subgroup at the beginning of each
// equal piece of the range is what a person with a gauge does too.

/// Means and ranges of a measured signal's subgroups, and how it keeps to its specification.
public struct MeasurementChart: Hashable, Sendable {
  /// Five readings in a row.
  public struct Subgroup: Hashable, Sendable {
    /// The piece of the range that they stand for; they are its first usable ones.
    public var piece: Range<Timestamp>
    public var mean: Double
    /// Largest less smallest.
    public var range: Double
    /// Patterns that the mean completes.
    public var rules: [NelsonRule] = []
  }

  /// Readings of a subgroup.
  public static let size = 5
  private static let d2 = 2.326
  private static let upperRangeFactor = 2.114

  public var signal: SignalName
  public var specification: Specification
  /// Of the pieces that a subgroup each is taken from.
  public var piece: Duration
  /// In order; a piece with fewer than five usable readings has none.
  public var subgroups: [Subgroup]
  /// Usable readings of the whole range.
  public var readings: Int
  /// Of them, those beyond the specification.
  public var outside: Int
  /// Of all usable readings, nil without any.
  public var overallMean: Double?
  /// Of all usable readings, nil with fewer than two.
  public var overallSigma: Double?

  /// The mean of the subgroups' means, nil without any.
  public var mean: Double? { Self.mean(subgroups.map(\.mean)) }
  /// The mean of the subgroups' ranges, nil without any.
  public var meanRange: Double? { Self.mean(subgroups.map(\.range)) }
  /// Short-term standard deviation, nil without subgroups.
  public var sigma: Double? { meanRange.map { $0 / Self.d2 } }
  /// How far the limits of the means lie from their mean.
  public var reach: Double? { sigma.map { 3 * $0 / Double(Self.size).squareRoot() } }
  /// Upper limit of the ranges; their lower limit is 0.
  public var upperRange: Double? { meanRange.map { $0 * Self.upperRangeFactor } }

  /// Spread beside the width of the specification; nil where an end or the spread is missing.
  public var cp: Double? {
    guard let low = specification.low, let high = specification.high, let sigma, sigma > 0 else {
      return nil
    }
    return (high - low) / (6 * sigma)
  }

  /// Distance of the mean from the nearer end, in three short-term standard deviations.
  public var cpk: Double? { capability(mean, sigma) }

  /// The same of all readings, with what changes between subgroups.
  public var ppk: Double? { capability(overallMean, overallSigma) }

  private func capability(_ mean: Double?, _ sigma: Double?) -> Double? {
    guard let mean, let sigma, sigma > 0 else { return nil }
    let ends = [specification.high.map { $0 - mean }, specification.low.map { mean - $0 }]
    return ends.compactMap(\.self).min().map { $0 / (3 * sigma) }
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

extension MeasurementChart {
  /// Subgroups whose mean completes a pattern or whose range is beyond its limit.
  public var violations: [Subgroup] { subgroups.filter { !$0.rules.isEmpty || isWide($0) } }

  /// Whether a subgroup's range is beyond its limit.
  public func isWide(_ subgroup: Subgroup) -> Bool {
    upperRange.map { subgroup.range > $0 } ?? false
  }

  /// Marks the subgroups whose means complete one of Nelson's patterns.
  fileprivate mutating func judge() {
    guard let mean, let reach, reach > 0 else { return }
    let distances = subgroups.map { ($0.mean - mean) / (reach / 3) }
    let found = NelsonRule.completed(Set(NelsonRule.allCases), by: distances)
    for (place, rules) in found.enumerated() { subgroups[place].rules = rules }
  }
}

extension PlantRecord {
  /// Charts of every signal that has a specification and usable readings, in order of appearance.
  /// - Parameter descriptions: what the site file says of signals; earlier ones win.
  public func measurements(
    in range: Range<Timestamp>, _ descriptions: [SignalDescription]
  ) throws -> [MeasurementChart] {
    try recordedSignals().compactMap { signal in
      guard
        let known = descriptions.first(where: { $0.pattern.matches(signal) })?.specification
      else { return nil }
      let chart = try measurement(of: signal, in: range, known)
      return chart.readings > 0 ? chart : nil
    }
  }

  private func measurement(
    of signal: SignalName, in range: Range<Timestamp>, _ specification: Specification
  ) throws -> MeasurementChart {
    let length = Self.piece(of: range.duration)
    var gatherer = SubgroupGatherer(range, piece: length, specification)
    try history.visit(signal, in: range) { samples in
      for sample in samples where sample.quality != .bad && sample.value.isFinite {
        gatherer.add(sample)
      }
    }
    var chart = MeasurementChart(
      signal: signal, specification: specification, piece: length,
      subgroups: gatherer.subgroups, readings: gatherer.count, outside: gatherer.outside,
      overallMean: gatherer.count > 0 ? gatherer.mean : nil,
      overallSigma: gatherer.count > 1
        ? (gatherer.squares / Double(gatherer.count - 1)).squareRoot() : nil)
    chart.judge()
    return chart
  }

  /// Lengths of the pieces that a range is cut into.
  private static let pieces = [60, 300, 600, 1_800, 3_600, 14_400, 43_200, 86_400, 604_800]
  private static let mostPieces = 64

  /// The shortest length that gives at most 64 pieces.
  private static func piece(of duration: Duration) -> Duration {
    let found = pieces.first { Int(duration.inSeconds / Double($0)) < mostPieces }
    return .seconds(found ?? pieces[pieces.count - 1])
  }
}

/// Takes subgroups and overall figures out of a stream of usable readings.
private struct SubgroupGatherer {
  private let range: Range<Timestamp>
  private let piece: Duration
  private let specification: Specification
  private var place = Int64(-1)
  private var values: [Double] = []
  private(set) var subgroups: [MeasurementChart.Subgroup] = []
  private(set) var count = 0
  private(set) var outside = 0
  /// Welford's running mean and sum of squares (1962).
  private(set) var mean = 0.0
  private(set) var squares = 0.0

  init(_ range: Range<Timestamp>, piece: Duration, _ specification: Specification) {
    self.range = range
    self.piece = piece
    self.specification = specification
  }

  mutating func add(_ sample: Sample) {
    count += 1
    let delta = sample.value - mean
    mean += delta / Double(count)
    squares += delta * (sample.value - mean)
    if sample.value < specification.low ?? -.infinity
      || sample.value > specification.high ?? .infinity
    {
      outside += 1
    }
    let own = (sample.time - range.lowerBound).inNanoseconds / piece.inNanoseconds
    if own != place {
      place = own
      values.removeAll(keepingCapacity: true)
    }
    guard values.count < MeasurementChart.size else { return }
    values.append(sample.value)
    guard values.count == MeasurementChart.size, let low = values.min(), let high = values.max()
    else { return }
    let start = range.lowerBound + piece * Int(own)
    subgroups.append(
      MeasurementChart.Subgroup(
        piece: start..<min(start + piece, range.upperBound),
        mean: values.reduce(0, +) / Double(values.count), range: high - low))
  }
}

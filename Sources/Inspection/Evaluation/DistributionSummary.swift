/// The scores or brightnesses of the images at teaching, to compare later batches with.
public struct DistributionSummary: Hashable, Sendable, Codable {
  /// Images summarised.
  public let count: Int
  /// The quantiles 0, 1, …, 100 %, ascending.
  public let quantiles: [Double]

  /// Summarises `values`, finite and at least one.
  public init(of values: [Double]) {
    precondition(!values.isEmpty && values.allSatisfy(\.isFinite), "no numbers to summarise")
    let sorted = values.sorted()
    count = values.count
    quantiles = (0...100).map { quantile(ofSorted: sorted, Double($0) / 100) }
  }

  /// Adds the sections `NAME.count` and `NAME.quantiles` to an archive.
  public func store(as name: String, in archive: inout ModelArchive) {
    archive.set("\(name).count", [UInt64(count)])
    archive.set("\(name).quantiles", quantiles)
  }

  /// Reads what `store` wrote. Throws `ModelError.damaged` when it is absent or out of order.
  public init(_ name: String, from archive: ModelArchive) throws(ModelError) {
    let counts = try archive.get("\(name).count", as: UInt64.self)
    quantiles = try archive.get("\(name).quantiles", as: Double.self)
    guard counts.count == 1, counts[0] > 0, quantiles.count == 101,
      quantiles.allSatisfy(\.isFinite), zip(quantiles, quantiles.dropFirst()).allSatisfy(<=)
    else { throw .damaged(reason: "section \(name).quantiles is out of order") }
    count = Int(clamping: counts[0])
  }

  /// The share of taught values below `value` (`including` it: at or below), linear between the
  /// stored quantiles.
  func share(below value: Double, including: Bool) -> Double {
    let below = quantiles.count { including ? $0 <= value : $0 < value }
    if below == 0 { return 0 }
    if below == quantiles.count { return 1 }
    let (low, high) = (quantiles[below - 1], quantiles[below])
    let part = high > low ? (value - low) / (high - low) : 0
    return (Double(below - 1) + part) / 100
  }

  /// Kolmogorov–Smirnov: the largest difference between the share of `values` and the share of
  /// taught values below any number; 0...1. `values` must not be empty.
  public func distance(to values: [Double]) -> Double {
    precondition(!values.isEmpty, "an empty batch")
    let sorted = values.sorted()
    let count = Double(sorted.count)
    var largest = 0.0
    var index = 0
    while index < sorted.count {
      let value = sorted[index]
      let before = Double(index) / count
      while index < sorted.count, sorted[index] == value { index += 1 }
      let after = Double(index) / count
      largest = max(
        largest, abs(share(below: value, including: false) - before),
        abs(share(below: value, including: true) - after))
    }
    return largest
  }
}

/// Compares a batch with what the recipe was taught with.
///
/// Warns when at least `smallestBatch` images came, the Kolmogorov–Smirnov distance D is
/// significant, D > 1.95 · √((n + m) / (n · m)) (about 1 in 1,000, Smirnov 1948), at least 0.5, and
/// the batch's median lies outside the middle 90 % at teaching. The last two keep a batch of a few
/// similar parts, or one with many defects, from raising an alarm.
public struct DriftCheck: Sendable {
  /// Mean gray level of the images at teaching, 0...255.
  public var brightness: DistributionSummary
  /// Scores of held-out good parts at teaching.
  public var score: DistributionSummary?
  /// Fewer images are never judged.
  public var smallestBatch: Int

  /// What to compare with.
  public init(
    brightness: DistributionSummary, score: DistributionSummary? = nil, smallestBatch: Int = 20
  ) {
    self.brightness = brightness
    self.score = score
    self.smallestBatch = smallestBatch
  }

  /// Warnings in the user's words, empty when the batch looks as at teaching. Values are of images
  /// that could be inspected.
  public func warnings(brightness batch: [Double], scores: [Double]) -> [String] {
    var warnings: [String] = []
    if let found = shift(of: batch, from: brightness) {
      warnings.append(
        "camera or light has changed: mean brightness \(found) at teaching; check lamp, exposure "
          + "and lens, or teach again")
    }
    if let score, let found = shift(of: scores, from: score) {
      warnings.append(
        "scores have shifted: median score \(found) for good parts at teaching; look at the "
          + "worst rejects, then check camera and light, or teach again")
    }
    return warnings
  }

  private func shift(of values: [Double], from taught: DistributionSummary) -> String? {
    let values = values.filter(\.isFinite)
    guard values.count >= max(smallestBatch, 1) else { return nil }
    let median = quantile(ofSorted: values.sorted(), 0.5)
    let (low, high) = (taught.quantiles[5], taught.quantiles[95])
    guard median < low || median > high else { return nil }
    let (n, m) = (Double(values.count), Double(taught.count))
    let critical = 1.95 * ((n + m) / (n * m)).squareRoot()
    guard taught.distance(to: values) >= max(critical, 0.5) else { return nil }
    return "\(Self.short(median)) against \(Self.short(low))..\(Self.short(high))"
  }

  /// Whole numbers from 10 on, two decimals below.
  private static func short(_ value: Double) -> String {
    abs(value) >= 10 ? "\(Int(value.rounded()))" : "\((value * 100).rounded() / 100)"
  }
}

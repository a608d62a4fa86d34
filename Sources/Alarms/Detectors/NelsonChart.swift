/// The eight tests for patterns that chance hardly makes.
///
/// Source: L. S. Nelson, Journal of Quality Technology 16(4), 1984. Western Electric's rules number
/// them otherwise and are not meant here.
public enum NelsonRule: String, Hashable, Sendable, CaseIterable {
  /// One point beyond 3 σ.
  case beyondThreeSigma = "nelson-1"
  /// Nine points in a row on one side of the mean.
  case nineOnOneSide = "nelson-2"
  /// Six points in a row, each above the one before or each below it.
  case sixTrending = "nelson-3"
  /// Fourteen points in a row, up and down by turns.
  case fourteenAlternating = "nelson-4"
  /// Two of three points in a row beyond 2 σ on one side, the newest among them.
  case twoOfThreeBeyondTwoSigma = "nelson-5"
  /// Four of five points in a row beyond 1 σ on one side, the newest among them.
  case fourOfFiveBeyondOneSigma = "nelson-6"
  /// Fifteen points in a row within 1 σ.
  case fifteenWithinOneSigma = "nelson-7"
  /// Eight points in a row beyond 1 σ, on both sides.
  case eightBeyondOneSigma = "nelson-8"
}

extension NelsonRule {
  /// Which of some rules each point of a finished chart completes, in the order of the rules.
  /// - Parameter distances: of the points from the mean, in standard deviations, in order.
  public static func completed(
    _ rules: Set<NelsonRule>, by distances: [Double]
  ) -> [[NelsonRule]] {
    let rules = allCases.filter(rules.contains)
    return distances.indices.map { place in
      // No pattern looks back further than fifteen points.
      let last = Array(distances[max(0, place - 14)...place])
      return rules.filter { NelsonChart.holds($0, last) }
    }
  }
}

/// Watches one signal under some of Nelson's rules; the alarm holds while the newest point completes
/// a pattern.
struct NelsonChart {
  private let rules: [NelsonRule]
  private var baseline: RunningBaseline
  /// Distances from the mean in standard deviations, at most the last fifteen, the newest last.
  private var distances: [Double] = []

  init(_ rules: Set<NelsonRule>, _ baseline: Baseline) {
    self.rules = NelsonRule.allCases.filter(rules.contains)
    self.baseline = RunningBaseline(baseline)
  }

  /// Undecided while the baseline is being learned. The comment names the patterns found.
  mutating func judge(_ value: Double) -> Judgement? {
    guard let (mean, sigma) = baseline.reference(for: value) else { return nil }
    if distances.count == 15 { distances.removeFirst() }
    distances.append((value - mean) / sigma)
    let found = rules.filter { Self.holds($0, distances) }
    return Judgement(
      holds: !found.isEmpty, value: value,
      limit: found.first == .beyondThreeSigma ? mean + (value < mean ? -3 : 3) * sigma : nil,
      comment: found.isEmpty ? nil : found.map(\.rawValue).joined(separator: " "))
  }

  func save(to memory: inout MemoryWriter) {
    baseline.save(to: &memory)
    memory.put(distances)
  }

  mutating func load(from memory: inout MemoryReader) throws(MemoryFault) {
    try baseline.load(from: &memory)
    distances = try memory.doubles()
  }

  /// Whether the last of `points` completes the rule's pattern.
  static func holds(_ rule: NelsonRule, _ points: [Double]) -> Bool {
    switch rule {
    case .beyondThreeSigma: return points.last.map { abs($0) > 3 } ?? false
    case .nineOnOneSide:
      let last = points.suffix(9)
      return last.count == 9 && (last.allSatisfy { $0 > 0 } || last.allSatisfy { $0 < 0 })
    case .sixTrending:
      let steps = steps(points, 6)
      return steps.count == 5 && (steps.allSatisfy { $0 > 0 } || steps.allSatisfy { $0 < 0 })
    case .fourteenAlternating:
      let steps = steps(points, 14)
      return steps.count == 13 && zip(steps, steps.dropFirst()).allSatisfy { $0 * $1 < 0 }
    case .twoOfThreeBeyondTwoSigma: return share(points, least: 2, of: 3, beyond: 2)
    case .fourOfFiveBeyondOneSigma: return share(points, least: 4, of: 5, beyond: 1)
    case .fifteenWithinOneSigma:
      let last = points.suffix(15)
      return last.count == 15 && last.allSatisfy { abs($0) < 1 }
    case .eightBeyondOneSigma:
      let last = points.suffix(8)
      return last.count == 8 && last.allSatisfy { abs($0) > 1 }
        && last.contains { $0 > 0 } && last.contains { $0 < 0 }
    }
  }

  /// The signs of the steps between the last `count` points: −1, 0 or 1.
  private static func steps(_ points: [Double], _ count: Int) -> [Int] {
    let last = points.suffix(count)
    return zip(last, last.dropFirst()).map { $1 > $0 ? 1 : $1 < $0 ? -1 : 0 }
  }

  /// Whether the newest point and enough of the last `count` are beyond `bound` on one side. Fewer
  /// points than `count` do when enough of them are.
  private static func share(
    _ points: [Double], least: Int, of count: Int, beyond bound: Double
  ) -> Bool {
    guard let newest = points.last, abs(newest) > bound else { return false }
    let last = points.suffix(count)
    return last.count { newest > 0 ? $0 > bound : $0 < -bound } >= least
  }
}

import FactoryModel

/// A threshold and what to expect of it. Rejected is a score at or above the threshold.
public struct ThresholdChoice: Hashable, Sendable {
  /// On the scale of the scores.
  public var threshold: Double
  /// The rule it came from.
  public var rule: ThresholdRule
  /// Share of good parts that will be rejected; 0...1, nil when no good part was scored.
  public var expectedFalseRejectRate: Double?
  /// Share of defective parts that will pass; 0...1, nil when no defective part was scored.
  public var expectedEscapeRate: Double?
  /// What the threshold does to the scores it was chosen from.
  public var confusion: Confusion
  /// What the user should know, nil when nothing is amiss.
  public var warning: String?
  /// The images of good parts that did not set the threshold, the highest score first.
  public var outliers: [LabelledScore] = []

  /// Chooses by `rule` from the scores of images that the model was not taught with.
  ///
  /// False-reject rate α (split conformal, Vovk et al. 2005): of n good scores in ascending order
  /// the k-th, k = ⌈(n + 1)(1 − α)⌉; a score above it rejects. For exchangeable good images the
  /// chance of rejecting the next one is at most (n + 1 − k) / (n + 1) ≤ α. With k > n no score
  /// guarantees α: the highest is taken, expected rate 1 / (n + 1), and a warning says so.
  /// Among typical parts: the same without the scores beyond Tukey's upper fence, Q3 + 1.5 (Q3 − Q1)
  /// (Exploratory Data Analysis, 1977), at most one in twenty: more are no outliers. The expected
  /// rate counts them, and a warning says how many.
  /// Labelled rules place the threshold midway between neighbouring scores; among equals the
  /// lower threshold wins (fewer escapes), but for zero escapes the highest possible one.
  public init(_ rule: ThresholdRule, from images: [LabelledScore]) throws(ThresholdError) {
    let good = images.filter { !$0.isDefective }.map(\.score).sorted()
    let defective = images.filter(\.isDefective).map(\.score)
    switch rule {
    case .value(let value): self.init(value, rule, images)
    case .falseRejectRate(let rate):
      guard !good.isEmpty else { throw .noGoodParts(rule: rule) }
      self.init(rule, falseRejectRate: rate, good, images)
    case .typicalFalseRejectRate(let rate):
      guard !good.isEmpty else { throw .noGoodParts(rule: rule) }
      self.init(typicalFalseRejectRate: rate, good, images)
    case .zeroEscapes:
      guard let lowest = defective.min() else { throw .noDefectiveParts(rule: rule) }
      let below = good.last { $0 < lowest }
      self.init(below.map { Self.midway($0, lowest) } ?? lowest, rule, images)
    case .bestF1:
      guard !defective.isEmpty else { throw .noDefectiveParts(rule: rule) }
      guard !good.isEmpty else { throw .noGoodParts(rule: rule) }
      self.init(Self.cheapest(images) { -($0.f1 ?? 0) }, rule, images)
    case .cost(let escape, let falseReject):
      guard !defective.isEmpty else { throw .noDefectiveParts(rule: rule) }
      guard !good.isEmpty else { throw .noGoodParts(rule: rule) }
      let threshold = Self.cheapest(images) {
        escape * Double($0.escapes) + falseReject * Double($0.falseRejects)
      }
      self.init(threshold, rule, images)
    }
  }

  private init(_ threshold: Double, _ rule: ThresholdRule, _ images: [LabelledScore]) {
    self.threshold = threshold
    self.rule = rule
    confusion = Confusion(images, threshold: threshold)
    expectedFalseRejectRate = confusion.falseRejectRate
    expectedEscapeRate = confusion.recall.map { 1 - $0 }
  }

  private init(
    _ rule: ThresholdRule, falseRejectRate rate: Double, _ good: [Double], _ images: [LabelledScore]
  ) {
    let count = good.count
    // The small slack keeps (n + 1)(1 − α) = 99.00000000000001 from becoming 100.
    let wanted = Int((Double(count + 1) * (1 - rate) - 1e-9).rounded(.up))
    let rank = min(max(wanted, 1), count)
    self.init(good[rank - 1].nextUp, rule, images)
    expectedFalseRejectRate = Double(count + 1 - rank) / Double(count + 1)
    guard wanted > count else { return }
    warning =
      Self.tooFew(count, for: rate) + "; the threshold lies above the highest of "
      + "them, expect up to \((1 / Double(count + 1)).percent(digits: 2)); give more good parts"
  }

  private static func tooFew(_ count: Int, for rate: Double) -> String {
    let needed = rate > 0 ? "\(Int((1 / rate - 1 - 1e-9).rounded(.up)))" : "infinitely many"
    return
      "\(count) held-out good \(count == 1 ? "part is" : "parts are") too few to promise a "
      + "false-reject rate of \(rate.percent(digits: 2)), \(needed) are needed"
  }

  private init(typicalFalseRejectRate rate: Double, _ good: [Double], _ images: [LabelledScore]) {
    let lower = good[good.count / 4]
    let upper = good[good.count * 3 / 4]
    let beyond = good.count { $0 > upper + 1.5 * (upper - lower) }
    let typical = Array(good.dropLast(min(beyond, max(1, good.count / 20))))
    self.init(.typicalFalseRejectRate(rate), falseRejectRate: rate, typical, images)
    let outliers = good.count - typical.count
    guard outliers > 0 else { return }
    let typicalRate = expectedFalseRejectRate ?? rate
    let expected = (typicalRate * Double(typical.count) + Double(outliers)) / Double(good.count)
    expectedFalseRejectRate = expected
    let descending = images.filter { !$0.isDefective }.sorted { $0.score > $1.score }
    self.outliers = Array(descending.prefix(outliers))
    let notice =
      "\(outliers) of \(good.count) held-out good parts \(outliers == 1 ? "scores" : "score") far "
      + "above the others and did not set the threshold: expect \(expected.percent(digits: 2)) of good parts rejected; look at them, or "
      + "count them with --threshold false-reject=1%"
    // The parts to look at come last, so that their names can follow.
    let isTooFew = warning != nil
    warning =
      (isTooFew ? Self.tooFew(typical.count, for: rate) + "; give more good parts; " : "") + notice
  }

  /// The lowest threshold with the least `cost`, in one pass over the distinct scores.
  private static func cheapest(_ images: [LabelledScore], _ cost: (Confusion) -> Double) -> Double {
    let sorted = images.sorted { $0.score < $1.score }
    var counts = Confusion(images, threshold: -.infinity)
    var best = (cost: cost(counts), threshold: sorted[0].score)
    var index = 0
    while index < sorted.count {
      let score = sorted[index].score
      while index < sorted.count, sorted[index].score == score {
        if sorted[index].isDefective {
          counts.escapes += 1
          counts.defectsRejected -= 1
        } else {
          counts.goodPassed += 1
          counts.falseRejects -= 1
        }
        index += 1
      }
      let next = index < sorted.count ? midway(score, sorted[index].score) : score.nextUp
      if cost(counts) < best.cost { best = (cost(counts), next) }
    }
    return best.threshold
  }

  /// Above `low`, at most `high`.
  private static func midway(_ low: Double, _ high: Double) -> Double {
    let middle = low + (high - low) / 2
    return middle > low ? middle : high
  }
}

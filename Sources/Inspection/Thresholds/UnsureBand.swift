import FactoryModel

/// How far below the threshold a person looks: scores from `low` up to the threshold are unsure.
public struct UnsureBand: Hashable, Sendable {
  /// The lowest unsure score.
  public var low: Double
  /// Share of defective parts that will pass unseen, 0 to 1, for a guarantee over parts like those
  /// scored; nil when none was scored.
  public var expectedEscapeRate: Double?
  /// What the user should know, nil when nothing is amiss.
  public var warning: String?

  /// The narrowest band below `threshold` that lets no more than `escapeRate` of defective parts pass,
  /// from scores of images that the model was not taught with.
  ///
  /// Split conformal (Vovk et al. 2005): of n defective scores in ascending order the k-th,
  /// k = ⌊(n + 1) · rate⌋; the chance that the next one lies below it is at most k / (n + 1). With k = 0
  /// no score promises the rate: the lowest is taken, and a warning says so. Throws without a
  /// defective image.
  public init(
    escapeRate: Double, below threshold: Double, from images: [LabelledScore]
  ) throws(UnsureBandError) {
    let scores = images.filter(\.isDefective).map(\.score).sorted()
    guard let lowest = scores.first else { throw .noDefectiveParts }
    let rank = Int(Double(scores.count + 1) * escapeRate + 1e-9)
    low = min(rank > 0 ? scores[min(rank, scores.count) - 1] : lowest, threshold)
    expectedEscapeRate = Double(max(rank, 1)) / Double(scores.count + 1)
    guard rank == 0 else { return }
    let needed = escapeRate > 0 ? "\(Int((1 / escapeRate - 1 - 1e-9).rounded(.up)))" : "endless"
    warning =
      "\(scores.count) held-out defective images are too few to promise an escape rate of "
      + "\(escapeRate.percent(digits: 2)), \(needed) are needed; the band starts at the lowest of their "
      + "scores, expect up to \((1 / Double(scores.count + 1)).percent(digits: 2)); give more of them"
  }
}

/// What the user wants of the band: `escape=0.5%`, `from=0.2` (the lowest unsure score) or `off`.
public enum UnsureRule: Hashable, Sendable {
  case escapeRate(Double)
  case from(Double)
  case off

  /// Reads the written form.
  public init(parsing text: String) throws(UnsureBandError) {
    let fields = text.split(separator: "=").map { $0.filter { $0 != " " } }
    switch (fields.first ?? "", fields.count) {
    case ("off", 1): self = .off
    case ("from", 2):
      guard let value = Double(fields[1]), value.isFinite else { throw .unreadable(text) }
      self = .from(value)
    case ("escape", 2):
      let isPercent = fields[1].hasSuffix("%")
      let number = Double(isPercent ? String(fields[1].dropLast()) : fields[1])
      guard let number, number >= 0, number / (isPercent ? 100 : 1) < 1 else {
        throw .unreadable(text)
      }
      self = .escapeRate(isPercent ? number / 100 : number)
    default: throw .unreadable(text)
    }
  }

  /// The lowest unsure score and perhaps a warning, for a recipe with `threshold` and the scores of
  /// held-out parts.
  public func band(below threshold: Double, from images: [LabelledScore]) throws(UnsureBandError)
    -> (low: Double?, warning: String?)
  {
    switch self {
    case .off: return (nil, nil)
    case .from(let low):
      guard low <= threshold else { throw .above(low, threshold: threshold) }
      return (low, nil)
    case .escapeRate(let rate):
      let band = try UnsureBand(escapeRate: rate, below: threshold, from: images)
      return (band.low, band.warning)
    }
  }
}

/// Why there is no band.
public enum UnsureBandError: Error, Hashable, CustomStringConvertible {
  case unreadable(String)
  case noDefectiveParts
  case above(Double, threshold: Double)

  public var description: String {
    switch self {
    case .unreadable(let text):
      "unsure band `\(text)`: expected escape=0.5%, from=0.2 or off; correct it"
    case .noDefectiveParts:
      "unsure band: no defective part was held out; give labelled ones, or from=SCORE"
    case .above(let low, let threshold):
      "unsure band from \(low.fourDigits): it lies above the threshold \(threshold.fourDigits); give a lower score"
    }
  }
}

import Imaging

/// The score of one image and what a person says about it.
public struct LabelledScore: Hashable, Sendable {
  /// Higher is more defective; finite.
  public var score: Double
  /// The class of the defect, nil for a good part.
  public var kind: String?
  /// The part it shows; images of one part are resampled together.
  public var part: String
  /// The image's name; empty where only its score was kept.
  public var image: String
  /// Whether a person calls it defective.
  public var isDefective: Bool { kind != nil }

  /// The score of an image of `part`, defective when `kind` is given.
  public init(score: Double, kind: String?, part: String, image: String = "") {
    self.score = score
    self.kind = kind
    self.part = part
    self.image = image
  }
}

/// A figure's range in which it lies with 95 % confidence.
public struct FigureInterval: Hashable, Sendable, Codable {
  public var low: Double
  public var high: Double

  /// From `low` to `high`.
  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }
}

/// Labelled scores sorted once, so that figures of ranking cost one pass, resampled ones too.
///
/// - AUROC by ranks: the share of pairs (defective, good) in which the defective one scores higher,
///   ties counted half (Mann–Whitney).
/// - Average precision: Σ (Rₙ − Rₙ₋₁) · Pₙ over the distinct scores from the highest down, Rₙ and Pₙ
///   recall and precision when everything at or above the score is rejected; no interpolation.
/// - Intervals: percentiles of figures over resampled *parts* (Efron 1979, by cluster), because
///   several exposures of a part are not independent. A part weighs as often as it was drawn.
public struct RankedScores: Sendable {
  /// From the highest score down.
  private let scores: [Double]
  private let isDefective: [Bool]
  private let partIndex: [Int]
  private let partCount: Int

  /// Figures of ranking; nil where a class is missing.
  public struct Figures: Hashable, Sendable {
    /// 0...1, 0.5 by chance.
    public var auroc: Double?
    /// 0...1, the share of defective images by chance.
    public var averagePrecision: Double?
  }

  /// Sorts `images`, whose scores must be finite.
  public init(_ images: [LabelledScore]) {
    precondition(images.allSatisfy { $0.score.isFinite }, "a score is not a number")
    var numbers: [String: Int] = [:]
    let parts = images.map { image in
      let next = numbers.count
      return numbers[image.part]
        ?? {
          numbers[image.part] = next
          return next
        }()
    }
    let order = images.indices.sorted {
      (images[$0].score, $1) > (images[$1].score, $0)
    }
    scores = order.map { images[$0].score }
    isDefective = order.map { images[$0].isDefective }
    partIndex = order.map { parts[$0] }
    partCount = numbers.count
  }

  /// The figures of all images.
  public var figures: Figures {
    figures(drawn: [Double](repeating: 1, count: partCount))
  }

  /// The figures when part `i` was drawn `drawn[i]` times.
  private func figures(drawn: [Double]) -> Figures {
    var good = 0.0
    var bad = 0.0
    var pairs = 0.0
    var precisionSum = 0.0
    var index = 0
    while index < scores.count {
      let score = scores[index]
      var tiedGood = 0.0
      var tiedBad = 0.0
      while index < scores.count, scores[index] == score {
        let weight = drawn[partIndex[index]]
        if isDefective[index] { tiedBad += weight } else { tiedGood += weight }
        index += 1
      }
      // A good image here loses to every defective one above it, and half to those of its score.
      pairs += tiedGood * (bad + tiedBad / 2)
      good += tiedGood
      bad += tiedBad
      if tiedBad > 0 { precisionSum += tiedBad * bad / (good + bad) }
    }
    return Figures(
      auroc: good > 0 && bad > 0 ? pairs / (good * bad) : nil,
      averagePrecision: bad > 0 ? precisionSum / bad : nil)
  }

  /// 95 % intervals of both figures from `resamples` draws of as many parts as there are, with
  /// replacement; draws without a class are left out. Nil where no draw gave a figure.
  public func intervals(resamples: Int = 1000, seed: UInt64)
    -> (auroc: FigureInterval?, averagePrecision: FigureInterval?)
  {
    var random = SeededGenerator(seed: seed)
    var areas: [Double] = []
    var precisions: [Double] = []
    guard partCount > 0 else { return (nil, nil) }
    for _ in 0..<resamples {
      var drawn = [Double](repeating: 0, count: partCount)
      for _ in 0..<partCount { drawn[random.below(partCount)] += 1 }
      let figures = figures(drawn: drawn)
      guard let area = figures.auroc, let precision = figures.averagePrecision else { continue }
      areas.append(area)
      precisions.append(precision)
    }
    return (Self.interval(areas), Self.interval(precisions))
  }

  private static func interval(_ figures: [Double]) -> FigureInterval? {
    guard !figures.isEmpty else { return nil }
    let sorted = figures.sorted()
    return FigureInterval(
      low: quantile(ofSorted: sorted, 0.025), high: quantile(ofSorted: sorted, 0.975))
  }
}

/// The quantile `share` (0...1) of ascending `sorted`, linear between order statistics
/// (Hyndman and Fan 1996, type 7). `sorted` must not be empty.
func quantile(ofSorted sorted: [Double], _ share: Double) -> Double {
  let position = share * Double(sorted.count - 1)
  let below = min(Int(position), sorted.count - 1)
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
}

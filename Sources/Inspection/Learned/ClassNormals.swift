/// Log-odds of images for being defective: a normal distribution for good ones and one for defective
/// ones, when a few labels are wrong.
///
/// Good parts resemble each other and defects do not, so a network says less of a defect it was not taught
/// than of those it was: the border between the two is not where the network's own is.
struct ClassNormals {
  /// What is known of an image, and what its label says.
  typealias Image = (logOdds: Double, isDefective: Bool)
  /// Mean and standard deviation.
  typealias Normal = (mean: Double, deviation: Double)

  private(set) var good: Normal
  private(set) var defective: Normal
  /// The share of labels that are wrong.
  private(set) var wrongLabels = 0.02
  private let images: [Image]

  private static let rounds = 50

  /// Expectation and maximisation (Dempster, Laird, Rubin 1977). nil unless both classes are there, and
  /// defective images have the larger median.
  init?(_ images: [Image]) {
    func median(_ isDefective: Bool) -> Double? {
      let values = images.filter { $0.isDefective == isDefective }.map(\.logOdds).sorted()
      return values.isEmpty ? nil : values[values.count / 2]
    }
    guard let low = median(false), let high = median(true), low < high else { return nil }
    self.images = images
    // An eighth of the distance is what a width is taken for before anything is known.
    let unit = (high - low) / 8
    (good, defective) = ((low, unit), (high, unit))
    for _ in 0..<Self.rounds { improve(unit) }
  }

  private mutating func improve(_ unit: Double) {
    let shares = images.map(defectiveShare)
    func normal(_ weights: [Double], _ before: Normal) -> Normal {
      let sum = weights.reduce(0, +)
      guard sum > 0 else { return before }
      let mean = zip(images, weights).reduce(0) { $0 + $1.0.logOdds * $1.1 } / sum
      let squares = zip(images, weights).reduce(0) { sum, image in
        sum + image.1 * (image.0.logOdds - mean) * (image.0.logOdds - mean)
      }
      return (mean, ((squares + 0.3 * unit * unit) / sum).squareRoot())
    }
    good = normal(shares.map { 1 - $0 }, good)
    defective = normal(shares, defective)
    let wrong = zip(images, shares).reduce(0) { $0 + ($1.0.isDefective ? 1 - $1.1 : $1.1) }
    wrongLabels = min((wrong + 0.2) / Double(images.count + 10), 0.3)
  }

  /// How likely an image is defective, whatever its label says.
  private func defectiveShare(_ image: Image) -> Double {
    let prior = image.isDefective ? 1 - wrongLabels : wrongLabels
    let odds = difference(image.logOdds) + MathFunctions.log(prior / (1 - prior))
    return 1 / (1 + MathFunctions.exp(min(max(-odds, -50), 50)))
  }

  /// How likely the label of an image is wrong.
  func doubt(_ image: Image) -> Double {
    image.isDefective ? 1 - defectiveShare(image) : defectiveShare(image)
  }

  /// How much likelier a value is among defective images: the logarithm of the ratio of densities.
  private func difference(_ value: Double) -> Double {
    func logDensity(_ normal: Normal) -> Double {
      let distance = (value - normal.mean) / normal.deviation
      return -distance * distance / 2 - MathFunctions.log(normal.deviation)
    }
    return logDensity(defective) - logDensity(good)
  }

  /// The value between the means at which both are as likely.
  var crossing: Double {
    var (low, high) = (good.mean, defective.mean)
    guard low < high, difference(low) < 0, difference(high) > 0 else { return (low + high) / 2 }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if difference(middle) < 0 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The border to use: the nearest to the crossing, which few images draw to 0 (five count as much as the
  /// network's own word), of all that get no more images wrong than the fewest and its standard error √n.
  var border: Double {
    let smaller = min(images.count { $0.isDefective }, images.count { !$0.isDefective })
    let wanted = crossing * Double(smaller) / Double(smaller + 5)
    let sorted = images.sorted { $0.logOdds < $1.logOdds }
    var wrong = images.count { !$0.isDefective }
    var gaps: [(wrong: Int, nearest: Double)] = []
    for index in 0...sorted.count {
      let low = index > 0 ? sorted[index - 1].logOdds.nextUp : -.infinity
      let high = index < sorted.count ? sorted[index].logOdds : .infinity
      if low <= high { gaps.append((wrong, min(max(wanted, low), high))) }
      if index < sorted.count { wrong += sorted[index].isDefective ? 1 : -1 }
    }
    let fewest = Double(gaps.map(\.wrong).min() ?? 0)
    let allowed = gaps.filter { Double($0.wrong) <= fewest + fewest.squareRoot() }
    return allowed.min { abs($0.nearest - wanted) < abs($1.nearest - wanted) }?.nearest ?? wanted
  }
}

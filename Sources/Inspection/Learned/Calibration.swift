/// What validation images say about a network's outputs.
struct Calibration: Sendable {
  /// The outputs of each validation image, and its class.
  let outputs: [[Float]]
  let classes: [Int]

  /// Mean cross-entropy, outputs divided by `temperature`.
  func loss(temperature: Double = 1) -> Double {
    var sum = 0.0
    for (values, kind) in zip(outputs, classes) {
      let shares = Softmax.shares(values.map { Double($0) / temperature })
      sum -= MathFunctions.log(max(shares[kind], 1e-30))
    }
    return sum / Double(max(outputs.count, 1))
  }

  /// The share of images whose most likely class is theirs.
  var accuracy: Double {
    let right = zip(outputs, classes).count { values, kind in
      values.indices.max { values[$0] < values[$1] } == kind
    }
    return Double(right) / Double(max(outputs.count, 1))
  }

  /// The temperature with the least loss (Guo et al. 2017), ½ to 20, 1 without images.
  ///
  /// One more image counts as wrong than were: n images without an error do not prove that there
  /// never is one (the prior of Platt 1999).
  var temperature: Double {
    guard let count = outputs.first?.count, count > 1 else { return 1 }
    let doubt = 1 / Double(outputs.count + 2)
    func doubted(_ temperature: Double) -> Double {
      var sum = 0.0
      for (values, kind) in zip(outputs, classes) {
        let shares = Softmax.shares(values.map { Double($0) / temperature })
        for k in shares.indices {
          let wanted = k == kind ? 1 - doubt : doubt / Double(count - 1)
          sum -= wanted * MathFunctions.log(max(shares[k], 1e-300))
        }
      }
      return sum
    }
    let steps = (0...120).map { 0.5 * MathFunctions.exp(Double($0) / 120 * 3.6888794541139363) }
    return steps.min { doubted($0) < doubted($1) } ?? 1
  }

  /// The threshold on the probability of not being good: ½, unless another gives more right verdicts
  /// beyond chance (2.5 standard errors of the difference); then the middle (in log-odds) of the best
  /// gap nearest to ½.
  ///
  /// A few validation images, or a few wrong labels among them, would else move it at random.
  static func threshold(_ images: [LabelledScore]) -> Double {
    let sorted = images.map { (logOdds: Self.logOdds($0.score), isDefective: $0.isDefective) }
      .sorted { $0.logOdds < $1.logOdds }
    var right = sorted.count { $0.isDefective }
    var best = (right: -1, place: 0.0)
    var rightAtHalf = 0
    var low = -40.0
    for index in 0...sorted.count {
      let high = index < sorted.count ? sorted[index].logOdds : 40
      if high > low || index == sorted.count {
        let isHalf = low < 0 && high >= 0
        let place = isHalf ? 0 : (low + high) / 2
        if isHalf { rightAtHalf = right }
        if (right, -abs(place)) > (best.right, -abs(best.place)) { best = (right, place) }
      }
      guard index < sorted.count else { break }
      right += sorted[index].isDefective ? -1 : 1
      low = high
    }
    let changed = sorted.count { ($0.logOdds >= best.place) != ($0.logOdds >= 0) }
    let gain = Double(best.right - rightAtHalf)
    guard gain > 2.5 * Double(changed).squareRoot() else { return 0.5 }
    return 1 / (1 + MathFunctions.exp(-best.place))
  }

  private static func logOdds(_ probability: Double) -> Double {
    let p = min(max(probability, 1e-17), 1 - 1e-16)
    return MathFunctions.log(p / (1 - p))
  }
}

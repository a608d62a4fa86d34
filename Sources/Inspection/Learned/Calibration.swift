/// What validation images say about a network's outputs.
struct Calibration: Sendable {
  /// The outputs of each validation image, that of class `good` with its offset, and its class.
  let outputs: [[Float]]
  let classes: [Int]
  /// What is added to the output of class `good`, so that ½ is the best threshold on the probability of
  /// not being good.
  let goodOffset: Float

  /// `hasGood` says whether the first class is `good`; the offset is 0 if not.
  init(outputs: [[Float]], classes: [Int], hasGood: Bool) {
    self.classes = classes
    let offset = hasGood ? Self.border(outputs, classes) : 0
    goodOffset = offset
    self.outputs = outputs.map { [$0[0] + offset] + $0.dropFirst() }
  }

  /// The log-odds of not being good at which to reject.
  private static func border(_ outputs: [[Float]], _ classes: [Int]) -> Float {
    let images = zip(outputs, classes).map { values, kind in
      (logOdds: Softmax.logOdds(against: 0, values), isDefective: kind != 0)
    }
    return Float(ClassNormals(images)?.border ?? 0)
  }

  /// The cross-entropy of each image, outputs divided by `temperature`.
  func losses(temperature: Double) -> [Double] {
    zip(outputs, classes).map { values, kind in
      let shares = Softmax.shares(values.map { Double($0) / temperature })
      return -MathFunctions.log(max(shares[kind], 1e-30))
    }
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
}

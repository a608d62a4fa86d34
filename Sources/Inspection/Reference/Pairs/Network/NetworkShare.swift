/// What trees and a network say of a candidate, and what it is.
struct CandidateOpinion: Sendable {
  /// The trees'.
  let judgement: CandidateJudgement
  /// The probability of each class that the network sees; nil without a network.
  let seen: [Float]?
  let truth: CandidateTruth

  /// Both together, the network counting for `share`.
  func joined(share: Double) -> CandidateJudgement {
    judgement.joined(seen, share: share)
  }
}

/// How much the network counts beside the trees: taught by few candidates it is surer than it has reason to be.
enum NetworkShare {
  /// The share, in steps of a tenth, under which the classes of candidates that taught neither are least
  /// surprising (cross-entropy; stacking, Wolpert 1992); the least of equally good ones, 0 without a network.
  static func best(_ opinions: [CandidateOpinion]) -> Double {
    let losses = (0...10).map { step in
      (share: Double(step) / 10, loss: loss(opinions, share: Double(step) / 10))
    }
    return losses.min { $0.loss < $1.loss }?.share ?? 0
  }

  private static func loss(_ opinions: [CandidateOpinion], share: Double) -> Double {
    opinions.reduce(0) { sum, opinion in
      let joined = opinion.joined(share: share)
      let probability = Double(joined.probabilities[opinion.truth.label])
      return sum - Double(opinion.truth.weight) * MathFunctions.log(max(probability, 1e-12))
    }
  }
}

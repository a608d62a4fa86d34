import FactoryModel

/// Whether held-out images are told apart better than by guessing: with few images, or defects that vanish at
/// the network's size, a training can end with nothing learned.
enum GuessWarning {
  /// What to tell the user; nil when the network knows more than a guess, or nothing can be said.
  ///
  /// The share of pairs (good, defective) that a guess ranks rightly is ½ with a standard error of
  /// √((m + n + 1) / 12 m n) for m good and n defective images (Mann and Whitney 1947). 1.645 of these above ½ a
  /// guess reaches once in twenty.
  static func text(_ scores: [LabelledScore]) -> String? {
    let defective = Double(scores.count { $0.isDefective })
    let good = Double(scores.count) - defective
    guard good > 0, defective > 0, let found = RankedScores(scores).figures.auroc else {
      return nil
    }
    let error = ((good + defective + 1) / (12 * good * defective)).squareRoot()
    guard found < 0.5 + 1.645 * error else { return nil }
    return
      "the network tells \(scores.count) held-out images apart hardly better than a guess would (image AUROC "
      + "\(found.percent(digits: 0))): do not rely on it; give more images of each class, several hundred in all, "
      + "a larger --set side where defects are small, or teach --method surface from the good ones"
  }
}

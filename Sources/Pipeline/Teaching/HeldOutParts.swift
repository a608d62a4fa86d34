import Imaging
import Inspection

/// One in five parts, kept out of a first model so that it can be judged on them.
struct HeldOutParts {
  /// The set without the held-out parts.
  let taught: TeachingSet
  /// The images of the held-out parts, good and defective.
  let judged: [TeachingImage]

  /// Nil with fewer than ten good parts, of which too few would be left on either side.
  init?(_ set: TeachingSet) {
    guard Set(set.good.map(\.part)).count >= 10 else { return nil }
    let images = set.good + set.defects
    let folds = GroupedFolds(
      parts: images.map(\.part), kinds: images.map(\.kind), count: 5, seed: set.seed)
    var taught = set
    let kept = folds.images(outside: 0).map { images[$0] }
    taught.good = kept.filter { $0.kind == nil }
    taught.defects = kept.filter { $0.kind != nil }
    judged = folds.images(in: 0).map { images[$0] }
    guard !taught.good.isEmpty, judged.contains(where: { $0.kind == nil }) else { return nil }
    self.taught = taught
  }
}

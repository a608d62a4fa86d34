import Imaging

import Inspection

/// One in five groups of good parts, kept out of a first model so that it can be judged on them.
struct HeldOutParts {
  /// The set without the held-out groups.
  let taught: TeachingSet
  /// The images of the held-out groups.
  let good: [TeachingImage]

  /// Nil with fewer than ten groups, of which too few would be left on either side.
  init?(_ set: TeachingSet) {
    let parts = Set(set.good.map(\.part)).sorted()
    guard parts.count >= 10 else { return nil }
    var generator = SeededGenerator(seed: set.seed)
    let order = parts.shuffled(using: &generator)
    let out = Set(order.prefix(parts.count / 5))
    var taught = set
    taught.good = set.good.filter { !out.contains($0.part) }
    self.taught = taught
    good = set.good.filter { out.contains($0.part) }
  }
}

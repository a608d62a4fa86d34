import Imaging

/// Images split into folds so that all images of a part lie in one fold.
///
/// Parts are shuffled by the seed, then go one by one into the fold with the fewest images of
/// their class so far, so that folds are balanced by class. Same input and seed, same folds.
public struct GroupedFolds: Hashable, Sendable {
  /// The fold of each image, `0..<count`.
  public let foldOfImage: [Int]
  /// Number of folds; some are empty when there are fewer parts.
  public let count: Int

  /// Splits images, given by their part and class (nil is good; a part of several classes counts
  /// as the class of its first image), into `count` ≥ 1 folds.
  public init(parts: [String], kinds: [String?], count: Int, seed: UInt64) {
    precondition(count >= 1, "\(count) folds")
    precondition(parts.count == kinds.count, "\(parts.count) parts, \(kinds.count) classes")
    self.count = count
    var imagesOfPart: [String: [Int]] = [:]
    var order: [String] = []
    for (image, part) in parts.enumerated() {
      if imagesOfPart[part] == nil { order.append(part) }
      imagesOfPart[part, default: []].append(image)
    }
    var random = SeededGenerator(seed: seed)
    var sizes: [String?: [Int]] = [:]
    var totals = [Int](repeating: 0, count: count)
    var folds = [Int](repeating: 0, count: parts.count)
    for index in random.permutation(order.count) {
      let images = imagesOfPart[order[index]] ?? []
      let kind = kinds[images[0]]
      let own = sizes[kind] ?? [Int](repeating: 0, count: count)
      let fold = (0..<count).min { (own[$0], totals[$0], $0) < (own[$1], totals[$1], $1) } ?? 0
      sizes[kind, default: own][fold] += images.count
      totals[fold] += images.count
      for image in images { folds[image] = fold }
    }
    foldOfImage = folds
  }

  /// The images of a fold, ascending.
  public func images(in fold: Int) -> [Int] {
    foldOfImage.indices.filter { foldOfImage[$0] == fold }
  }

  /// The images of all other folds, ascending.
  public func images(outside fold: Int) -> [Int] {
    foldOfImage.indices.filter { foldOfImage[$0] != fold }
  }
}

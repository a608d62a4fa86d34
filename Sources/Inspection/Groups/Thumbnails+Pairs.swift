import Imaging
import Kernels

/// Two images whose thumbnails correlate.
public struct SiblingPair: Hashable, Sendable {
  /// Index into the first set.
  public var first: Int
  /// Index into the second set (the same set for pairs within one).
  public var second: Int
  /// Of what is left without the design, −1...1.
  public var correlation: Float
}

extension Thumbnails {
  /// Every pair of an image here and one of `others` that shows the same part, by first, then second.
  /// 7,000 by 7,000 images take well under a second on one worker.
  public func siblings(with others: Thumbnails, workers: any Workers = OneWorker()) throws
    -> [SiblingPair]
  {
    let search = PairSearch(self, others)
    return try workers.map(count) { search.pairs(of: $0, from: 0) }.flatMap(\.self)
  }

  /// Every pair `first < second` within the set that shows the same part.
  public func siblings(workers: any Workers = OneWorker()) throws -> [SiblingPair] {
    let search = PairSearch(self, self)
    return try workers.map(count) { search.pairs(of: $0, from: $0 + 1) }.flatMap(\.self)
  }
}

/// Unit vectors and their projections, prepared once for all searches.
private struct PairSearch: Sendable {
  let left: [Float]
  let leftCoarse: [Float]
  let leftCount: Int
  let right: [Float]
  let rightCoarse: [Float]
  let rightCount: Int
  let limit: Float

  init(_ first: Thumbnails, _ second: Thumbnails) {
    leftCount = first.count
    rightCount = second.count
    let isEnough = leftCount + rightCount >= Thumbnails.fewestForMean
    limit = isEnough ? Thumbnails.siblingCorrelation : Thumbnails.copyCorrelation
    let (left, right) = (first.vectors(), second.vectors())
    let design = isEnough ? Thumbnails.mean(left, right) : []
    self.left = Thumbnails.without(design, left)
    self.right = Thumbnails.without(design, right)
    leftCoarse = Thumbnails.coarseColumns(self.left, count: leftCount)
    rightCoarse = Thumbnails.coarseColumns(self.right, count: rightCount)
  }

  func pairs(of first: Int, from start: Int) -> [SiblingPair] {
    let dimensions = Thumbnails.coarseArea
    let query = (0..<dimensions).map { leftCoarse[$0 * leftCount + first] }
    let own = left.span.extracting(first * Thumbnails.area..<(first + 1) * Thumbnails.area)
    // Slack for rounding: far above the error of 36 additions of numbers below 4.
    let farthest = 2 - 2 * limit + 1e-4
    var distances = [Float](repeating: 0, count: 512)
    var found: [SiblingPair] = []
    var block = start
    while block < rightCount {
      let size = min(distances.count, rightCount - block)
      var out = distances.mutableSpan
      squaredDistances(
        query.span, rightCoarse.span, stride: rightCount, first: block, count: size, into: &out)
      for index in 0..<size where distances[index] <= farthest {
        let second = block + index
        let range = second * Thumbnails.area..<(second + 1) * Thumbnails.area
        let correlation = dotProduct(own, right.span.extracting(range))
        guard correlation > limit else { continue }
        found.append(SiblingPair(first: first, second: second, correlation: correlation))
      }
      block += size
    }
    return found
  }
}

import Imaging

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Class probabilities of a candidate's features; a network can take the place of the trees.
public protocol CandidateClassifier: Sendable {
  /// Probability of each class, class 0 being "no defect"; sums to 1.
  func probabilities(_ features: [Float]) -> [Float]
}

/// Multi-class gradient-boosted trees (Friedman 2001; second-order gains as in XGBoost).
public struct BoostedTrees: CandidateClassifier {
  /// Classes, the background among them.
  let classCount: Int
  /// Four numbers a node: feature (−1: leaf), left child, right child, root marker (unused 0).
  var nodes: [Int32] = []
  /// Threshold of a node (go left when the feature is at most this), or the value of a leaf.
  var values: [Float] = []
  /// First node of each tree; tree t adds to class t mod `classCount`.
  var roots: [Int32] = []

  /// No trees yet.
  init(classCount: Int) { self.classCount = classCount }

  public func probabilities(_ features: [Float]) -> [Float] {
    var sums = [Float](repeating: 0, count: classCount)
    let nodes = nodes.span
    let values = values.span
    let features = features.span
    for t in roots.indices {
      var node = Int(roots[t])
      while nodes[node * 3] >= 0 {
        let goesLeft = features[Int(nodes[node * 3])] <= values[node]
        node = Int(nodes[node * 3 + (goesLeft ? 1 : 2)])
      }
      sums[t % classCount] += values[node]
    }
    return Self.softmax(sums)
  }

  static func softmax(_ sums: [Float]) -> [Float] {
    let top = sums.max() ?? 0
    let powers = sums.map { exp($0 - top) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }

  /// Appends a tree whose nodes count from 0.
  mutating func append(_ tree: TreeGrowth) {
    let first = Int32(values.count)
    roots.append(first)
    values += tree.values
    for i in tree.values.indices {
      nodes += [tree.nodes[i * 3], tree.nodes[i * 3 + 1] + first, tree.nodes[i * 3 + 2] + first]
    }
  }

  /// Trees for `rows` of features with classes `labels`; trees of a round grow side by side.
  static func teach(
    _ rows: [[Float]], labels: [Int], classCount: Int, rounds: Int, leaves: Int, seed: UInt64,
    workers: any Workers, progress: (Int) -> Void
  ) throws -> BoostedTrees {
    var model = BoostedTrees(classCount: classCount)
    let table = BinnedRows(rows)
    var sums = [[Float]](
      repeating: [Float](repeating: 0, count: rows.count), count: classCount)
    for round in 0..<rounds {
      var gradients = sums
      for i in rows.indices {
        let p = softmax(sums.map { $0[i] })
        for k in 0..<classCount { gradients[k][i] = p[k] }
      }
      let shared = gradients
      let trees = try workers.map(classCount) { k in
        var random = SeededGenerator(seed: seed &+ UInt64(round * classCount + k) &* 7919)
        return TreeGrowth(
          table, probabilities: shared[k], labels: labels, kind: k, leaves: leaves,
          random: &random)
      }
      for k in 0..<classCount {
        for i in rows.indices { sums[k][i] += trees[k].rowValues[i] }
        model.append(trees[k])
      }
      progress(round + 1)
    }
    return model
  }
}

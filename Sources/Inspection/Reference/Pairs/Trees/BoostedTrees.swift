/// Gradient-boosted trees with one or several outputs (Friedman 2001; second-order gains as in
/// XGBoost, Chen and Guestrin 2016).
struct BoostedTrees: Sendable {
  /// Outputs: classes, or 1 for a number.
  let outputCount: Int
  /// Three numbers a node: feature (−1: leaf), left child, right child.
  var nodes: [Int32] = []
  /// Threshold of a node (go left when the feature is at most this), or the value of a leaf.
  var values: [Float] = []
  /// First node of each tree; tree t adds to output t mod `outputCount`.
  var roots: [Int32] = []

  /// No trees yet.
  init(outputCount: Int) { self.outputCount = outputCount }

  /// Sums of the trees' leaves for one row of features.
  func sums(_ features: [Float]) -> [Float] {
    var sums = [Float](repeating: 0, count: outputCount)
    let nodes = nodes.span
    let values = values.span
    let features = features.span
    var output = 0
    for t in roots.indices {
      var node = Int(roots[t])
      while nodes[node &* 3] >= 0 {
        let goesLeft = features[Int(nodes[node &* 3])] <= values[node]
        node = Int(nodes[node &* 3 &+ (goesLeft ? 1 : 2)])
      }
      sums[output] += values[node]
      output = output + 1 == outputCount ? 0 : output + 1
    }
    return sums
  }

  /// Class probabilities from sums: exp(s) over the sum of all.
  static func softmax(_ sums: [Float]) -> [Float] {
    let top = sums.max() ?? 0
    let powers = sums.map { Float(MathFunctions.exp(Double($0 - top))) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }

  /// Trees whose sums are the mean of the sums of several sets, one at least.
  init(meanOf sets: [BoostedTrees]) {
    self.init(outputCount: sets[0].outputCount)
    let share = 1 / Float(sets.count)
    for set in sets {
      let first = Int32(values.count)
      roots += set.roots.map { $0 + first }
      for i in set.values.indices {
        let isLeaf = set.nodes[i * 3] < 0
        values.append(isLeaf ? set.values[i] * share : set.values[i])
        nodes.append(set.nodes[i * 3])
        nodes.append(isLeaf ? 0 : set.nodes[i * 3 + 1] + first)
        nodes.append(isLeaf ? 0 : set.nodes[i * 3 + 2] + first)
      }
    }
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
}

extension BoostedTrees {
  /// Stores the trees as sections whose names begin with `name`.
  func store(_ name: String, in archive: inout ModelArchive) {
    archive.set("\(name).nodes", nodes)
    archive.set("\(name).values", values)
    archive.set("\(name).roots", roots)
  }

  /// Reads what `store` wrote. Throws `ModelError.damaged` unless every walk ends in a leaf.
  init(
    _ name: String, in archive: ModelArchive, outputCount: Int, featureCount: Int
  ) throws(ModelError) {
    self.init(outputCount: outputCount)
    nodes = try archive.get("\(name).nodes", as: Int32.self)
    values = try archive.get("\(name).values", as: Float.self)
    roots = try archive.get("\(name).roots", as: Int32.self)
    let count = values.count
    var isSound = nodes.count == 3 * count && roots.count % outputCount == 0
    isSound = isSound && roots.allSatisfy { $0 >= 0 && Int($0) < count }
    isSound = isSound && values.allSatisfy(\.isFinite)
    for i in 0..<(isSound ? count : 0) where nodes[i * 3] >= 0 {
      // Children follow their parent, so that every walk ends.
      let children = [nodes[i * 3 + 1], nodes[i * 3 + 2]]
      isSound = isSound && Int(nodes[i * 3]) < featureCount
      isSound = isSound && children.allSatisfy { $0 > Int32(i) && Int($0) < count }
    }
    guard isSound else { throw .damaged(reason: "a tree of \(name) points outside itself") }
  }
}

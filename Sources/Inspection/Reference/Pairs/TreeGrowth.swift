import Imaging

/// Features cut into at most 32 bins each, one column a feature.
struct BinnedRows: Sendable {
  let rowCount: Int
  let featureCount: Int
  /// Upper edges of the bins of each feature, ascending; the last bin has none.
  private(set) var edges: [[Float]] = []
  private(set) var bins: [[UInt8]] = []

  init(_ rows: [[Float]]) {
    rowCount = rows.count
    featureCount = rows.first?.count ?? 0
    for f in 0..<featureCount {
      let sorted = rows.map { $0[f] }.sorted()
      var cuts: [Float] = []
      for b in 1..<32 {
        let value = sorted[min(sorted.count - 1, sorted.count * b / 32)]
        if value < sorted[sorted.count - 1], value > cuts.last ?? -.infinity { cuts.append(value) }
      }
      edges.append(cuts)
      bins.append(
        rows.map { row in UInt8(cuts.firstIndex { row[f] <= $0 } ?? cuts.count) })
    }
  }
}

/// One tree grown leaf by leaf where the gain is largest.
struct TreeGrowth: Sendable {
  private(set) var nodes: [Int32] = []
  private(set) var values: [Float] = []
  /// What the tree adds to each taught row.
  private(set) var rowValues: [Float]

  private struct Split {
    var gain: Float = 0
    var feature = -1
    var bin = 0
  }

  private static let rate: Float = 0.1
  private static let smallestWeight: Float = 1
  private static let shrinkage: Float = 1

  init(
    _ table: BinnedRows, probabilities: [Float], labels: [Int], kind: Int, leaves: Int,
    random: inout SeededGenerator
  ) {
    rowValues = [Float](repeating: 0, count: table.rowCount)
    let chosen = random.permutation(table.featureCount).prefix(max(1, table.featureCount / 4))
    let features = chosen.sorted()
    var gradients = probabilities
    var weights = probabilities
    for i in labels.indices {
      gradients[i] = (labels[i] == kind ? 1 : 0) - probabilities[i]
      weights[i] = max(1e-6, probabilities[i] * (1 - probabilities[i]))
    }
    var open: [(node: Int, rows: [Int32], split: Split)] = []
    func consider(_ node: Int, _ rows: [Int32]) {
      let split = Self.best(table, features, rows, gradients, weights)
      open.append((node, rows, split))
    }
    addNode()
    consider(0, (0..<Int32(table.rowCount)).map { $0 })
    while open.count < leaves {
      guard let index = open.indices.max(by: { open[$0].split.gain < open[$1].split.gain }),
        open[index].split.gain > 0
      else { break }
      let (node, rows, split) = open.remove(at: index)
      let column = table.bins[split.feature]
      let left = values.count
      addNode()
      addNode()
      nodes.replaceSubrange(
        node * 3..<node * 3 + 3, with: [Int32(split.feature), Int32(left), Int32(left + 1)])
      values[node] = table.edges[split.feature][split.bin]
      consider(left, rows.filter { Int(column[Int($0)]) <= split.bin })
      consider(left + 1, rows.filter { Int(column[Int($0)]) > split.bin })
    }
    for leaf in open {
      var g: Float = 0
      var h: Float = 0
      for row in leaf.rows {
        g += gradients[Int(row)]
        h += weights[Int(row)]
      }
      values[leaf.node] = Self.rate * g / (h + Self.shrinkage)
      for row in leaf.rows { rowValues[Int(row)] = values[leaf.node] }
    }
  }

  private mutating func addNode() {
    nodes += [-1, 0, 0]
    values.append(0)
  }

  private static func best(
    _ table: BinnedRows, _ features: [Int], _ rows: [Int32], _ gradients: [Float],
    _ weights: [Float]
  ) -> Split {
    var best = Split(gain: 1e-4)
    var sums = [SIMD2<Float>](repeating: .zero, count: 32)
    let gathered = rows.map { SIMD2(gradients[Int($0)], weights[Int($0)]) }
    let total = gathered.reduce(SIMD2<Float>.zero) { $0 + $1 }
    let base = total.x * total.x / (total.y + shrinkage)
    for feature in features {
      for b in 0..<32 { sums[b] = .zero }
      let bins = table.bins[feature]
      let column = bins.span
      let list = rows.span
      let pairs = gathered.span
      var histogram = sums.mutableSpan
      for i in 0..<list.count { histogram[Int(column[Int(list[i])])] += pairs[i] }
      var left = SIMD2<Float>.zero
      for bin in 0..<table.edges[feature].count {
        left += histogram[bin]
        let right = total - left
        guard left.y >= smallestWeight, right.y >= smallestWeight else { continue }
        let gain =
          left.x * left.x / (left.y + shrinkage) + right.x * right.x / (right.y + shrinkage) - base
        if gain > best.gain { best = Split(gain: gain, feature: feature, bin: bin) }
      }
    }
    return best.feature < 0 ? Split() : best
  }
}

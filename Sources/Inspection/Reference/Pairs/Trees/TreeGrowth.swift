import Imaging

/// One tree grown leaf by leaf where the gain is largest.
struct TreeGrowth: Sendable {
  private(set) var nodes: [Int32] = []
  private(set) var values: [Float] = []
  /// The bin up to which a node goes left.
  private var bins: [UInt8] = []

  private struct Split {
    var gain: Float = 0
    var feature = -1
    var bin = 0
  }

  private struct Leaf {
    var node: Int
    var rows: [Int32]
    /// First and second derivative of each row's loss, the first with its sign turned.
    var slopes: [SIMD2<Float>]
    var split: Split
  }

  private static let rate: Float = 0.1
  private static let smallestWeight: Float = 1
  private static let shrinkage: Float = 1

  /// A tree for `rows` of the table with their `slopes`, at most `leaves` leaves; it looks at a
  /// random quarter of the features.
  init(
    _ table: BinnedRows, rows: [Int32], slopes: [SIMD2<Float>], leaves: Int,
    random: inout SeededGenerator
  ) {
    let chosen = random.permutation(table.featureCount).prefix(max(1, table.featureCount / 4))
    let features = chosen.sorted()
    var open: [Leaf] = []
    func leaf(_ node: Int, _ rows: [Int32], _ slopes: [SIMD2<Float>]) -> Leaf {
      Leaf(
        node: node, rows: rows, slopes: slopes, split: Self.best(table, features, rows, slopes))
    }
    addNode()
    open.append(leaf(0, rows, slopes))
    while open.count < leaves {
      guard let index = open.indices.max(by: { open[$0].split.gain < open[$1].split.gain }),
        open[index].split.gain > 0
      else { break }
      let old = open.remove(at: index)
      let left = values.count
      addNode()
      addNode()
      nodes.replaceSubrange(
        old.node * 3..<old.node * 3 + 3,
        with: [Int32(old.split.feature), Int32(left), Int32(left + 1)])
      values[old.node] = table.edges[old.split.feature][old.split.bin]
      bins[old.node] = UInt8(old.split.bin)
      let column = table.columns[old.split.feature]
      var sides: [([Int32], [SIMD2<Float>])] = [([], []), ([], [])]
      for (row, slope) in zip(old.rows, old.slopes) {
        let side = Int(column[Int(row)]) <= old.split.bin ? 0 : 1
        sides[side].0.append(row)
        sides[side].1.append(slope)
      }
      for side in 0..<2 { open.append(leaf(left + side, sides[side].0, sides[side].1)) }
    }
    for leaf in open {
      let sum = leaf.slopes.reduce(SIMD2<Float>.zero) { $0 + $1 }
      values[leaf.node] = Self.rate * sum.x / (sum.y + Self.shrinkage)
    }
  }

  private mutating func addNode() {
    nodes += [-1, 0, 0]
    values.append(0)
    bins.append(0)
  }

  /// What the tree adds to every row and view of the table.
  func results(_ table: BinnedRows) -> [Float] {
    var out = [Float](repeating: 0, count: table.rowCount * table.viewCount)
    var open = [(node: 0, rows: Array(0..<Int32(out.count)))]
    while let (node, rows) = open.popLast() {
      guard nodes[node * 3] >= 0 else {
        for row in rows { out[Int(row)] = values[node] }
        continue
      }
      let column = table.columns[Int(nodes[node * 3])]
      let bin = bins[node]
      var (left, right): ([Int32], [Int32]) = ([], [])
      for row in rows {
        if column[Int(row)] <= bin { left.append(row) } else { right.append(row) }
      }
      open.append((Int(nodes[node * 3 + 1]), left))
      open.append((Int(nodes[node * 3 + 2]), right))
    }
    return out
  }

  private static func best(
    _ table: BinnedRows, _ features: [Int], _ rows: [Int32], _ slopes: [SIMD2<Float>]
  ) -> Split {
    var best = Split(gain: 1e-4)
    var sums = [SIMD2<Float>](repeating: .zero, count: 32)
    let total = slopes.reduce(SIMD2<Float>.zero) { $0 + $1 }
    guard total.y >= 2 * smallestWeight else { return Split() }
    let base = total.x * total.x / (total.y + shrinkage)
    for feature in features {
      for b in 0..<32 { sums[b] = .zero }
      let bins = table.columns[feature]
      let column = bins.span
      let list = rows.span
      let pairs = slopes.span
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

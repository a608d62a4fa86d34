import Imaging

/// Boosting over a table whose rows come in several views.
///
/// A round looks at each row in one view, drawn at random: trees learn what does not depend on how
/// the board lies, at the cost of one view.
struct TreeTeaching {
  let table: BinnedRows
  let leaves: Int
  let seed: UInt64
  let workers: any Workers

  /// Trees that tell classes apart, by the loss −w · log p of the row's class.
  func classes(
    _ labels: [Int], weights: [Float], classCount: Int, rounds: Int, progress: (Int) -> Void
  ) throws -> BoostedTrees {
    func add(_ row: Int, _ view: Int, _ sums: [Float], _ slopes: inout [[SIMD2<Float>]]) {
      let p = BoostedTrees.softmax(sums)
      for k in 0..<classCount {
        let wanted: Float = labels[row] == k ? 1 : 0
        slopes[k].append(
          weights[row] * SIMD2(wanted - p[k], max(1e-6, p[k] * (1 - p[k]))))
      }
    }
    return try boost(
      Array(0..<table.rowCount), outputCount: classCount, rounds: rounds, progress: progress,
      slopes: add)
  }

  /// Trees that tell a number of some rows, by a loss that is quadratic up to `knee` and linear
  /// beyond; `wanted` gives the number that a row has in a view.
  func number(
    of rows: [Int], rounds: Int, knee: Float, wanted: @Sendable (Int, Int) -> Float
  ) throws -> BoostedTrees {
    func add(_ row: Int, _ view: Int, _ sums: [Float], _ slopes: inout [[SIMD2<Float>]]) {
      let rest = wanted(row, view) - sums[0]
      slopes[0].append(SIMD2(max(-knee, min(knee, rest)), 1))
    }
    return try boost(rows, outputCount: 1, rounds: rounds, progress: { _ in }, slopes: add)
  }

  /// `slopes(row, view, sums, &out)` appends the row's slopes for each output.
  private func boost(
    _ rows: [Int], outputCount: Int, rounds: Int, progress: (Int) -> Void,
    slopes: (Int, Int, [Float], inout [[SIMD2<Float>]]) -> Void
  ) throws -> BoostedTrees {
    var model = BoostedTrees(outputCount: outputCount)
    let places = table.rowCount * table.viewCount
    var sums = [[Float]](repeating: [Float](repeating: 0, count: places), count: outputCount)
    var random = SeededGenerator(seed: seed)
    for round in 0..<rounds {
      var chosen: [Int32] = []
      var all = [[SIMD2<Float>]](repeating: [], count: outputCount)
      for row in rows {
        let view = random.below(table.viewCount)
        let place = row * table.viewCount + view
        chosen.append(Int32(place))
        slopes(row, view, sums.map { $0[place] }, &all)
      }
      let (list, given) = (chosen, all)
      let grown = try workers.map(outputCount) { k in
        var random = SeededGenerator(seed: seed &+ UInt64(round * outputCount + k + 1) &* 7919)
        let tree = TreeGrowth(
          table, rows: list, slopes: given[k], leaves: leaves, random: &random)
        return (tree, tree.results(table))
      }
      for k in 0..<outputCount {
        for place in 0..<places { sums[k][place] += grown[k].1[place] }
        model.append(grown[k].0)
      }
      progress(round + 1)
    }
    return model
  }
}

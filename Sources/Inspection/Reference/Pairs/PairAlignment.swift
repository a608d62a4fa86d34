import Kernels

/// How the template lies on the test image: one shift for the whole and one for each block.
struct PairAlignment {
  private(set) var dx = 0
  private(set) var dy = 0
  /// Shift of each 32 × 32 block as index into `shifts`, row-major.
  private(set) var choice: [Int] = []
  private(set) var shifts: [(dx: Int, dy: Int)] = []
  let blockColumns: Int
  let blockRows: Int

  /// Exhaustive searches: ± 8 for the whole, ± 6 for each block over its 3 × 3 neighbourhood.
  init(test: BitPlane, template: BitPlane) {
    blockColumns = test.columns * 2
    blockRows = (test.height + 31) / 32
    findGlobal(test, template)
    findLocal(test, template)
  }

  /// First minimum of the differing pixels inside the border of 8 pixels that a shift may uncover;
  /// no shift unless it saves 3 %.
  private mutating func findGlobal(_ test: BitPlane, _ template: BitPlane) {
    let margin = min(8, (min(test.width, test.height) - 1) / 4)
    let inside = BitMask(
      width: test.width, height: 1, settingX: margin..<test.width - margin, y: 0..<1)
    func cost(_ x: Int, _ y: Int, limit: Int) -> Int {
      test.difference(
        template, dx: x, dy: y, margin: margin, masks: inside.words, limit: limit)
    }
    let middle = cost(0, 0, limit: .max)
    // Only a shift that saves 3 % is taken: the search stops counting where it is missed.
    var best = Int((0.97 * Double(middle)).rounded(.up))
    for y in -8...8 {
      for x in -8...8 {
        let value = cost(x, y, limit: best)
        if value < best {
          best = value
          (dx, dy) = (x, y)
        }
      }
    }
  }

  /// First minimum over 3 × 3 blocks, in every second row, with two pixels added for each pixel of
  /// way; kept where it saves 60 pixels.
  private mutating func findLocal(_ test: BitPlane, _ template: BitPlane) {
    let count = blockColumns * blockRows
    var best = [Int32](repeating: .max, count: count)
    var middle = best
    var counts = [Int32](repeating: 0, count: count)
    var (rows, cost) = (counts, counts)
    choice = [Int](repeating: 0, count: count)
    for y in -6...6 {
      for x in -6...6 {
        test.differences(template, dx: dx + x, dy: dy + y, rowStep: 2, into: &counts)
        var scratch = rows.mutableSpan
        var sums = cost.mutableSpan
        sumNeighbours(counts.span, columns: blockColumns, rows: &scratch, into: &sums)
        let way = Int32(abs(x) + abs(y))
        for i in 0..<count where cost[i] + way < best[i] {
          best[i] = cost[i] + way
          choice[i] = shifts.count
        }
        if x == 0, y == 0 { middle = cost }
        shifts.append((dx + x, dy + y))
      }
    }
    for i in 0..<count where best[i] > middle[i] - 30 { choice[i] = shifts.count / 2 }
  }
}

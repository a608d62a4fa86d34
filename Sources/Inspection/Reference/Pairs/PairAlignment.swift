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

  private mutating func findGlobal(_ test: BitPlane, _ template: BitPlane) {
    func cost(_ dx: Int, _ dy: Int) -> Int {
      test.differences(template, dx: dx, dy: dy, rowStep: 2).reduce(0) { $0 + Int($1) }
    }
    let middle = cost(0, 0)
    var best = Int.max
    var shift = (0, 0)
    for y in -8...8 {
      for x in -8...8 {
        let value = cost(x, y)
        if value < best {
          best = value
          shift = (x, y)
        }
      }
    }
    if Double(best) < 0.97 * Double(middle) { (dx, dy) = shift }
  }

  private mutating func findLocal(_ test: BitPlane, _ template: BitPlane) {
    let count = blockColumns * blockRows
    var best = [Int32](repeating: .max, count: count)
    var middle = best
    choice = [Int](repeating: 0, count: count)
    for y in -6...6 {
      for x in -6...6 {
        let cost = summed(test.differences(template, dx: dx + x, dy: dy + y))
        let extra = Int32(2 * (abs(x) + abs(y)))
        for i in 0..<count where cost[i] + extra < best[i] {
          best[i] = cost[i] + extra
          choice[i] = shifts.count
        }
        if x == 0, y == 0 { middle = cost }
        shifts.append((dx + x, dy + y))
      }
    }
    for i in 0..<count where best[i] > middle[i] - 60 { choice[i] = shifts.count / 2 }
  }

  private func summed(_ counts: [Int32]) -> [Int32] {
    var out = [Int32](repeating: 0, count: counts.count)
    for y in 0..<blockRows {
      for x in 0..<blockColumns {
        var sum: Int32 = 0
        for v in max(0, y - 1)...min(blockRows - 1, y + 1) {
          for u in max(0, x - 1)...min(blockColumns - 1, x + 1) {
            sum += counts[v * blockColumns + u]
          }
        }
        out[y * blockColumns + x] = sum
      }
    }
    return out
  }
}

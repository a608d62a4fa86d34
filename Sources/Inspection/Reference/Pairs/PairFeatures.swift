/// The numbers a classifier sees of one candidate: shape, surroundings, topology, depth, and
/// grids of dark shares.
enum PairFeatures {
  /// Cells a side of the grids that scale with the box, and of those over 48 × 48 pixels.
  static let boxCells = 8
  static let fixedCells = 6
  /// Numbers that stay the same when the images are mirrored or turned.
  static let steadyCount = shapeCount + surroundingCount + topologyCount + depthCount + profileCount
  /// Numbers a candidate: width and height, the steady ones, then the grids.
  static let count = gridStart + 3 * boxCells * boxCells + 2 * fixedCells * fixedCells
  static let gridStart = 2 + steadyCount

  private static let shapeCount = 13
  private static let profileCount = 3 * boxCells / 2 + 2 * fixedCells / 2

  static func of(_ index: Int, in pair: PairCandidates) -> [Float] {
    let c = pair.list[index]
    var out: [Float] = [Float(c.x1 - c.x0), Float(c.y1 - c.y0)]
    out.reserveCapacity(count)
    out += shape(c, in: pair)
    out += surroundings(index, in: pair)
    let view = CandidateView(c, pair)
    out += topology(view)
    out += depth(view)
    let (profiles, grids) = grids(c, in: pair)
    out += profiles
    out += grids
    return out
  }

  private static func shape(_ c: PairCandidate, in pair: PairCandidates) -> [Float] {
    let w = Float(c.x1 - c.x0)
    let h = Float(c.y1 - c.y0)
    let edge = min(c.x0, c.y0, pair.test.width - c.x1, pair.test.height - c.y1)
    return [
      max(w, h), min(w, h), Float(c.area), Float(c.seeds), Float(c.area) / (w * h),
      Float(c.seeds) / Float(c.area), c.isExtra ? 1 : 0, c.isMerged ? 1 : 0,
      Float(abs(c.dx - pair.alignment.dx) + abs(c.dy - pair.alignment.dy)),
      Float(c.misfit), Float(pair.list.count), Float(pair.seedCount), Float(min(edge, 20)),
    ]
  }

  /// Dark shares of test, template and difference, first averaged over square rings of cells.
  private static func grids(_ c: PairCandidate, in pair: PairCandidates) -> ([Float], [Float]) {
    let box = CandidateView.windows(
      c, pair, x: c.x0 - 8, y: c.y0 - 8, width: c.x1 - c.x0 + 16, height: c.y1 - c.y0 + 16)
    let differ = box.0.without(box.1).or(box.1.without(box.0))
    let x = (c.x0 + c.x1) / 2 - 24
    let y = (c.y0 + c.y1) / 2 - 24
    let fixed = CandidateView.windows(c, pair, x: x, y: y, width: 48, height: 48)
    var profiles: [Float] = []
    var grids: [Float] = []
    for (mask, cells) in [
      (box.0, boxCells), (box.1, boxCells), (differ, boxCells), (fixed.0, fixedCells),
      (fixed.1, fixedCells),
    ] {
      let grid = grid(mask, cells: cells)
      profiles += profile(grid, cells: cells)
      grids += grid
    }
    return (profiles, grids)
  }

  /// Means of the square rings of cells, the innermost first.
  private static func profile(_ grid: [Float], cells: Int) -> [Float] {
    var sums = [Float](repeating: 0, count: cells / 2)
    for v in 0..<cells {
      for u in 0..<cells {
        let ring = max(abs(2 * u + 1 - cells), abs(2 * v + 1 - cells)) / 2
        sums[ring] += grid[v * cells + u]
      }
    }
    return sums.indices.map { sums[$0] / Float(8 * $0 + 4) }
  }

  private static func grid(_ mask: BitMask, cells: Int) -> [Float] {
    var out: [Float] = []
    out.reserveCapacity(cells * cells)
    for v in 0..<cells {
      let rows = mask.height * v / cells..<mask.height * (v + 1) / cells
      for u in 0..<cells {
        let from = mask.width * u / cells
        let to = mask.width * (u + 1) / cells
        var sum = 0
        for y in rows { sum += mask.count(y: y, from: from, to: to) }
        out.append(Float(sum) / Float(max(1, rows.count * (to - from))))
      }
    }
    return out
  }

  /// Where the numbers of the same candidate in mirrored and turned images are found in its own:
  /// `orders[s][f]` is the place of what symmetry s shows as feature f.
  ///
  /// Symmetry s, 0..<8: bit 2 swaps the axes, then bit 0 mirrors left and right and bit 1 top and
  /// bottom.
  static let orders: [[Int]] = (0..<8).map { symmetry in
    var order = Array(0..<count)
    if symmetry & 4 != 0 { order.swapAt(0, 1) }
    var start = gridStart
    for cells in [boxCells, boxCells, boxCells, fixedCells, fixedCells] {
      for v in 0..<cells {
        for u in 0..<cells {
          var (x, y) = symmetry & 4 != 0 ? (v, u) : (u, v)
          if symmetry & 1 != 0 { x = cells - 1 - x }
          if symmetry & 2 != 0 { y = cells - 1 - y }
          order[start + y * cells + x] = start + v * cells + u
        }
      }
      start += cells * cells
    }
    return order
  }
}

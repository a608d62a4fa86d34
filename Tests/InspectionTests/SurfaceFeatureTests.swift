import Imaging
import Testing

@testable import Inspection

/// A plane of numbers with the borders that the definition asks for.
private struct Grid {
  var width: Int
  var height: Int
  var values: [Double]

  init(_ width: Int, _ height: Int, _ value: (Int, Int) -> Double) {
    self.width = width
    self.height = height
    values = (0..<width * height).map { value($0 % width, $0 / width) }
  }

  subscript(x: Int, y: Int) -> Double { values[y * width + x] }

  func map(_ body: (Double) -> Double) -> Grid { Grid(width, height) { body(self[$0, $1]) } }

  func edge(_ x: Int, _ y: Int) -> Double {
    self[Reflection.withEdge.index(x, width), Reflection.withEdge.index(y, height)]
  }

  func inner(_ x: Int, _ y: Int) -> Double {
    self[Reflection.withoutEdge.index(x, width), Reflection.withoutEdge.index(y, height)]
  }

  func smoothed(_ sigma: Double) -> Grid {
    let taps = GaussianFilter(sigma: sigma).taps.map(Double.init)
    let reach = taps.count - 1
    let across = Grid(width, height) { x, y in
      (-reach...reach).reduce(0) { $0 + taps[abs($1)] * edge(x + $1, y) }
    }
    return Grid(width, height) { x, y in
      (-reach...reach).reduce(0) { $0 + taps[abs($1)] * across.edge(x, y + $1) }
    }
  }

  /// The largest value of the window of `step × step` that reaches step/2 up and left.
  func spread(_ step: Int) -> Grid {
    Grid(width, height) { x, y in
      var best = 0.0
      for v in max(y - step / 2, 0)..<min(y + step / 2, height) {
        for u in max(x - step / 2, 0)..<min(x + step / 2, width) { best = max(best, self[u, v]) }
      }
      return best
    }
  }

  func mean(cellX: Int, cellY: Int, _ step: Int) -> Double {
    var sum = 0.0
    for y in cellY * step..<(cellY + 1) * step {
      for x in cellX * step..<(cellX + 1) * step { sum += self[x, y] }
    }
    return sum / Double(step * step)
  }

  var halved: Grid {
    Grid(width / 2, height / 2) { x, y in
      (self[2 * x, 2 * y] + self[2 * x + 1, 2 * y] + self[2 * x, 2 * y + 1]
        + self[2 * x + 1, 2 * y + 1]) / 4
    }
  }

  /// The fourteen maps of a level.
  func maps(_ step: Int) -> (low: Grid, maps: [Grid]) {
    let low = smoothed(1)
    let dx = Grid(width, height) { (low.inner($0 + 1, $1) - low.inner($0 - 1, $1)) / 2 }
    let dy = Grid(width, height) { (low.inner($0, $1 + 1) - low.inner($0, $1 - 1)) / 2 }
    let dxx = Grid(width, height) {
      low.inner($0 + 1, $1) + low.inner($0 - 1, $1) - 2 * low[$0, $1]
    }
    let dyy = Grid(width, height) {
      low.inner($0, $1 + 1) + low.inner($0, $1 - 1) - 2 * low[$0, $1]
    }
    let dxy = Grid(width, height) { (dx.inner($0, $1 + 1) - dx.inner($0, $1 - 1)) / 2 }
    let wide = low.smoothed(2)
    let dog = Grid(width, height) { low[$0, $1] - wide[$0, $1] }
    let positive = dog.map { max($0, 0) }
    let negative = dog.map { max(-$0, 0) }
    let diagonals = [1.0, -1].map { sign in
      Grid(width, height) { abs(dx[$0, $1] + sign * dy[$0, $1]) * 0.7071 }
    }
    return (
      low,
      [
        dx.map(abs), dy.map(abs), diagonals[0], diagonals[1], dxx.map { max($0, 0) },
        dxx.map { max(-$0, 0) }, dyy.map { max($0, 0) }, dyy.map { max(-$0, 0) }, dxy.map(abs),
        positive, negative, Grid(width, height) { abs(self[$0, $1] - low[$0, $1]) },
        positive.spread(step), negative.spread(step),
      ]
    )
  }
}

/// As many workers as said, one after the other, the last piece first.
struct BackwardWorkers: Workers {
  var count: Int

  func map<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    try (0..<count).reversed().map(body).reversed()
  }
}

@Suite("surface features")
struct SurfaceFeatureTests {
  private func picture(_ width: Int, _ height: Int, seed: UInt64) -> Plane {
    var generator = SeededGenerator(seed: seed)
    var level = 120
    let pixels = (0..<width * height).map { _ in
      level = min(max(level + generator.below(41) - 20, 0), 255)
      return UInt8(level)
    }
    return Plane(width: width, height: height, pixels: pixels)
  }

  @Test(
    "cells hold what the definition says, at any size",
    arguments: [(64, 48), (61, 83), (8, 9), (27, 70)])
  func definition(_ width: Int, _ height: Int) {
    let plane = picture(width, height, seed: 5)
    let found = FilterBank().features(of: plane)
    var level = Grid(width, height) {
      MathFunctions.log(Double(plane[$0, $1]) / 255 + 0.05)
    }
    let cells = Grid(width / 8, height / 8) { level.mean(cellX: $0, cellY: $1, 8) }
    let near = cells.smoothed(1.5)
    let far = cells.smoothed(4)
    var expected = [[Double]](repeating: [], count: cells.values.count)
    for k in 0..<3 {
      let (low, maps) = level.maps(8 >> k)
      for cell in expected.indices {
        expected[cell] += maps.map {
          MathFunctions.log(
            $0.mean(cellX: cell % cells.width, cellY: cell / cells.width, 8 >> k) + 0.005)
        }
      }
      level = low.halved
    }
    for (cell, values) in expected.enumerated() {
      let mean = cells.values[cell]
      let all = values + [mean, mean - near.values[cell], mean - far.values[cell]]
      for (k, value) in all.enumerated() {
        let difference = Double(found.values[cell * CellFeatures.stride + k]) - value
        #expect(abs(difference) < 2e-3, "value \(k) of cell \(cell)")
      }
    }
  }

  @Test("strips give the same bits, however many", arguments: [2, 3, 4, 7])
  func strips(_ count: Int) {
    let plane = picture(83, 330, seed: 6)
    let whole = FilterBank().responses(of: plane)
    let strips = PyramidStrips(width: 83, height: 330, count: count)
    var cells = strips.ranges.map { CellFeatures(columns: 10, rows: $0.count) }
    for frame in [picture(83, 330, seed: 7), plane] {
      for level in 0..<FilterBank.levels {
        for index in cells.indices.reversed() {
          strips.compute(level, index, of: frame, into: &cells[index])
        }
      }
    }
    #expect(cells.flatMap(\.values) == whole.values)
  }

  @Test("the folded network gives the logits of the full one")
  func folded() {
    let features = FilterBank().features(of: picture(120, 200, seed: 7))
    var cells = features
    let statistics = BorderStatistics([features])
    CellContext.standardise(
      &cells,
      with: PaddedStatistics(
        mean: statistics.mean, inverseDeviation: statistics.inverseDeviation))
    var generator = SeededGenerator(seed: 8)
    let network = Perceptron(inputs: CellContext.count, using: &generator)
    let context = SampledContext(cells)
    let drawn = context.cells((0..<cells.columns * cells.rows).map { ($0, 0) })
    let expected = network.logits(drawn.rows)
    let folded = FoldedNetwork(network)
    let biases = folded.columnBiases(cells)
    var found: [Float] = []
    for rows in RowParts(rows: cells.rows, count: 3).ranges {
      var around = CellSurroundings(columns: cells.columns, height: cells.rows, rows: rows)
      var scratch = FoldedNetwork.Scratch()
      around.fill(from: cells)
      found += folded.logits(cells, around, biases, &scratch)
    }
    #expect(found.count == expected.count)
    // Whole numbers are 16,383rds of the most that a unit can give.
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-3) }
  }
}

import Imaging
import Kernels

/// Turns an image into 45 values for each cell of 8 × 8 pixels.
///
/// L = ln(I/255 + 0.05), so that a change of exposure becomes an offset. A pyramid of three levels,
/// each smoothed by a Gaussian of σ 1 and halved. Per level twelve responses (slopes along x, y and
/// both diagonals, both signs of both curvatures, the mixed derivative, both signs of a difference of
/// Gaussians σ 1 − 2, the high-pass) are averaged over the cell, the difference of Gaussians also as
/// the mean of its local maximum over a window of the cell's size; then ln(x + 0.005). Last: the mean
/// of L over the cell and its difference from the mean smoothed by σ 1.5 and by σ 4 cells.
final class FilterBank {
  private static let levels = 3
  private static let responses = 14
  private static let logarithms: [Float] = (0..<256).map {
    Float(MathFunctions.log(Double($0) / 255 + 0.05))
  }

  private let fine = GaussianFilter(sigma: 1)
  private let wide = GaussianFilter(sigma: 2)
  private let near = GaussianFilter(sigma: 1.5)
  private let far = GaussianFilter(sigma: 4)
  private var scratch: [LevelScratch] = []

  /// The features of `plane`, at least one cell wide and high.
  func features(of plane: Plane) -> CellFeatures {
    let columns = plane.width / CellFeatures.cellSize
    let rows = plane.height / CellFeatures.cellSize
    precondition(columns > 0 && rows > 0, "\(plane.width) × \(plane.height) is below one cell")
    if scratch.first.map({ $0.width != plane.width || $0.height != plane.height }) ?? true {
      scratch = (0..<Self.levels).map {
        LevelScratch(width: max(1, plane.width >> $0), height: max(1, plane.height >> $0))
      }
    }
    fillLogarithms(of: plane)
    var out = CellFeatures(columns: columns, rows: rows)
    for level in 0..<Self.levels {
      if level > 0 { halve(from: level - 1, to: level) }
      pool(level, into: &out)
    }
    finish(&out)
    return out
  }

  private func fillLogarithms(of plane: Plane) {
    let level = scratch[0].level
    let start = level.offset(0)
    let stride = level.stride
    for y in 0..<plane.height {
      lookUp(
        plane.pixels, at: y * plane.width, in: Self.logarithms, into: &level.values,
        from: start + y * stride, count: plane.width)
    }
  }

  private func halve(from upper: Int, to lower: Int) {
    let source = scratch[upper].low
    let target = scratch[lower].level
    let count = target.width
    for y in 0..<target.height {
      let to = target.offset(y)
      Kernels.halve(
        source.values, source.offset(min(2 * y, source.height - 1)),
        source.offset(min(2 * y + 1, source.height - 1)), into: &target.values, at: to, count: count
      )
    }
  }

  private func pool(_ level: Int, into out: inout CellFeatures) {
    let step = CellFeatures.cellSize >> level
    let planes = scratch[level]
    fine.apply(planes.level, into: planes.low, rows: planes.rows)
    planes.mirrorBorders()
    wide.apply(planes.low, into: planes.wide, rows: planes.rows)
    for y in 0..<out.rows { respond(level, step: step, cellRow: y, into: &out) }
    planes.respondBelow(from: out.rows * step)
    planes.dilate(step: step)
    for y in 0..<out.rows {
      poolDilated(level, step: step, cellRow: y, into: &out)
    }
  }

  /// The twelve averaged responses of one row of cells.
  private func respond(
    _ level: Int, step: Int, cellRow: Int, into out: inout CellFeatures
  ) {
    let planes = scratch[level]
    planes.clearSums()
    for y in cellRow * step..<(cellRow + 1) * step { planes.respond(row: y) }
    let scale = 1 / Float(step * step)
    let columns = out.columns
    let start = cellRow * columns * CellFeatures.count + level * Self.responses
    for response in 0..<12 {
      poolRow(
        planes.sums, at: response * planes.sumStride, step: step, scale: scale,
        count: columns, into: &out.values, from: start + response, stride: CellFeatures.count)
    }
  }

  /// The two means of local maxima of one row of cells.
  private func poolDilated(
    _ level: Int, step: Int, cellRow: Int, into out: inout CellFeatures
  ) {
    let planes = scratch[level]
    let columns = out.columns
    let start = cellRow * columns * CellFeatures.count + level * Self.responses + 12
    for sign in 0..<2 {
      planes.sumDilated(rows: cellRow * step..<(cellRow + 1) * step, sign: sign, step: step)
      poolRow(
        planes.sums, at: 0, step: step, scale: 1 / Float(step * step), count: columns,
        into: &out.values, from: start + sign, stride: CellFeatures.count)
    }
  }

  /// Logarithms of the pooled responses, then the three values of the local mean.
  private func finish(_ out: inout CellFeatures) {
    let means = cellMeans(columns: out.columns, rows: out.rows)
    let smoothed = PaddedPlane(width: out.columns, height: out.rows)
    let farther = PaddedPlane(width: out.columns, height: out.rows)
    let rows = PaddedPlane(width: out.columns, height: out.rows)
    near.apply(means, into: smoothed, rows: rows)
    far.apply(means, into: farther, rows: rows)
    let columns = out.columns
    let cells = out.columns * out.rows
    for cell in 0..<cells {
      let at = means.offset(cell / columns) + cell % columns
      let base = cell * CellFeatures.count
      logarithm(&out.values, plus: 0.005, from: base, to: base + 42)
      out.values[base + 42] = means.values[at]
      out.values[base + 43] = means.values[at] - smoothed.values[at]
      out.values[base + 44] = means.values[at] - farther.values[at]
    }
  }

  /// The mean of L over each cell.
  private func cellMeans(columns: Int, rows: Int) -> PaddedPlane {
    let means = PaddedPlane(width: columns, height: rows)
    let size = CellFeatures.cellSize
    let level = scratch[0].level
    var sums = [Float](repeating: 0, count: level.vectorWidth)
    for y in 0..<rows {
      clear(&sums, from: 0, to: sums.count)
      for row in 0..<size {
        accumulate(
          level.values, at: level.offset(y * size + row), into: &sums, from: 0,
          count: level.vectorWidth)
      }
      let to = means.offset(y)
      poolRow(
        sums, at: 0, step: size, scale: 1 / Float(size * size), count: columns,
        into: &means.values, from: to, stride: 1)
    }
    return means
  }
}

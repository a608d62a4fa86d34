/// A cell seen in its surroundings: what the network reads.
///
/// From the 45 values z of a cell, standardised with the statistics of good parts in the same border
/// bin, clipped to −5…8 and halved to c:
/// c · c − mean of c over the column · mean of c over 5 × 5 cells − mean over the image ·
/// |3 × 3 mean four cells up − four cells down| · distances to the border, min(·, 6)/2.
enum CellContext {
  /// 4 · 45 + 2 values a cell in teaching.
  static let count = 4 * CellFeatures.count + 2
  /// Values a cell in inspection, where the two means are folded into the network's bias.
  static let foldedCount = 3 * CellFeatures.count + 2

  /// Standardised, clipped to −5…8 and halved, in place.
  static func standardise(
    _ features: inout CellFeatures, mean: [Float], inverseDeviation: [Float]
  ) {
    let n = CellFeatures.count
    let columns = features.columns
    let rows = features.rows
    let mean = mean.span
    let inverse = inverseDeviation.span
    var values = features.values.mutableSpan
    for y in 0..<rows {
      for x in 0..<columns {
        let bin = CellFeatures.borderBin(x: x, y: y, columns: columns, rows: rows) * n
        let at = (y * columns + x) * n
        for k in 0..<n {
          let z = (values[at + k] - mean[bin + k]) * inverse[bin + k]
          values[at + k] = min(max(z, -5), 8) / 2
        }
      }
    }
  }

  /// The mean of c over each column of cells, and over the image.
  static func means(_ c: CellFeatures) -> (columns: [Float], image: [Float]) {
    let n = CellFeatures.count
    let width = c.columns * n
    var columns = [Float](repeating: 0, count: width)
    var image = [Float](repeating: 0, count: n)
    let source = c.values.span
    var sums = columns.mutableSpan
    for y in 0..<c.rows {
      for i in 0..<width { sums[i] += source[y * width + i] }
    }
    for i in 0..<width { sums[i] /= Float(c.rows) }
    for x in 0..<c.columns {
      for k in 0..<n { image[k] += sums[x * n + k] / Float(c.columns) }
    }
    return (columns, image)
  }

  /// Means over `(2r + 1)²` cells, borders reflected.
  static func boxMean(_ c: CellFeatures, radius: Int) -> CellFeatures {
    let n = CellFeatures.count
    let width = c.columns * n
    var across = c
    var out = c
    let scale = 1 / Float(2 * radius + 1)
    let source = c.values.span
    var rows = across.values.mutableSpan
    for y in 0..<c.rows {
      for x in 0..<c.columns {
        let at = y * width + x * n
        for k in 0..<n { rows[at + k] = 0 }
        for d in -radius...radius {
          let from = y * width + Reflection.withEdge.index(x + d, c.columns) * n
          for k in 0..<n { rows[at + k] += source[from + k] * scale }
        }
      }
    }
    var target = out.values.mutableSpan
    for y in 0..<c.rows {
      for i in 0..<width { target[y * width + i] = 0 }
      for d in -radius...radius {
        let from = Reflection.withEdge.index(y + d, c.rows) * width
        for i in 0..<width { target[y * width + i] += rows[from + i] * scale }
      }
    }
    return out
  }

  /// The folded context of every cell: c, 5 × 5 means, vertical contrast, border distances.
  static func folded(_ c: CellFeatures) -> [Float] {
    let n = CellFeatures.count
    let wide = boxMean(c, radius: 2)
    let near = boxMean(c, radius: 1)
    var out = [Float](repeating: 0, count: c.columns * c.rows * foldedCount)
    let cells = c.values.span
    let means = wide.values.span
    let local = near.values.span
    var target = out.mutableSpan
    for y in 0..<c.rows {
      let up = max(y - 4, 0) * c.columns
      let down = min(y + 4, c.rows - 1) * c.columns
      for x in 0..<c.columns {
        let from = (y * c.columns + x) * n
        let to = (y * c.columns + x) * foldedCount
        for k in 0..<n {
          target[to + k] = cells[from + k]
          target[to + n + k] = means[from + k]
          let contrast = local[(up + x) * n + k] - local[(down + x) * n + k]
          target[to + 2 * n + k] = abs(contrast)
        }
        target[to + 3 * n] = Float(min(y, c.rows - 1 - y, 6)) / 2
        target[to + 3 * n + 1] = Float(min(x, c.columns - 1 - x, 6)) / 2
      }
    }
    return out
  }

  /// The full context of one cell, for teaching, from the folded one and the means.
  static func full(
    _ folded: [Float], cell: Int, column: Int, columnMeans: [Float], imageMeans: [Float],
    into out: inout [Float]
  ) {
    let n = CellFeatures.count
    let at = cell * foldedCount
    for k in 0..<n { out.append(folded[at + k]) }
    for k in 0..<n { out.append(folded[at + k] - columnMeans[column * n + k]) }
    for k in 0..<n { out.append(folded[at + n + k] - imageMeans[k]) }
    for k in 2 * n..<foldedCount { out.append(folded[at + k]) }
  }
}

import Kernels

/// A cell seen in its surroundings: what the network reads.
///
/// From the 45 values z of a cell, standardised with the statistics of good parts in the same border
/// bin, clipped to −5…8 and halved to c:
/// c · c − mean of c over the column · mean of c over 5 × 5 cells − mean over the image ·
/// |3 × 3 mean four cells up − four cells down| · distances to the border, min(·, 6)/2.
enum CellContext {
  /// 4 · 45 + 2 values a cell in teaching.
  static let count = 4 * CellFeatures.count + 2

  /// How many cells away the context looks: the 3 × 3 mean four cells up.
  static let reach = 5

  /// Standardised, clipped to −5…8 and halved, in place; `place` says where the cells lie in the
  /// image, nil: they are the image.
  static func standardise(
    _ features: inout CellFeatures, with statistics: PaddedStatistics, at place: CellPlace? = nil
  ) {
    let columns = features.columns
    let place = place ?? CellPlace(columns: columns, rows: features.rows)
    for y in 0..<features.rows {
      var x = 0
      while x < columns {
        let bin = place.borderBin(x: x, y: y)
        // Cells from the third of the image's row to the last but two share their bin.
        let end = place.column + x < 2 ? x + 1 : max(min(columns, place.innerEnd), x + 1)
        Kernels.standardise(
          &features.values, at: (y * columns + x) * CellFeatures.stride, cells: end - x,
          mean: statistics.mean, inverse: statistics.inverseDeviation,
          bin: bin * CellFeatures.stride)
        x = end
      }
    }
  }

  /// The mean of c over each column of cells, and over the image, `CellFeatures.stride` values each.
  static func means(_ c: CellFeatures) -> (columns: [Float], image: [Float]) {
    var sums = [Float](repeating: 0, count: c.columns * CellFeatures.stride)
    add(c, to: &sums)
    return means(sums: sums, columns: c.columns, rows: c.rows)
  }

  /// Adds c to the sums of its columns, row by row from the top.
  static func add(_ c: CellFeatures, to sums: inout [Float]) {
    let width = c.columns * CellFeatures.stride
    for y in 0..<c.rows {
      accumulate(c.values, at: y * width, into: &sums, from: 0, count: width)
    }
  }

  /// The means from the sums of the columns.
  static func means(sums: [Float], columns: Int, rows: Int) -> (columns: [Float], image: [Float]) {
    let n = CellFeatures.stride
    var image = [Float](repeating: 0, count: n)
    for x in 0..<columns { accumulate(sums, at: x * n, into: &image, from: 0, count: n) }
    for k in 0..<n { image[k] /= Float(rows * columns) }
    return (sums.map { $0 / Float(rows) }, image)
  }

  /// Half the distance in cells to the nearer border, at most 3: cell `place` of `count`.
  static func border(_ place: Int, of count: Int) -> Float {
    Float(min(place, count - 1 - place, 6)) / 2
  }
}

/// Border statistics with the stride of the cells.
struct PaddedStatistics: Sendable {
  let mean: [Float]
  let inverseDeviation: [Float]

  /// From nine times 45 values each.
  init(mean: [Float], inverseDeviation: [Float]) {
    self.mean = Self.padded(mean)
    self.inverseDeviation = Self.padded(inverseDeviation)
  }

  private static func padded(_ values: [Float]) -> [Float] {
    (0..<9 * CellFeatures.stride).map { index in
      let k = index % CellFeatures.stride
      return k < CellFeatures.count
        ? values[index / CellFeatures.stride * CellFeatures.count + k] : 0
    }
  }
}

/// Mean and deviation of the 45 values over good parts, in nine bins by distance to the border.
struct BorderStatistics: Sendable {
  /// Nine times 45 values, bin by bin.
  let mean: [Float]
  let inverseDeviation: [Float]

  /// Sums in double precision; deviation = √max(E[f²] − mean², 10⁻⁸). A bin that no image has takes
  /// the values of all cells together. Only `judged` cells count, at least one.
  init(_ features: [CellFeatures], _ judged: JudgedCells = JudgedCells(nil, shrink: 1)) {
    let n = CellFeatures.count
    var counts = [Double](repeating: 0, count: 10)
    var sums = [Double](repeating: 0, count: 10 * n)
    var squares = sums
    for image in features {
      for cell in judged.indices(columns: image.columns, rows: image.rows) {
        let bin = CellFeatures.borderBin(
          x: cell % image.columns, y: cell / image.columns, columns: image.columns,
          rows: image.rows)
        counts[bin] += 1
        for k in 0..<n {
          let value = Double(image.values[cell * CellFeatures.stride + k])
          sums[bin * n + k] += value
          squares[bin * n + k] += value * value
        }
      }
    }
    for bin in 0..<9 {
      counts[9] += counts[bin]
      for k in 0..<n {
        sums[9 * n + k] += sums[bin * n + k]
        squares[9 * n + k] += squares[bin * n + k]
      }
    }
    var mean: [Float] = []
    var inverse: [Float] = []
    for bin in 0..<9 {
      let from = counts[bin] > 0 ? bin : 9
      for k in 0..<n {
        let average = sums[from * n + k] / counts[from]
        let variance = squares[from * n + k] / counts[from] - average * average
        mean.append(Float(average))
        inverse.append(Float(1 / max(variance, 1e-8).squareRoot()))
      }
    }
    self.mean = mean
    inverseDeviation = inverse
  }
}

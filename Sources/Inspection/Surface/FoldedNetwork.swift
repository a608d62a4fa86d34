import Kernels

/// The network with the means of column and image folded into the bias of the first layer.
///
/// W₁c + W₂(c − column) + W₃(box − image) + … = (W₁ + W₂)c + W₃box + … − W₂column − W₃image: 135 inputs a
/// cell instead of 182; the means and the border distances become biases of a column and of a row.
struct FoldedNetwork: Sendable {
  private let network: Perceptron
  /// 45 × 128 each: for c, its 5 × 5 mean and its contrast.
  private let own: [Float]
  private let wide: [Float]
  private let contrast: [Float]
  /// 45 × 128: of the mean over the column.
  private let column: [Float]
  /// 128 each: of the distances to the border along y and x.
  private let borders: (y: [Float], x: [Float])

  init(_ network: Perceptron) {
    self.network = network
    let size = CellFeatures.count * Perceptron.hidden1
    let w = network.weights1
    own = (0..<size).map { w[$0] + w[size + $0] }
    column = Array(w[size..<2 * size])
    wide = Array(w[2 * size..<3 * size])
    contrast = Array(w[3 * size..<4 * size])
    let h = Perceptron.hidden1
    borders = (Array(w[4 * size..<4 * size + h]), Array(w[4 * size + h..<4 * size + 2 * h]))
  }

  /// Scratch of one worker.
  struct Scratch {
    fileprivate static let cells = 96
    fileprivate var hidden1: [Float] = []
    fileprivate var hidden2: [Float] = []

    init() {}
  }

  /// The bias of every column, 128 values each, of standardised cells.
  func columnBiases(_ c: CellFeatures) -> [Float] {
    columnBiases(CellContext.means(c), columns: c.columns)
  }

  /// The same from the means of an image of so many columns.
  func columnBiases(_ means: (columns: [Float], image: [Float]), columns: Int) -> [Float] {
    let h = Perceptron.hidden1
    let n = CellFeatures.stride
    var image = network.bias1
    matrixProduct(
      means.image.map { -$0 }, rowStride: n, innerStride: 1, wide, rows: 1,
      inner: CellFeatures.count, columns: h, adding: true, into: &image)
    var biases = [Float](repeating: 0, count: columns * h)
    matrixProduct(
      means.columns.map { -$0 }, rowStride: n, innerStride: 1, column, rows: columns,
      inner: CellFeatures.count, columns: h, into: &biases)
    for x in 0..<columns {
      let distance = CellContext.border(x, of: columns)
      for u in 0..<h { biases[x * h + u] += image[u] + distance * borders.x[u] }
    }
    return biases
  }

  /// The logits of the cells of `around.rows`, from standardised cells and the biases of their
  /// columns; `place` says where the cells lie in the image, nil: they are the image.
  func logits(
    _ c: CellFeatures, _ around: CellSurroundings, _ biases: [Float], _ scratch: inout Scratch,
    at place: CellPlace? = nil
  ) -> [Float] {
    let place = place ?? CellPlace(columns: c.columns, rows: c.rows)
    let h1 = Perceptron.hidden1
    let h2 = Perceptron.hidden2
    var logits = [Float](repeating: 0, count: around.rows.count * c.columns)
    let rowsAtOnce = max(1, Scratch.cells / c.columns)
    // Blocks of four rows: up to three cells more than wanted are computed.
    let room = (rowsAtOnce * c.columns + 3) & ~3
    if scratch.hidden1.count != room * h1 {
      scratch.hidden1 = [Float](repeating: 0, count: room * h1)
      scratch.hidden2 = [Float](repeating: 0, count: room * h2)
    }
    var out = [Float](repeating: 0, count: room)
    var y = around.rows.lowerBound
    while y < around.rows.upperBound {
      let rows = min(rowsAtOnce, around.rows.upperBound - y)
      let cells = rows * c.columns
      let first = (y - around.rows.lowerBound) * c.columns
      for row in 0..<rows {
        let distance = CellContext.border(place.row + y + row, of: place.rows)
        spreadBiases(
          biases, plus: borders.y.map { $0 * distance }, count: c.columns, units: h1,
          into: &scratch.hidden1, from: row * c.columns * h1)
      }
      addFirstLayer(c, y * c.columns, around, first, (cells + 3) & ~3, &scratch.hidden1)
      rectify(&scratch.hidden1, count: cells * h1)
      matrixProduct(
        scratch.hidden1, rowStride: h1, innerStride: 1, network.weights2, rows: (cells + 3) & ~3,
        inner: h1, columns: h2, into: &scratch.hidden2)
      addBiasAndRectify(&scratch.hidden2, bias: network.bias2, rows: cells, columns: h2)
      weightedSums(
        scratch.hidden2, weights: network.weights3, bias: network.bias3[0], rows: cells,
        columns: h2, into: &out)
      copyFloats(out, at: 0, into: &logits, from: first, count: cells)
      y += rows
    }
    return logits
  }

  private func addFirstLayer(
    _ c: CellFeatures, _ cell: Int, _ around: CellSurroundings, _ first: Int, _ cells: Int,
    _ hidden: inout [Float]
  ) {
    let n = CellFeatures.stride
    for (values, place, weights) in [
      (c.values, cell, own), (around.wide, first, wide), (around.contrast, first, contrast),
    ] {
      matrixProduct(
        values, at: place * n, rowStride: n, innerStride: 1, weights, rows: cells,
        inner: CellFeatures.count, columns: Perceptron.hidden1, adding: true, into: &hidden)
    }
  }
}

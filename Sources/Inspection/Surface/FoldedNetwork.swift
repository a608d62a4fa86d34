import Kernels

/// The network with the means of column and image folded into the bias of the first layer.
///
/// W₁c + W₂(c − column) + W₃(box − image) + … = (W₁ + W₂)c + W₃box + … − W₂column − W₃image: 137 inputs a
/// cell instead of 182, and one more product per column and per image.
struct FoldedNetwork {
  private let network: Perceptron
  /// 137 × 128: for c, box, contrast and border distances.
  private let first: [Float]
  /// 45 × 128 each: W₂ and W₃.
  private let columnWeights: [Float]
  private let imageWeights: [Float]

  init(_ network: Perceptron) {
    self.network = network
    let n = CellFeatures.count
    let h = Perceptron.hidden1
    let w = network.weights1
    var first = Array(w[0..<n * h])
    for i in 0..<n * h { first[i] += w[n * h + i] }
    first += w[2 * n * h..<w.count]
    self.first = first
    columnWeights = Array(w[n * h..<2 * n * h])
    imageWeights = Array(w[2 * n * h..<3 * n * h])
  }

  /// The logit of every cell of standardised, clipped features.
  func logits(_ c: CellFeatures) -> [Float] {
    let h1 = Perceptron.hidden1
    let h2 = Perceptron.hidden2
    let n = CellFeatures.count
    let inputs = CellContext.folded(c)
    let biases = columnBiases(c)
    var logits = [Float](repeating: 0, count: c.columns * c.rows)
    var hidden1 = [Float](repeating: 0, count: c.columns * h1)
    var hidden2 = [Float](repeating: 0, count: c.columns * h2)
    var out = [Float](repeating: 0, count: c.columns)
    let width = CellContext.foldedCount
    precondition(first.count == (3 * n + 2) * h1, "the folded layer has \(first.count) weights")
    for y in 0..<c.rows {
      let row = Array(inputs[y * c.columns * width..<(y + 1) * c.columns * width])
      hidden1 = biases
      matrixProduct(
        row, rowStride: width, innerStride: 1, first, rows: c.columns, inner: width, columns: h1,
        adding: true, into: &hidden1)
      addBiasAndRectify(&hidden1, bias: network.bias1, rows: c.columns, columns: h1)
      matrixProduct(
        hidden1, rowStride: h1, innerStride: 1, network.weights2, rows: c.columns, inner: h1,
        columns: h2, into: &hidden2)
      addBiasAndRectify(&hidden2, bias: network.bias2, rows: c.columns, columns: h2)
      weightedSums(
        hidden2, weights: network.weights3, bias: network.bias3[0], rows: c.columns, columns: h2,
        into: &out)
      logits.replaceSubrange(y * c.columns..<(y + 1) * c.columns, with: out)
    }
    return logits
  }

  /// − W₂column − W₃image for each column.
  private func columnBiases(_ c: CellFeatures) -> [Float] {
    let h = Perceptron.hidden1
    let n = CellFeatures.count
    let means = CellContext.means(c)
    var biases = [Float](repeating: 0, count: c.columns * h)
    matrixProduct(
      means.columns.map { -$0 }, rowStride: n, innerStride: 1, columnWeights, rows: c.columns,
      inner: n, columns: h, into: &biases)
    matrixProduct(
      means.image.map { -$0 }, rowStride: 0, innerStride: 1, imageWeights, rows: c.columns,
      inner: n, columns: h, adding: true, into: &biases)
    return biases
  }
}

import Kernels

/// The network with the means of column and image folded into the bias of the first layer, in whole
/// numbers of 16 bits (Documentation/Decisions/0006-whole-numbers.md).
///
/// W₁c + W₂(c − column) + W₃(box − image) + … = (W₁ + W₂)c + W₃box + … − W₂column − W₃image: 135 inputs a
/// cell instead of 182; the means and the border distances become biases of a column and of a row.
struct FoldedNetwork: Sendable {
  private static let units = Perceptron.hidden1

  private let first: WholeWeights
  private let second: WholeWeights
  /// What turns sums of products of the first layer into counts of what its units give.
  private let scale: [Float]
  /// In such counts: the layer's bias, the weights of the means over column and image (45 rows each), and
  /// of the distances to the border along y and x.
  private let bias1: [Float]
  private let column: [Float]
  private let wide: [Float]
  private let borders: (y: [Float], x: [Float])
  private let bias2: [Float]
  private let weights3: [Float]
  private let bias3: Float

  /// Standardised values lie in −2.5…4, their means too, and differences in 0…6.5.
  private static let largestInput: Float = 8

  init(_ network: Perceptron) {
    let n = CellFeatures.count
    let h = Self.units
    let w = network.weights1
    let inputUnit = Self.largestInput / WholeWeights.largest
    first = WholeWeights(runs: 3, values: n, columns: h) { k, c in
      let own = k < n ? w[k * h + c] : 0
      return (own + w[(n + k) * h + c]) * inputUnit
    }
    // No unit gives more than with all inputs at their largest.
    let given = (0..<h).map { c in
      let sum = (0..<network.inputs).reduce(Float(0)) { $0 + abs(w[$1 * h + c]) }
      return (abs(network.bias1[c]) + sum * Self.largestInput + 1e-6) / WholeWeights.largest
    }
    scale = zip(first.units, given).map { $0 / $1 }
    func counted(_ rows: Range<Int>) -> [Float] {
      (rows.lowerBound * h..<rows.upperBound * h).map { w[$0] / given[$0 % h] }
    }
    bias1 = zip(network.bias1, given).map { $0 / $1 }
    column = counted(n..<2 * n)
    wide = counted(2 * n..<3 * n)
    borders = (counted(4 * n..<4 * n + 1), counted(4 * n + 1..<4 * n + 2))
    let (h2, weights2) = (Perceptron.hidden2, network.weights2)
    second = WholeWeights(runs: 1, values: h, columns: h2) { k, c in weights2[k * h2 + c] * given[k]
    }
    (bias2, weights3, bias3) = (network.bias2, network.weights3, network.bias3[0])
  }

  /// Scratch of one worker.
  struct Scratch {
    fileprivate static let cells = 96
    fileprivate static let stride = 3 * CellFeatures.stride
    fileprivate var inputs: [Int16] = []
    fileprivate var biases: [Float] = []
    fileprivate var hidden: [Int16] = []

    init() {}
  }

  /// The bias of every column, a count for each hidden unit, of standardised cells.
  func columnBiases(_ c: CellFeatures) -> [Float] {
    columnBiases(CellContext.means(c), columns: c.columns)
  }

  /// The same from the means of an image of so many columns.
  func columnBiases(_ means: (columns: [Float], image: [Float]), columns: Int) -> [Float] {
    let n = CellFeatures.stride
    var image = bias1
    matrixProduct(
      means.image.map { -$0 }, rowStride: n, innerStride: 1, wide, rows: 1,
      inner: CellFeatures.count, columns: Self.units, adding: true, into: &image)
    var biases = [Float](repeating: 0, count: columns * Self.units)
    matrixProduct(
      means.columns.map { -$0 }, rowStride: n, innerStride: 1, column, rows: columns,
      inner: CellFeatures.count, columns: Self.units, into: &biases)
    for x in 0..<columns {
      let distance = CellContext.border(x, of: columns)
      for u in 0..<Self.units { biases[x * Self.units + u] += image[u] + distance * borders.x[u] }
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
    let rowsAtOnce = max(1, Scratch.cells / c.columns)
    // The last layers take four cells at least.
    let room = max(rowsAtOnce * c.columns, 4)
    if scratch.hidden.count != room * Self.units {
      scratch.inputs = [Int16](repeating: 0, count: room * Scratch.stride)
      scratch.biases = [Float](repeating: 0, count: c.columns * Self.units)
      scratch.hidden = [Int16](repeating: 0, count: room * Self.units)
    }
    var logits = [Float](repeating: 0, count: around.rows.count * c.columns)
    var out = [Float](repeating: 0, count: room)
    var distance = -Float.infinity
    var y = around.rows.lowerBound
    while y < around.rows.upperBound {
      let rows = min(rowsAtOnce, around.rows.upperBound - y)
      let from = (y - around.rows.lowerBound) * c.columns
      load(c, y * c.columns, around, from, rows * c.columns, &scratch.inputs)
      for row in 0..<rows {
        let next = CellContext.border(place.row + y + row, of: place.rows)
        if next != distance {
          distance = next
          spreadBiases(
            biases, plus: borders.y.map { $0 * distance }, count: c.columns, units: Self.units,
            into: &scratch.biases, from: 0)
        }
        firstLayer(row, columns: c.columns, &scratch)
      }
      wholeLogits(
        scratch.hidden, rows: max(rows * c.columns, 4), inner: Self.units, weights: second.counts,
        scale: second.units, bias: bias2, last: weights3, lastBias: bias3, into: &out)
      copyFloats(out, at: 0, into: &logits, from: from, count: rows * c.columns)
      y += rows
    }
    return logits
  }

  /// Values, surroundings and contrast of `cells` cells side by side, as counts.
  private func load(
    _ c: CellFeatures, _ cell: Int, _ around: CellSurroundings, _ place: Int, _ cells: Int,
    _ inputs: inout [Int16]
  ) {
    var rows = WholeRows()
    (rows.rows, rows.count, rows.stride) = (cells, CellFeatures.stride, CellFeatures.stride)
    rows.outStride = Scratch.stride
    for (values, first) in [(c.values, cell), (around.wide, place), (around.contrast, place)] {
      rows.first = first * CellFeatures.stride
      wholeNumbers(
        values, rows, scale: WholeWeights.largest / Self.largestInput,
        largest: WholeWeights.largest, into: &inputs)
      rows.outFirst += CellFeatures.stride
    }
  }

  private func firstLayer(_ row: Int, columns: Int, _ scratch: inout Scratch) {
    var at = PatchGeometry()
    at.first = row * columns * Scratch.stride
    at.columnStride = Scratch.stride
    at.runs = [0, CellFeatures.stride, 2 * CellFeatures.stride]
    at.runLength = first.runLength
    (at.width, at.height) = (columns, 1)
    (at.outFirst, at.outColumnStride) = (row * columns * Self.units, Self.units)
    wholePatchProduct(
      scratch.inputs, at, weights: first.counts, scale: scale, bias: scratch.biases,
      biasStride: Self.units, largest: WholeWeights.largest, columns: Self.units,
      into: &scratch.hidden)
  }
}

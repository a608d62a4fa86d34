import Kernels

/// A taught network for inspection: batch normalisation folded into weights and biases, all but the
/// outputs in whole numbers of 16 bits, one image at a time, scratch memory of its own
/// (Documentation/Decisions/0005-whole-numbers.md).
struct FoldedConvolutions: Sendable {
  let shape: NetworkShape
  private let layers: [WholeConvolution]
  private let outputWeights: [Float]
  private let outputBiases: [Float]
  /// What each convolution reads, and last what the last one gives; borders stay at zero.
  private var inputs: [[Int16]]
  /// The places of the largest values in the last of `inputs`, and those values.
  private(set) var winners: [Int]
  private(set) var pooled: [Float]
  private var columns: [Float]

  /// Values of an image beyond this are cut off.
  static let largestInput: Float = 4

  init(_ network: ConvolutionalNetwork) {
    shape = network.shape
    var units = [Float](
      repeating: Self.largestInput / WholeConvolution.largest, count: shape.input.channels)
    var layers: [WholeConvolution] = []
    for index in shape.convolutions.indices {
      layers.append(WholeConvolution(network, index, inputUnits: units))
      units = layers[index].units
    }
    self.layers = layers
    let last = shape.firstParameters(layers.count)
    outputWeights = network.parameters[last]
    outputBiases = network.parameters[last + 1]
    // Patches of the first convolution may read one value further, which weighs nothing.
    inputs = shape.maps.map { [Int16](repeating: 0, count: $0.count + 1) }
    winners = [Int](repeating: 0, count: shape.pooled)
    pooled = [Float](repeating: 0, count: shape.pooled)
    columns = [Float](repeating: 0, count: shape.outputColumns)
  }

  /// The outputs for an image, a bare map of the input's size.
  mutating func outputs(of image: [Float]) -> [Float] {
    load(image)
    for (index, layer) in layers.enumerated() {
      layer.convolve(
        inputs[index], from: shape.maps[index], into: &inputs[index + 1], shape.maps[index + 1])
    }
    let values = inputs[layers.count]
    let units = layers[layers.count - 1].units
    winners = GlobalMaximum(map: shape.lastMap).places(values.span, image: 0)
    for (channel, place) in winners.enumerated() {
      pooled[channel] = Float(values[place]) * units[channel]
    }
    var at = PatchGeometry()
    (at.runLength, at.width, at.height) = (shape.pooled, 1, 1)
    patchProduct(
      pooled, at, weights: outputWeights, bias: outputBiases, columns: shape.outputColumns,
      into: &columns)
    return Array(columns[0..<shape.outputs])
  }

  private mutating func load(_ image: [Float]) {
    let map = shape.input
    precondition(image.count == map.bare.count, "\(image.count) values of an image")
    let length = map.width * map.channels
    let scale = WholeConvolution.largest / Self.largestInput
    for y in 0..<map.height {
      wholeNumbers(
        image, from: y * length, scale: scale, largest: WholeConvolution.largest, count: length,
        into: &inputs[0], at: map.row(y))
    }
  }

  /// The weight between channel `k` before the outputs and output `column`.
  func outputWeight(_ k: Int, _ column: Int) -> Float {
    outputWeights[(column / 16 * shape.pooled + k) * 16 + column % 16]
  }
}

/// A convolution, its batch normalisation and ReLU in whole numbers: what it reads and gives are counts of
/// a unit of each channel.
struct WholeConvolution: Sendable {
  /// The largest count.
  static let largest: Float = 16_383
  /// A channel's largest count stands for so many standard deviations of its normalised values.
  private static let deviations: Float = 64
  /// The sum of a column's weights, so that no sum of products leaves 32 bits.
  private static let largestWeightSum: Float = 130_000

  private let stride: Int
  private let runLength: Int
  private let weights: [Int16]
  private let scale: [Float]
  private let bias: [Float]
  /// What a count of 1 stands for in each channel that it gives.
  let units: [Float]

  /// Convolution `index` of `network`, which reads counts of `inputUnits`.
  init(_ network: ConvolutionalNetwork, _ index: Int, inputUnits: [Float]) {
    let shape = network.shape
    let (from, to) = (shape.maps[index], shape.maps[index + 1])
    let first = shape.firstParameters(index)
    let (gain, shift) = (network.parameters[first + 1], network.parameters[first + 2])
    stride = shape.convolutions[index].stride
    runLength = (3 * from.channels + 1) / 2 * 2
    units = zip(gain, shift).map { gain, shift in
      max(abs(shift) + Self.deviations * abs(gain), 1e-6) / Self.largest
    }
    var panels = [Int16](repeating: 0, count: 3 * runLength * to.channels)
    var (scale, bias) = (gain, shift)
    for c in 0..<to.channels {
      // w · gain/√(variance + ε), and shift − mean · gain/√(variance + ε).
      let variance = network.variances[index][c] + ConvolutionalNetwork.epsilon
      let slope = gain[c] / variance.squareRoot()
      let column = Column(
        network.parameters[first], c, slope: slope, inputUnits: inputUnits, inner: 9 * from.channels)
      column.store(in: &panels, c, runLength: runLength, values: 3 * from.channels)
      scale[c] = column.unit / units[c]
      bias[c] = (shift[c] - network.means[index][c] * slope) / units[c]
    }
    (self.scale, self.bias, weights) = (scale, bias, panels)
  }

  /// The weights of one output channel as counts of `unit`.
  private struct Column {
    var counts: [Int16]
    var unit: Float

    init(_ weights: [Float], _ c: Int, slope: Float, inputUnits: [Float], inner: Int) {
      let values = (0..<inner).map { k in
        weights[(c / 16 * inner + k) * 16 + c % 16] * slope * inputUnits[k % inputUnits.count]
      }
      let sum = values.reduce(0) { $0 + abs($1) }
      let most = values.reduce(0) { max($0, abs($1)) }
      let unit = max(sum / WholeConvolution.largestWeightSum, most / 32_767, .leastNormalMagnitude)
      counts = values.map { Int16(($0 / unit).rounded()) }
      self.unit = unit
    }

    /// Three runs of `runLength`, of which the first `values` count, in panels of pairs.
    func store(in panels: inout [Int16], _ c: Int, runLength: Int, values: Int) {
      for (index, count) in counts.enumerated() {
        let k = index / values * runLength + index % values
        panels[((c / 16 * 3 * runLength + k) / 2 * 16 + c % 16) * 2 + k % 2] = count
      }
    }
  }

  func convolve(
    _ values: [Int16], from: FeatureMap, into out: inout [Int16], _ to: FeatureMap
  ) {
    var geometry = ConvolutionGeometry(input: from, output: to.bare, stride: stride)
      .forward(image: 0, into: to)
    geometry.runLength = runLength
    wholePatchProduct(
      values, geometry, weights: weights, scale: scale, bias: bias, largest: Self.largest,
      columns: to.channels, into: &out)
  }
}

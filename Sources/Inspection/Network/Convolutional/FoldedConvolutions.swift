import Kernels

/// A taught network for inspection: batch normalisation folded into weights and biases, all but the
/// outputs in whole numbers of 16 bits, one image at a time, scratch memory of its own
/// (Documentation/Decisions/0006-whole-numbers.md).
struct FoldedConvolutions: Sendable {
  let shape: NetworkShape
  private let layers: [WholeConvolution]
  private let inputUnits: [Float]
  private let outputWeights: [Float]
  private let outputBiases: [Float]
  /// What each convolution reads, and last what the last one gives; borders stay at zero.
  private var inputs: [[Int16]]
  /// The places of the largest values in the last of `inputs`, and those values.
  private(set) var winners: [Int]
  private var pooled: [Float]
  private var columns: [Float]

  /// Values of an image beyond this are cut off.
  static let largestInput: Float = 4

  init(_ network: ConvolutionalNetwork) {
    shape = network.shape
    inputUnits = [Float](
      repeating: Self.largestInput / WholeWeights.largest, count: shape.input.channels)
    var units = inputUnits
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
      layer.convolve(inputs[index], into: &inputs[index + 1])
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
    var rows = WholeRows()
    (rows.rows, rows.count, rows.stride) = (map.height, map.bare.row(1), map.bare.row(1))
    (rows.outFirst, rows.outStride) = (map.row(0), map.row(1) - map.row(0))
    wholeNumbers(
      image, rows, scale: WholeWeights.largest / Self.largestInput, largest: WholeWeights.largest,
      into: &inputs[0])
  }

  /// What convolution `index` read of the last image, or, behind them all, what the last one gave:
  /// without border.
  func values(_ index: Int) -> [Float] {
    let map = shape.maps[index]
    let length = map.width * map.channels
    let units = index == 0 ? inputUnits : layers[index - 1].units
    return (0..<map.height).flatMap { y in
      (0..<length).map { i in
        Float(inputs[index][map.row(y) + i]) * units[i % map.channels]
      }
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
  /// A channel's largest count stands for so many standard deviations of its normalised values.
  private static let deviations: Float = 64

  private let shape: NetworkShape
  private let index: Int
  private let weights: WholeWeights
  private let scale: [Float]
  private let bias: [Float]
  /// What a count of 1 stands for in each channel that it gives.
  let units: [Float]

  /// Convolution `index` of `network`, which reads counts of `inputUnits`.
  init(_ network: ConvolutionalNetwork, _ index: Int, inputUnits: [Float]) {
    let shape = network.shape
    let first = shape.firstParameters(index)
    let (gain, shift) = (network.parameters[first + 1], network.parameters[first + 2])
    let slopes = network.slopes(index)
    let units = zip(gain, shift).map { gain, shift in
      max(abs(shift) + Self.deviations * abs(gain), 1e-6) / WholeWeights.largest
    }
    let channels = shape.maps[index].channels
    let list = network.foldedWeights(index)
    weights = WholeWeights(runs: 3, values: 3 * channels, columns: gain.count) { k, c in
      list[(c / 16 * 9 * channels + k) * 16 + c % 16] * inputUnits[k % channels]
    }
    (self.shape, self.index) = (shape, index)
    scale = zip(weights.units, units).map { $0 / $1 }
    bias = gain.indices.map { c in
      (shift[c] - network.means[index][c] * slopes[c]) / units[c]
    }
    self.units = units
  }

  func convolve(_ values: [Int16], into out: inout [Int16]) {
    let to = shape.maps[index + 1]
    var geometry = shape.geometry(index).forward(image: 0, into: to)
    geometry.runLength = weights.runLength
    wholePatchProduct(
      values, geometry, weights: weights.counts, scale: scale, bias: bias,
      largest: WholeWeights.largest, columns: to.channels, into: &out)
  }
}

import Kernels

/// A taught network for inspection: batch normalisation folded into weights and biases, one image at a
/// time, scratch memory of its own.
struct FoldedConvolutions: Sendable {
  let shape: NetworkShape
  /// Of each convolution and dense layer, and last of the outputs.
  private var weights: [[Float]]
  private var biases: [[Float]]
  /// What each layer reads, and last what the outputs are computed from; borders stay at zero.
  private(set) var inputs: [[Float]]
  /// Of pools: where the largest values lie in the layer's input.
  private(set) var winners: [[Int32]]
  private var columns: [Float]

  init(_ network: ConvolutionalNetwork) {
    shape = network.shape
    let last = shape.layers.count
    weights = [[Float]](repeating: [], count: last + 1)
    biases = weights
    winners = [[Int32]](repeating: [], count: last)
    inputs = shape.maps.map { [Float](repeating: 0, count: $0.floats) }
    columns = [Float](repeating: 0, count: shape.outputColumns)
    let firsts = shape.firstParameters
    var convolution = 0
    for (index, layer) in shape.layers.enumerated() {
      switch layer {
      case .convolution:
        (weights[index], biases[index]) = Self.folded(
          network, first: firsts[index], convolution: convolution)
        convolution += 1
      case .dense:
        weights[index] = network.parameters[firsts[index]]
        biases[index] = network.parameters[firsts[index] + 1]
      case .maximumPool, .globalMaximum:
        winners[index] = [Int32](repeating: 0, count: shape.maps[index + 1].bare.floats)
      }
    }
    weights[last] = network.parameters[firsts[last]]
    biases[last] = network.parameters[firsts[last] + 1]
  }

  /// w · gain/√(variance + ε), and shift − mean · gain/√(variance + ε).
  private static func folded(
    _ network: ConvolutionalNetwork, first: Int, convolution: Int
  ) -> (weights: [Float], bias: [Float]) {
    var weights = network.parameters[first]
    var bias = network.parameters[first + 2]
    let gain = network.parameters[first + 1]
    let inner = weights.count / bias.count
    for c in bias.indices {
      let variance = network.variances[convolution][c] + ConvolutionalNetwork.epsilon
      let scale = gain[c] / variance.squareRoot()
      bias[c] -= network.means[convolution][c] * scale
      for k in 0..<inner { weights[(c / 16 * inner + k) * 16 + c % 16] *= scale }
    }
    return (weights, bias)
  }

  /// The last map before the global maximum, which must be the last layer, for `pooled` and
  /// `lastWinners`: the largest value of each channel and its place in that map.
  var lastMap: FeatureMap { shape.maps[shape.layers.count - 1] }
  var pooled: [Float] { inputs[shape.layers.count] }
  var lastWinners: [Int32] { winners[shape.layers.count - 1] }

  /// The outputs for an image, a bare map of the input's size.
  mutating func outputs(of image: [Float]) -> [Float] {
    let map = shape.input
    precondition(image.count == map.bare.floats, "\(image.count) values of an image")
    let length = map.width * map.channels
    for y in 0..<map.height {
      inputs[0].replaceSubrange(
        map.row(y)..<map.row(y) + length, with: image[y * length..<(y + 1) * length])
    }
    for (index, layer) in shape.layers.enumerated() {
      switch layer {
      case .convolution(let channels, let stride):
        let to = shape.maps[index + 1]
        let geometry = ConvolutionGeometry(
          input: shape.maps[index], output: to.bare, stride: stride)
        patchProduct(
          inputs[index], geometry.forward(image: 0, into: to), weights: weights[index],
          bias: biases[index], floor: 0, columns: channels, into: &inputs[index + 1])
      case .maximumPool, .globalMaximum:
        Pooling(layer, from: shape.maps[index], to: shape.maps[index + 1])?.forward(
          inputs[index], images: 1, into: &inputs[index + 1], winners: &winners[index])
      case .dense(let units):
        Self.dense(
          inputs[index], weights[index], biases[index], units, floor: 0, into: &inputs[index + 1])
      }
    }
    let last = shape.layers.count
    Self.dense(
      inputs[last], weights[last], biases[last], shape.outputColumns, floor: -.infinity,
      into: &columns)
    return Array(columns[0..<shape.outputs])
  }

  private static func dense(
    _ values: [Float], _ weights: [Float], _ bias: [Float], _ columns: Int, floor: Float,
    into out: inout [Float]
  ) {
    var at = PatchGeometry()
    (at.runLength, at.width, at.height) = (values.count, 1, 1)
    patchProduct(
      values, at, weights: weights, bias: bias, floor: floor, columns: columns, into: &out)
  }

  /// The weight between value `k` before the outputs and output `column`.
  func outputWeight(_ k: Int, _ column: Int) -> Float {
    let inner = shape.maps[shape.layers.count].floats
    return weights[shape.layers.count][(column / 16 * inner + k) * 16 + column % 16]
  }
}

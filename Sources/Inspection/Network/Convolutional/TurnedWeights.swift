/// The weights as the way back reads them, made once per step for all passes.
struct TurnedWeights: Sendable {
  /// Of each convolution, one list for every piece of its way back; empty for the first layer.
  let convolution: [[[Float]]]
  /// Of each dense layer and last of the outputs; empty where nothing lies before.
  let dense: [[Float]]

  init(_ network: ConvolutionalNetwork) {
    let shape = network.shape
    let firsts = shape.firstParameters
    convolution = shape.layers.enumerated().map { index, layer in
      guard case .convolution(_, let stride) = layer, index > 0 else { return [] }
      let geometry = ConvolutionGeometry(
        input: shape.maps[index], output: shape.maps[index + 1].bare, stride: stride)
      return geometry.backward.map {
        geometry.weights($0, from: network.parameters[firsts[index]])
      }
    }
    func turned(_ index: Int, _ columns: Int) -> [Float] {
      guard index > 0 else { return [] }
      return Self.turned(
        network.parameters[firsts[index]], inner: shape.maps[index].floats, columns: columns)
    }
    dense =
      shape.layers.enumerated().map { index, layer in
        guard case .dense(let units) = layer else { return [] }
        return turned(index, units)
      } + [turned(shape.layers.count, shape.outputColumns)]
  }

  /// Panels of `inner × columns` as panels of `columns × inner`.
  private static func turned(_ weights: [Float], inner: Int, columns: Int) -> [Float] {
    var out = weights
    for k in 0..<inner {
      for c in 0..<columns {
        out[(k / 16 * columns + c) * 16 + k % 16] = weights[(c / 16 * inner + k) * 16 + c % 16]
      }
    }
    return out
  }
}

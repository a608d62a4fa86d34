/// The weights as the way back reads them, made once per step for all passes.
struct TurnedWeights: Sendable {
  /// Of each convolution, one list for every piece of its way back; empty for the first layer.
  let convolutions: [[[Float]]]
  let outputs: [Float]

  init(_ network: ConvolutionalNetwork) {
    let shape = network.shape
    convolutions = shape.convolutions.indices.map { index in
      guard index > 0 else { return [] }
      let geometry = shape.geometry(index)
      return geometry.backward.map {
        geometry.weights($0, from: network.parameters[shape.firstParameters(index)])
      }
    }
    let last = shape.firstParameters(shape.convolutions.count)
    outputs = Self.turned(
      network.parameters[last], inner: shape.pooled, columns: shape.outputColumns)
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

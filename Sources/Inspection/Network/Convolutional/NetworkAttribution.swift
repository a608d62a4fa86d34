import Kernels

/// Which places of an image speak for an output.
///
/// A network of ReLUs and maxima is linear around an image. A place's share is the sum, over the channels
/// that convolution `layer` reads there, of how much the value differs from the channel's mean over the
/// image, times its slope (gradient × activation as in HiResCAM, Draelos and Carin 2020, at a layer whose
/// patches are smaller than those of the last).
struct NetworkAttribution: Sendable {
  private let shape: NetworkShape
  private let layer: Int
  /// By convolution from `layer` on: folded weights as each piece of the way back reads them.
  private let turned: [[[Float]]]
  private let noBias: [Float]

  init(_ network: ConvolutionalNetwork, layer: Int) {
    let shape = network.shape
    self.shape = shape
    self.layer = layer
    turned = (layer..<shape.convolutions.count).map { index in
      let geometry = shape.geometry(index)
      let weights = network.foldedWeights(index)
      return geometry.backward.map { geometry.weights($0, from: weights) }
    }
    noBias = [Float](repeating: 0, count: shape.maps.map(\.channels).max() ?? 0)
  }

  /// The places of the map that convolution `layer` reads.
  var map: FeatureMap { shape.maps[layer] }

  /// The shares of all places of `map` in Σ weights[c] · (largest value of channel c), for the image that
  /// `folded` has last seen.
  func shares(_ folded: FoldedConvolutions, weights: [Float]) -> [Float] {
    let slopes = slopes(folded, weights: weights)
    let values = folded.values(layer)
    let channels = map.channels
    let places = map.width * map.height
    var means = [Float](repeating: 0, count: channels)
    for i in values.indices { means[i % channels] += values[i] / Float(places) }
    return (0..<places).map { place in
      (0..<channels).reduce(0) { sum, c in
        let i = place * channels + c
        return sum + slopes[i] * (values[i] - means[c])
      }
    }
  }

  /// How Σ weights[c] · (largest value of channel c) changes with each value of `map`.
  func slopes(_ folded: FoldedConvolutions, weights: [Float]) -> [Float] {
    var slopes = [Float](repeating: 0, count: shape.lastMap.count)
    for (channel, place) in folded.winners.enumerated() { slopes[place] += weights[channel] }
    for index in (layer..<shape.convolutions.count).reversed() {
      slopes = behind(index, slopes, folded)
    }
    return slopes
  }

  /// Slopes at what convolution `index` reads, from those at what it gives.
  private func behind(
    _ index: Int, _ slopes: [Float], _ folded: FoldedConvolutions
  ) -> [Float] {
    let geometry = shape.geometry(index)
    let given = folded.values(index + 1)
    let to = geometry.output.bordered
    var rectified = [Float](repeating: 0, count: to.count)
    let length = to.width * to.channels
    for y in 0..<to.height {
      for i in y * length..<(y + 1) * length where given[i] > 0 {
        rectified[to.row(y) + i - y * length] = slopes[i]
      }
    }
    var out = [Float](repeating: 0, count: geometry.input.bare.count)
    // A picture has one channel, kernels write sixteen.
    precondition(geometry.input.channels % 16 == 0, "\(geometry.input.channels) channels")
    for (piece, weights) in zip(geometry.backward, turned[index - layer]) {
      patchProduct(
        rectified, geometry.back(piece, image: 0), weights: weights, bias: noBias,
        columns: geometry.input.channels, into: &out)
    }
    return out
  }
}

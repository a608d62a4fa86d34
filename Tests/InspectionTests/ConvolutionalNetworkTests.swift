import Imaging
import TestSupport
import Testing

@testable import Inspection

/// The network by its definition, in double precision, image by image and value by value.
private struct PlainNetwork {
  let shape: NetworkShape
  var parameters: [[Double]]

  init(_ network: ConvolutionalNetwork) {
    shape = network.shape
    parameters = network.parameters.map { $0.map(Double.init) }
  }

  /// Outputs of every image, normalised over the batch.
  func outputs(_ batch: [[Float]]) -> [[Double]] {
    outputs(batch.map { $0.map(Double.init) }, nil)
  }

  /// The same by running means and variances, when given.
  func outputs(
    _ batch: [[Double]], _ running: (means: [[Float]], variances: [[Float]])?
  ) -> [[Double]] {
    var values = batch
    for (index, convolution) in shape.convolutions.enumerated() {
      let first = shape.firstParameters(index)
      values = values.map {
        convolve($0, first, shape.maps[index], shape.maps[index + 1], convolution.stride)
      }
      let moments = running.map { running in
        zip(running.means[index], running.variances[index]).map { (Double($0), Double($1)) }
      }
      values = normalise(
        values, parameters[first + 1], parameters[first + 2],
        moments ?? Self.moments(values, channels: convolution.channels))
    }
    let last = shape.firstParameters(shape.convolutions.count)
    return values.map { value in
      Array(dense(largest(value), last, shape.outputColumns)[0..<shape.outputs])
    }
  }

  private func weight(_ list: Int, _ k: Int, _ c: Int, inner: Int) -> Double {
    parameters[list][(c / 16 * inner + k) * 16 + c % 16]
  }

  private func convolve(
    _ v: [Double], _ list: Int, _ from: FeatureMap, _ to: FeatureMap, _ stride: Int
  ) -> [Double] {
    var out: [Double] = []
    for y in 0..<to.height {
      for x in 0..<to.width {
        for c in 0..<to.channels {
          var sum = 0.0
          for ky in 0..<3 {
            for kx in 0..<3 {
              let (v0, u0) = (y * stride + ky - 1, x * stride + kx - 1)
              guard (0..<from.height).contains(v0), (0..<from.width).contains(u0) else { continue }
              for i in 0..<from.channels {
                let k = (ky * 3 + kx) * from.channels + i
                sum +=
                  v[(v0 * from.width + u0) * from.channels + i]
                  * weight(list, k, c, inner: 9 * from.channels)
              }
            }
          }
          out.append(sum)
        }
      }
    }
    return out
  }

  private static func moments(_ v: [[Double]], channels: Int) -> [(Double, Double)] {
    (0..<channels).map { c in
      let all = v.flatMap { image in
        stride(from: c, to: image.count, by: channels).map { image[$0] }
      }
      let mean = all.reduce(0, +) / Double(all.count)
      return (mean, all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count))
    }
  }

  private func normalise(
    _ v: [[Double]], _ gain: [Double], _ shift: [Double], _ moments: [(Double, Double)]
  ) -> [[Double]] {
    v.map { image in
      image.enumerated().map { i, value in
        let c = i % gain.count
        let scale =
          gain[c] / (moments[c].1 + Double(ConvolutionalNetwork.epsilon)).squareRoot()
        return max((value - moments[c].0) * scale + shift[c], 0)
      }
    }
  }

  private func largest(_ v: [Double]) -> [Double] {
    (0..<shape.pooled).map { c in
      stride(from: c, to: v.count, by: shape.pooled).reduce(-.infinity) { max($0, v[$1]) }
    }
  }

  private func dense(_ v: [Double], _ list: Int, _ columns: Int) -> [Double] {
    (0..<columns).map { c in
      var sum = parameters[list + 1][c]
      for k in v.indices { sum += v[k] * weight(list, k, c, inner: v.count) }
      return sum
    }
  }
}

@Suite struct ConvolutionalNetworkTests {
  static let shapes: [NetworkShape] = [
    shape(13, 10, 2, [(16, 2), (32, 1), (16, 2)], outputs: 3),
    shape(12, 9, 1, [(16, 1), (16, 2), (32, 2), (16, 1)], outputs: 2),
  ]

  private static func shape(
    _ width: Int, _ height: Int, _ channels: Int, _ convolutions: [(Int, Int)], outputs: Int
  ) -> NetworkShape {
    NetworkShape(
      width: width, height: height, channels: channels,
      convolutions: convolutions.map { NetworkShape.Convolution(channels: $0.0, stride: $0.1) },
      outputs: outputs)
  }

  private static func images(_ shape: NetworkShape, _ count: Int, seed: UInt64) -> [[Float]] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      (0..<shape.input.bare.count).map { _ in generator.uniform(-1, 1) }
    }
  }

  private static func network(_ shape: NetworkShape, seed: UInt64) -> ConvolutionalNetwork {
    var generator = SeededGenerator(seed: seed)
    var network = ConvolutionalNetwork(shape, using: &generator)
    for index in network.parameters.indices where network.parameters[index].count <= 32 {
      for c in network.parameters[index].indices {
        network.parameters[index][c] += generator.uniform(-0.3, 0.3)
      }
    }
    return network
  }

  @Test(arguments: shapes)
  func `outputs are as defined`(_ shape: NetworkShape) {
    let network = Self.network(shape, seed: 3)
    let batch = Self.images(shape, 3, seed: 4)
    var pass = ConvolutionPass(shape, capacity: 4)
    let found = pass.forward(network, batch)
    for (a, b) in zip(found, PlainNetwork(network).outputs(batch)) {
      for (x, y) in zip(a, b) { #expect(abs(Double(x) - y) < 1e-4, "\(x) for \(y)") }
    }
  }

  @Test(arguments: shapes)
  func `slopes of every parameter agree with finite differences`(_ shape: NetworkShape) {
    let network = Self.network(shape, seed: 5)
    let batch = Self.images(shape, 3, seed: 6)
    let wanted: [[Float]] = (0..<3).map { i in
      (0..<shape.outputs).map { Float(($0 + 2 * i) % 3) - 0.7 }
    }
    func loss(_ network: PlainNetwork) -> Double {
      zip(network.outputs(batch), wanted).reduce(0) { sum, pair in
        sum + zip(pair.0, pair.1).reduce(0) { $0 + $1.0 * Double($1.1) }
      }
    }
    var pass = ConvolutionPass(shape, capacity: 3)
    _ = pass.forward(network, batch)
    pass.backward(TurnedWeights(network), wanted)
    var generator = SeededGenerator(seed: 7)
    for list in network.parameters.indices {
      let scale = pass.gradients[list].reduce(0) { max($0, abs($1)) }
      for _ in 0..<4 {
        let place = generator.below(network.parameters[list].count)
        var up = PlainNetwork(network)
        var down = up
        up.parameters[list][place] += 1e-6
        down.parameters[list][place] -= 1e-6
        let slope = (loss(up) - loss(down)) / 2e-6
        let found = Double(pass.gradients[list][place])
        #expect(
          abs(found - slope) < 2e-3 * Double(scale) + 1e-5,
          "list \(list)[\(place)]: \(found) \(slope)")
      }
    }
  }

  /// Whole numbers are 16,383rds of 64 standard deviations: each of up to four layers adds less than
  /// a hundredth of one.
  @Test(arguments: shapes)
  func `inspection in whole numbers gives the outputs as defined`(_ shape: NetworkShape) {
    var network = Self.network(shape, seed: 8)
    let batch = Self.images(shape, 20, seed: 9)
    var pass = ConvolutionPass(shape, capacity: 20)
    _ = pass.forward(network, batch)
    network.means = pass.moments.map(\.mean)
    network.variances = pass.moments.map(\.variance)
    let expected = PlainNetwork(network).outputs(
      batch.map { $0.map(Double.init) }, (network.means, network.variances))
    var folded = FoldedConvolutions(network)
    for (image, wanted) in zip(batch, expected) {
      for (x, y) in zip(folded.outputs(of: image), wanted) {
        #expect(abs(Double(x) - y) < 0.02, "\(x) for \(y)")
      }
    }
  }

  @Test
  func `no sum of whole numbers overflows, whatever the weights and the image`() {
    let shape = Self.shapes[1]
    var network = Self.network(shape, seed: 10)
    for index in network.parameters.indices.dropLast(2) {
      for k in network.parameters[index].indices { network.parameters[index][k] = 900 }
    }
    let image = [Float](repeating: 1e6, count: shape.input.bare.count)
    var folded = FoldedConvolutions(network)
    _ = folded.outputs(of: image)
    // Every product is positive, so every sum is cut off at the largest count, none below 0.
    let last = folded.values(shape.convolutions.count)
    #expect(last.allSatisfy { $0 > 0 })
  }

  @Test
  func `slopes at the image add up to the change when it grows`() {
    let shape = Self.shape(13, 10, 16, [(16, 1), (32, 2), (16, 2)], outputs: 3)
    var network = Self.network(shape, seed: 11)
    let batch = Self.images(shape, 12, seed: 12)
    var pass = ConvolutionPass(shape, capacity: 12)
    _ = pass.forward(network, batch)
    network.means = pass.moments.map(\.mean)
    network.variances = pass.moments.map(\.variance)
    let plain = PlainNetwork(network)
    var folded = FoldedConvolutions(network)
    let attribution = NetworkAttribution(network, layer: 0)
    var deviations: [Double] = []
    for image in batch {
      _ = folded.outputs(of: image)
      let weights = (0..<shape.pooled).map { folded.outputWeight($0, 1) }
      let slopes = attribution.slopes(folded, weights: weights)
      let found = zip(slopes, folded.values(0)).reduce(0) { $0 + Double($1.0 * $1.1) }
      let step = 1e-5
      let sides = [1 + step, 1 - step].map { factor in
        plain.outputs(
          [image.map { Double($0) * factor }], (network.means, network.variances))[0][1]
      }
      let wanted = (sides[0] - sides[1]) / (2 * step)
      deviations.append(abs(found - wanted) / max(abs(wanted), 1))
    }
    // Rounding may put one value on the other side of 0, or another one first.
    deviations.sort()
    #expect(deviations[6] < 0.02 && deviations[11] < 0.2, "\(deviations)")
  }
}

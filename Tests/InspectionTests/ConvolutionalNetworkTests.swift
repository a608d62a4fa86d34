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
    var values = batch.map { $0.map(Double.init) }
    for (index, layer) in shape.layers.enumerated() {
      let first = shape.firstParameters[index]
      let from = shape.maps[index]
      let to = shape.maps[index + 1]
      switch layer {
      case .convolution(_, let stride):
        values = values.map { convolve($0, first, from, to, stride) }
        values = normalise(values, parameters[first + 1], parameters[first + 2])
      case .maximumPool: values = values.map { pool($0, from, to, 2, 2) }
      case .globalMaximum: values = values.map { pool($0, from, to, from.width, from.height) }
      case .dense(let units):
        values = values.map { dense($0, first, units).map { max($0, 0) } }
      }
    }
    let last = shape.firstParameters[shape.layers.count]
    return values.map { Array(dense($0, last, shape.outputColumns)[0..<shape.outputs]) }
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

  private func normalise(_ v: [[Double]], _ gain: [Double], _ shift: [Double]) -> [[Double]] {
    let channels = gain.count
    var out = v
    for c in 0..<channels {
      let all = v.flatMap { image in
        stride(from: c, to: image.count, by: channels).map { image[$0] }
      }
      let mean = all.reduce(0, +) / Double(all.count)
      let variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count)
      let scale = gain[c] / (variance + Double(ConvolutionalNetwork.epsilon)).squareRoot()
      for image in v.indices {
        for i in stride(from: c, to: v[image].count, by: channels) {
          out[image][i] = max((v[image][i] - mean) * scale + shift[c], 0)
        }
      }
    }
    return out
  }

  private func pool(
    _ v: [Double], _ from: FeatureMap, _ to: FeatureMap, _ width: Int, _ height: Int
  ) -> [Double] {
    var out: [Double] = []
    for y in 0..<to.height {
      for x in 0..<to.width {
        for c in 0..<to.channels {
          var best = -Double.infinity
          for b in 0..<height {
            for a in 0..<width {
              let at = ((y * height + b) * from.width + x * width + a) * from.channels + c
              best = max(best, v[at])
            }
          }
          out.append(best)
        }
      }
    }
    return out
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
    NetworkShape(
      width: 13, height: 10, channels: 2,
      layers: [
        .convolution(channels: 16, stride: 2), .convolution(channels: 32, stride: 1),
        .maximumPool, .convolution(channels: 16, stride: 2), .dense(units: 16),
      ], outputs: 3),
    NetworkShape(
      width: 12, height: 9, channels: 1,
      layers: [
        .convolution(channels: 16, stride: 1), .convolution(channels: 16, stride: 2),
        .convolution(channels: 32, stride: 2), .convolution(channels: 16, stride: 1),
        .globalMaximum,
      ], outputs: 2),
  ]

  private static func images(_ shape: NetworkShape, _ count: Int, seed: UInt64) -> [[Float]] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      (0..<shape.input.bare.floats).map { _ in generator.uniform(-1, 1) }
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
  func `slopes of every kind of layer agree with finite differences`(_ shape: NetworkShape) {
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
}

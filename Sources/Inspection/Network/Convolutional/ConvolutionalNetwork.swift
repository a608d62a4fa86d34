import Imaging
import Kernels

/// A convolutional network: its shape, its parameters, and what batch normalisation has seen.
struct ConvolutionalNetwork: Hashable, Sendable {
  /// Added to a variance before its root is taken.
  static let epsilon: Float = 1e-5

  let shape: NetworkShape
  /// Lists in the order of `NetworkShape.parameterCounts`; weights in panels of 16 columns,
  /// `weights[(column / 16 · inner + k) · 16 + column % 16]`, where k counts tap rows, tap columns and
  /// channels of a patch, or the channels before the outputs.
  var parameters: [[Float]]
  /// Running mean and variance of each convolution's channels, before the gain.
  var means: [[Float]]
  var variances: [[Float]]

  /// Weights and biases uniform in ± 1/√(inputs of a unit), gains 1, shifts 0.
  init(_ shape: NetworkShape, using generator: inout SeededGenerator) {
    self.shape = shape
    parameters = []
    means = []
    variances = []
    func draw(_ count: Int, fanIn: Int) -> [Float] {
      let bound = 1 / Float(fanIn).squareRoot()
      return (0..<count).map { _ in generator.uniform(-bound, bound) }
    }
    for (index, convolution) in shape.convolutions.enumerated() {
      let fanIn = 9 * shape.maps[index].channels
      let channels = convolution.channels
      parameters.append(draw(fanIn * channels, fanIn: fanIn))
      parameters.append([Float](repeating: 1, count: channels))
      parameters.append([Float](repeating: 0, count: channels))
      means.append([Float](repeating: 0, count: channels))
      variances.append([Float](repeating: 1, count: channels))
    }
    let inner = shape.pooled
    let columns = shape.outputColumns
    var weights = draw(inner * columns, fanIn: inner)
    // The columns that only fill up the panel stay at zero.
    for k in 0..<inner * columns where k / (inner * 16) * 16 + k % 16 >= shape.outputs {
      weights[k] = 0
    }
    parameters.append(weights)
    parameters.append([Float](repeating: 0, count: columns))
  }

  /// Reads what `store` wrote, for a known shape. Throws `ModelError.damaged` for another size.
  init(_ shape: NetworkShape, from archive: ModelArchive, as name: String) throws(ModelError) {
    self.shape = shape
    parameters = []
    means = []
    variances = []
    for (index, count) in shape.parameterCounts.enumerated() {
      let list = try archive.get("\(name).\(index)", as: Float.self)
      guard list.count == count else { throw .damaged(reason: "\(name).\(index) has another size") }
      parameters.append(list)
    }
    for channels in shape.convolutions.map(\.channels) {
      let mean = try archive.get("\(name).mean\(means.count)", as: Float.self)
      let variance = try archive.get("\(name).variance\(means.count)", as: Float.self)
      guard mean.count == channels, variance.count == channels else {
        throw .damaged(reason: "\(name).mean\(means.count) has another size")
      }
      means.append(mean)
      variances.append(variance)
    }
  }

  /// Of convolution `index`, what its normalisation multiplies the products of each channel by.
  func slopes(_ index: Int) -> [Float] {
    zip(parameters[shape.firstParameters(index) + 1], variances[index]).map { gain, variance in
      gain / (variance + Self.epsilon).squareRoot()
    }
  }

  /// The weights of convolution `index` times its slopes, laid out as they are.
  func foldedWeights(_ index: Int) -> [Float] {
    let slopes = slopes(index)
    var weights = parameters[shape.firstParameters(index)]
    let inner = weights.count / slopes.count
    for k in weights.indices { weights[k] *= slopes[k / (16 * inner) * 16 + k % 16] }
    return weights
  }

  /// Adds `offset` to an output, whatever the image.
  mutating func raiseOutput(_ output: Int, by offset: Float) {
    parameters[parameters.count - 1][output] += offset
  }

  /// Moves every number by `share` of the way to that of `other`.
  mutating func approach(_ other: ConvolutionalNetwork, by share: Float) {
    for index in parameters.indices {
      Kernels.approach(&parameters[index], other.parameters[index], by: share)
    }
    for index in means.indices {
      Kernels.approach(&means[index], other.means[index], by: share)
      Kernels.approach(&variances[index], other.variances[index], by: share)
    }
  }

  /// Adds the network's sections to an archive.
  func store(in archive: inout ModelArchive, as name: String) {
    for (index, list) in parameters.enumerated() { archive.set("\(name).\(index)", list) }
    for index in means.indices {
      archive.set("\(name).mean\(index)", means[index])
      archive.set("\(name).variance\(index)", variances[index])
    }
  }
}

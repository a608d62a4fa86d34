import Kernels

/// Some images through a network in training and back: the slopes of all parameters.
///
/// Batch normalisation takes its means from these very images. A batch is split into passes of a fixed
/// size which share nothing, so the result depends neither on threads nor on their order.
struct ConvolutionPass {
  let shape: NetworkShape
  private let capacity: Int
  private var images = 0
  /// What each convolution reads, and last what the last one gives.
  private var inputs: [[Float]]
  /// Products of the convolutions before normalisation.
  private var products: [[Float]]
  /// The places of the largest values in the last of `inputs`, and those values.
  private var winners: [Int]
  private var pooled: [Float]
  /// Slopes at `inputs`, without border, at `products`, with border, and at `pooled`.
  private var slopes: [[Float]]
  private var productSlopes: [[Float]]
  private var pooledSlopes: [Float]
  private var outputs: [Float]
  private var norms: [Norm?]
  private let noBias: [Float]
  /// Slopes of the parameters, in their order.
  private(set) var gradients: [[Float]]

  /// Mean, variance and what follows from them for one convolution.
  struct Norm {
    var mean: [Float]
    /// Divided by the number of values.
    var variance: [Float]
    var scale: [Float]
    var shift: [Float]
    var inverse: [Float]
  }

  /// Room for `capacity` images.
  init(_ shape: NetworkShape, capacity: Int) {
    self.shape = shape
    self.capacity = capacity
    func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: count * capacity) }
    inputs = shape.maps.map { zeros($0.count) }
    slopes = shape.maps.map { zeros($0.bare.count) }
    products = shape.maps.dropFirst().map { zeros($0.bare.count) }
    productSlopes = shape.maps.dropFirst().map { zeros($0.bordered.count) }
    winners = [Int](repeating: 0, count: shape.pooled * capacity)
    pooled = zeros(shape.pooled)
    pooledSlopes = pooled
    norms = [Norm?](repeating: nil, count: shape.convolutions.count)
    outputs = zeros(shape.outputColumns)
    gradients = shape.parameterCounts.map { [Float](repeating: 0, count: $0) }
    let widest = (shape.maps.map(\.channels) + [shape.outputColumns]).max() ?? 0
    noBias = [Float](repeating: 0, count: widest)
  }

  /// Means and variances of each convolution, of the images last passed.
  var moments: [(mean: [Float], variance: [Float])] {
    norms.compactMap { norm in norm.map { ($0.mean, $0.variance) } }
  }

  /// The outputs of each of `batch`, which are bare maps of the input's size.
  mutating func forward(_ network: ConvolutionalNetwork, _ batch: [[Float]]) -> [[Float]] {
    precondition(batch.count <= capacity && !batch.isEmpty, "\(batch.count) of \(capacity) images")
    images = batch.count
    for (image, values) in batch.enumerated() { load(values, image) }
    for (index, convolution) in shape.convolutions.enumerated() {
      let first = shape.firstParameters(index)
      convolve(index, network.parameters[first], convolution)
      normalise(
        index, gain: network.parameters[first + 1], shift: network.parameters[first + 2])
    }
    poolMaxima()
    let last = shape.firstParameters(shape.convolutions.count)
    let columns = shape.outputColumns
    patchProduct(
      pooled, rows(of: shape.pooled, columns: columns), weights: network.parameters[last],
      bias: network.parameters[last + 1], columns: columns, into: &outputs)
    return (0..<images).map { Array(outputs[$0 * columns..<$0 * columns + shape.outputs]) }
  }

  private mutating func poolMaxima() {
    let maximum = GlobalMaximum(map: shape.lastMap)
    let values = inputs[shape.convolutions.count]
    for image in 0..<images {
      for (channel, place) in maximum.places(values.span, image: image).enumerated() {
        winners[image * shape.pooled + channel] = place
        pooled[image * shape.pooled + channel] = values[place]
      }
    }
  }

  private mutating func load(_ values: [Float], _ image: Int) {
    let map = shape.input
    precondition(values.count == map.bare.count, "\(values.count) values of an image")
    let length = map.width * map.channels
    for y in 0..<map.height {
      let start = image * map.count + map.row(y)
      for i in 0..<length { inputs[0][start + i] = values[y * length + i] }
    }
  }

  /// The images as rows of a matrix.
  private func rows(of inner: Int, columns: Int) -> PatchGeometry {
    var at = PatchGeometry()
    (at.columnStride, at.runLength, at.outColumnStride) = (inner, inner, columns)
    (at.width, at.height) = (images, 1)
    return at
  }

  private mutating func convolve(
    _ index: Int, _ weights: [Float], _ convolution: NetworkShape.Convolution
  ) {
    let geometry = shape.geometry(index)
    for image in 0..<images {
      patchProduct(
        inputs[index], geometry.forward(image: image, into: geometry.output), weights: weights,
        bias: noBias, columns: convolution.channels, into: &products[index])
    }
  }

  private mutating func normalise(_ index: Int, gain: [Float], shift: [Float]) {
    let map = shape.maps[index + 1]
    let bare = map.bare
    let norm = norm(index, gain, shift)
    for image in 0..<images {
      for y in 0..<map.height {
        scaleAndRectify(
          products[index],
          ChannelRun(
            first: image * bare.count + bare.row(y), count: map.width, columns: map.channels),
          scale: norm.scale, shift: norm.shift, into: &inputs[index + 1],
          at: image * map.count + map.row(y))
      }
    }
    norms[index] = norm
  }

  /// Sums run image by image, and over the images in double precision.
  private func norm(_ index: Int, _ gain: [Float], _ shift: [Float]) -> Norm {
    let map = shape.maps[index + 1].bare
    let channels = map.channels
    var totals = ChannelTotals(channels)
    for image in 0..<images {
      totals.add { sums, squares in
        channelMoments(
          products[index], run(map, image), sums: &sums, squares: &squares)
      }
    }
    let count = Double(images * map.width * map.height)
    var norm = Norm(mean: shift, variance: shift, scale: gain, shift: shift, inverse: gain)
    for c in 0..<channels {
      let mean = totals.first[c] / count
      let variance = max(totals.second[c] / count - mean * mean, 0)
      norm.mean[c] = Float(mean)
      norm.variance[c] = Float(variance)
      norm.inverse[c] = 1 / (norm.variance[c] + ConvolutionalNetwork.epsilon).squareRoot()
      norm.scale[c] = gain[c] * norm.inverse[c]
      norm.shift[c] = shift[c] - norm.mean[c] * norm.scale[c]
    }
    return norm
  }

  private func run(_ map: FeatureMap, _ image: Int) -> ChannelRun {
    ChannelRun(
      first: image * map.count, count: map.width * map.height, columns: map.channels)
  }

  /// Slopes of all parameters from slopes at the outputs of each image.
  mutating func backward(
    _ turned: TurnedWeights, _ outputSlopes: [[Float]]
  ) {
    precondition(outputSlopes.count == images, "\(outputSlopes.count) of \(images) images")
    for index in gradients.indices {
      gradients[index] = [Float](repeating: 0, count: gradients[index].count)
    }
    let columns = shape.outputColumns
    for (image, slopes) in outputSlopes.enumerated() {
      for output in 0..<shape.outputs { outputs[image * columns + output] = slopes[output] }
      for output in shape.outputs..<columns { outputs[image * columns + output] = 0 }
    }
    backwardOutputs(turned)
    for index in shape.convolutions.indices.reversed() {
      backwardNormalisation(index, shape.firstParameters(index))
      backwardConvolution(index, turned)
    }
  }

  private mutating func backwardOutputs(_ turned: TurnedWeights) {
    let last = shape.convolutions.count
    let first = shape.firstParameters(last)
    let columns = shape.outputColumns
    patchGradient(
      pooled, rows(of: shape.pooled, columns: columns), slopes: outputs, columns: columns,
      into: &gradients[first])
    columnSums(outputs, rows: images, columns: columns, into: &gradients[first + 1])
    patchProduct(
      outputs, rows(of: columns, columns: shape.pooled), weights: turned.outputs, bias: noBias,
      columns: shape.pooled, into: &pooledSlopes)
    for i in slopes[last].indices { slopes[last][i] = 0 }
    for i in 0..<images * shape.pooled { slopes[last][winners[i]] += pooledSlopes[i] }
  }

  private mutating func backwardNormalisation(_ index: Int, _ first: Int) {
    guard let norm = norms[index] else { preconditionFailure("backward before forward") }
    let map = shape.maps[index + 1].bare
    var totals = ChannelTotals(map.channels)
    for image in 0..<images {
      totals.add { sums, products in
        rectifiedMoments(
          slopes[index + 1], values: self.products[index], run(map, image), scale: norm.scale,
          shift: norm.shift, sums: &sums, products: &products)
      }
    }
    let count = Double(images * map.width * map.height)
    var terms = NormalisationSlopes(
      scale: norm.scale, shift: norm.shift, gain: norm.scale, along: norm.scale, back: norm.scale)
    for c in 0..<map.channels {
      let mean = Double(norm.mean[c])
      let inverse = Double(norm.inverse[c])
      let gain = inverse * (totals.second[c] - mean * totals.first[c])
      gradients[first + 1][c] = Float(gain)
      gradients[first + 2][c] = Float(totals.first[c])
      let along = -Double(norm.scale[c]) * inverse * gain / count
      terms.along[c] = Float(along)
      terms.back[c] = Float(-Double(norm.scale[c]) * totals.first[c] / count - along * mean)
    }
    let target = map.bordered
    for image in 0..<images {
      for y in 0..<map.height {
        normalisationSlopes(
          slopes[index + 1], values: products[index],
          ChannelRun(
            first: image * map.count + map.row(y), count: map.width, columns: map.channels), terms,
          into: &productSlopes[index], at: image * target.count + target.row(y))
      }
    }
  }

  private mutating func backwardConvolution(_ index: Int, _ turned: TurnedWeights) {
    let geometry = shape.geometry(index)
    for image in 0..<images {
      for strip in geometry.strips(image: image) {
        patchGradient(
          inputs[index], strip, slopes: productSlopes[index],
          columns: shape.convolutions[index].channels,
          into: &gradients[shape.firstParameters(index)])
      }
    }
    for (piece, weights) in zip(geometry.backward, turned.convolutions[index]) {
      for image in 0..<images {
        patchProduct(
          productSlopes[index], geometry.back(piece, image: image), weights: weights, bias: noBias,
          columns: geometry.input.channels, into: &slopes[index])
      }
    }
  }
}

/// Two sums per channel, gathered image by image in double precision.
private struct ChannelTotals {
  var first: [Double]
  var second: [Double]
  private let zeros: [Float]

  init(_ channels: Int) {
    first = [Double](repeating: 0, count: channels)
    second = first
    zeros = [Float](repeating: 0, count: channels)
  }

  mutating func add(_ sums: (inout [Float], inout [Float]) -> Void) {
    var a = zeros
    var b = zeros
    sums(&a, &b)
    for c in zeros.indices {
      first[c] += Double(a[c])
      second[c] += Double(b[c])
    }
  }
}

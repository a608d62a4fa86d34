import Kernels

/// Some images through a network in training and back: the slopes of all parameters.
///
/// Batch normalisation takes its means from these very images. A batch is split into passes of a fixed
/// size which share nothing, so the result depends neither on threads nor on their order.
struct ConvolutionPass {
  let shape: NetworkShape
  private let capacity: Int
  private var images = 0
  /// What each layer reads, and last what the outputs are computed from.
  private var inputs: [[Float]]
  /// Of convolutions: products before normalisation.
  private var products: [[Float]]
  /// Of pools: which value was the largest.
  private var winners: [[Int32]]
  /// Slopes at `inputs`, without border, and of convolutions at `products`, with border.
  private var slopes: [[Float]]
  private var productSlopes: [[Float]]
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
    let last = shape.layers.count
    inputs = shape.maps.map { zeros($0.floats) }
    slopes = shape.maps.map { zeros($0.bare.floats) }
    products = [[Float]](repeating: [], count: last)
    productSlopes = products
    winners = [[Int32]](repeating: [], count: last)
    norms = [Norm?](repeating: nil, count: last)
    outputs = zeros(shape.outputColumns)
    gradients = shape.parameterCounts.map { [Float](repeating: 0, count: $0) }
    let widest = (shape.maps.map(\.channels) + shape.parameterCounts).max() ?? 0
    noBias = [Float](repeating: 0, count: widest)
    for (index, layer) in shape.layers.enumerated() {
      let after = shape.maps[index + 1].bare
      switch layer {
      case .convolution:
        products[index] = zeros(after.floats)
        productSlopes[index] = zeros(after.bordered.floats)
      case .maximumPool, .globalMaximum:
        winners[index] = [Int32](repeating: 0, count: after.floats * capacity)
      case .dense: break
      }
    }
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
    let firsts = shape.firstParameters
    for (index, layer) in shape.layers.enumerated() {
      let first = firsts[index]
      switch layer {
      case .convolution(let channels, let stride):
        convolve(index, network.parameters[first], channels, stride)
        normalise(
          index, gain: network.parameters[first + 1], shift: network.parameters[first + 2])
      case .maximumPool, .globalMaximum:
        pooling(index)?.forward(
          inputs[index], images: images, into: &inputs[index + 1], winners: &winners[index])
      case .dense(let units):
        patchProduct(
          inputs[index], rows(of: shape.maps[index].floats, columns: units),
          weights: network.parameters[first], bias: network.parameters[first + 1], floor: 0,
          columns: units, into: &inputs[index + 1])
      }
    }
    let last = shape.layers.count
    let columns = shape.outputColumns
    patchProduct(
      inputs[last], rows(of: shape.maps[last].floats, columns: columns),
      weights: network.parameters[firsts[last]], bias: network.parameters[firsts[last] + 1],
      columns: columns, into: &outputs)
    return (0..<images).map { Array(outputs[$0 * columns..<$0 * columns + shape.outputs]) }
  }

  private mutating func load(_ values: [Float], _ image: Int) {
    let map = shape.input
    precondition(values.count == map.bare.floats, "\(values.count) values of an image")
    let length = map.width * map.channels
    for y in 0..<map.height {
      let start = image * map.floats + map.row(y)
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

  private func geometry(_ index: Int, _ stride: Int) -> ConvolutionGeometry {
    ConvolutionGeometry(
      input: shape.maps[index], output: shape.maps[index + 1].bare, stride: stride)
  }

  private func pooling(_ index: Int) -> Pooling? {
    Pooling(shape.layers[index], from: shape.maps[index], to: shape.maps[index + 1])
  }

  private mutating func convolve(_ index: Int, _ weights: [Float], _ channels: Int, _ stride: Int) {
    let geometry = geometry(index, stride)
    for image in 0..<images {
      patchProduct(
        inputs[index], geometry.forward(image: image, into: geometry.output), weights: weights,
        bias: noBias, columns: channels, into: &products[index])
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
            first: image * bare.floats + bare.row(y), count: map.width, columns: map.channels),
          scale: norm.scale, shift: norm.shift, into: &inputs[index + 1],
          at: image * map.floats + map.row(y))
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
      first: image * map.floats, count: map.width * map.height, columns: map.channels)
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
    let firsts = shape.firstParameters
    let last = shape.layers.count
    backwardDense(last, outputs, columns, firsts[last], turned.dense[last])
    for (index, layer) in shape.layers.enumerated().reversed() {
      switch layer {
      case .convolution(let channels, let stride):
        backwardNormalisation(index, firsts[index])
        backwardConvolution(index, channels, stride, firsts[index], turned)
      case .maximumPool, .globalMaximum:
        pooling(index)?.backward(
          slopes[index + 1], winners: winners[index], images: images, into: &slopes[index])
      case .dense(let units):
        var behind = slopes[index + 1]
        maskGradient(&behind, activation: inputs[index + 1], count: images * units)
        backwardDense(index, behind, units, firsts[index], turned.dense[index])
      }
    }
  }

  private mutating func backwardDense(
    _ index: Int, _ behind: [Float], _ columns: Int, _ first: Int, _ weights: [Float]
  ) {
    let inner = shape.maps[index].floats
    patchGradient(
      inputs[index], rows(of: inner, columns: columns), slopes: behind, columns: columns,
      into: &gradients[first])
    columnSums(behind, rows: images, columns: columns, into: &gradients[first + 1])
    guard !weights.isEmpty else { return }
    patchProduct(
      behind, rows(of: columns, columns: inner), weights: weights, bias: noBias, columns: inner,
      into: &slopes[index])
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
            first: image * map.floats + map.row(y), count: map.width, columns: map.channels), terms,
          into: &productSlopes[index], at: image * target.floats + target.row(y))
      }
    }
  }

  private mutating func backwardConvolution(
    _ index: Int, _ channels: Int, _ stride: Int, _ first: Int, _ turned: TurnedWeights
  ) {
    let geometry = geometry(index, stride)
    for image in 0..<images {
      for strip in geometry.strips(image: image) {
        patchGradient(
          inputs[index], strip, slopes: productSlopes[index], columns: channels,
          into: &gradients[first])
      }
    }
    for (piece, weights) in zip(geometry.backward, turned.convolution[index]) {
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

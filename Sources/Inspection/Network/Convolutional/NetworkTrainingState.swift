import Kernels

/// A training between two epochs.
struct NetworkTrainingState: Hashable, Sendable {
  var network: ConvolutionalNetwork
  /// The mean of the networks on the way, of which later ones count more (Polyak, Juditsky 1992): while
  /// the rate is high, it is about as good as a network that was brought to rest there.
  private(set) var average: ConvolutionalNetwork
  var optimiser: NetworkOptimiser
  /// Of each example the running mean of the outputs it has had, nothing before it was shown.
  private(set) var outputs: [[Float]]
  /// Epochs done.
  var epochs = 0

  private static let newOutputsShare: Float = 0.25

  /// The start of a training on so many examples.
  init(_ network: ConvolutionalNetwork, examples: Int) {
    self.network = network
    average = network
    outputs = [[Float]](repeating: [], count: examples)
    optimiser = NetworkOptimiser(network)
  }

  /// Reads what `store` wrote, for a known shape and number of examples. Throws `ModelError.damaged` for
  /// other sizes.
  init(
    _ shape: NetworkShape, examples: Int, from archive: ModelArchive, as name: String
  ) throws(ModelError) {
    network = try ConvolutionalNetwork(shape, from: archive, as: "\(name).network")
    average = try ConvolutionalNetwork(shape, from: archive, as: "\(name).average")
    optimiser = try NetworkOptimiser(network, from: archive, as: "\(name).optimiser")
    let numbers = try archive.get("\(name).epochs", as: Int32.self)
    let shown = try archive.get("\(name).shown", as: UInt8.self)
    let values = try archive.get("\(name).outputs", as: Float.self)
    guard numbers.count == 1, numbers[0] >= 0, shown.count == examples,
      values.count == shape.outputs * shown.count(where: { $0 == 1 })
    else { throw .damaged(reason: "\(name).epochs or \(name).outputs have another size") }
    epochs = Int(numbers[0])
    var rest = values[...]
    outputs = shown.map { shown in
      defer { if shown == 1 { rest = rest.dropFirst(shape.outputs) } }
      return shown == 1 ? Array(rest.prefix(shape.outputs)) : []
    }
  }

  /// Adds the state's sections to an archive.
  func store(in archive: inout ModelArchive, as name: String) {
    network.store(in: &archive, as: "\(name).network")
    average.store(in: &archive, as: "\(name).average")
    optimiser.store(in: &archive, as: "\(name).optimiser")
    archive.set("\(name).epochs", [Int32(epochs)])
    archive.set("\(name).shown", outputs.map { UInt8($0.isEmpty ? 0 : 1) })
    archive.set("\(name).outputs", outputs.flatMap(\.self))
  }

  /// Takes what the network said of the examples `indices` into their running means.
  mutating func note(_ new: [[Float]], of indices: [Int]) {
    for (values, index) in zip(new, indices) {
      let before = outputs[index].isEmpty ? values : outputs[index]
      outputs[index] = zip(before, values).map { $0 + Self.newOutputsShare * ($1 - $0) }
    }
  }

  /// Takes the network after step `index` of `steps` into the average, which reaches back over about a
  /// tenth of all steps.
  mutating func average(step index: Int, of steps: Int) {
    average.approach(network, by: max(10 / Float(max(steps, 10)), 1 / Float(index + 1)))
  }
}

/// AdamW's running means, and the running statistics of batch normalisation.
struct NetworkOptimiser: Hashable, Sendable {
  private var means: [[Float]]
  private var squares: [[Float]]
  private var product1: Float = 1
  private var product2: Float = 1
  private var steps: Float = 0

  init(_ network: ConvolutionalNetwork) {
    means = network.parameters.map { [Float](repeating: 0, count: $0.count) }
    squares = means
  }

  fileprivate init(
    _ network: ConvolutionalNetwork, from archive: ModelArchive, as name: String
  ) throws(ModelError) {
    self.init(network)
    let products = try archive.get("\(name).products", as: Float.self)
    guard products.count == 3 else { throw .damaged(reason: "\(name).products has another size") }
    (product1, product2, steps) = (products[0], products[1], products[2])
    for index in means.indices {
      let mean = try archive.get("\(name).mean\(index)", as: Float.self)
      let square = try archive.get("\(name).square\(index)", as: Float.self)
      guard mean.count == means[index].count, square.count == mean.count else {
        throw .damaged(reason: "\(name).mean\(index) has another size")
      }
      means[index] = mean
      squares[index] = square
    }
  }

  fileprivate func store(in archive: inout ModelArchive, as name: String) {
    archive.set("\(name).products", [product1, product2, steps])
    for index in means.indices {
      archive.set("\(name).mean\(index)", means[index])
      archive.set("\(name).square\(index)", squares[index])
    }
  }

  mutating func move(
    _ network: inout ConvolutionalNetwork, _ results: [PassResult], _ step: AdamStep
  ) {
    var step = step
    product1 *= step.beta1
    product2 *= step.beta2
    step.correction1 = 1 / (1 - product1)
    step.correction2 = 1 / (1 - product2)
    for index in means.indices {
      var gradient = results[0].gradients[index]
      for result in results.dropFirst() {
        accumulate(
          result.gradients[index], at: 0, into: &gradient, from: 0, count: gradient.count)
      }
      adamStep(
        &network.parameters[index], gradient: gradient, mean: &means[index],
        square: &squares[index], step)
    }
    follow(&network, results)
  }

  /// Running mean ← (1 − s) · itself + s · the batch's mean, s = 0.1 but larger in the first ten steps,
  /// where it makes a plain mean; the same for the variance.
  private mutating func follow(_ network: inout ConvolutionalNetwork, _ results: [PassResult]) {
    let images = Float(results.reduce(0) { $0 + $1.images })
    steps += 1
    let share = max(0.1, 1 / steps)
    for layer in network.means.indices {
      for c in network.means[layer].indices {
        var mean: Float = 0
        var variance: Float = 0
        for result in results {
          mean += result.means[layer][c] * Float(result.images) / images
          variance += result.variances[layer][c] * Float(result.images) / images
        }
        network.means[layer][c] += share * (mean - network.means[layer][c])
        network.variances[layer][c] += share * (variance - network.variances[layer][c])
      }
    }
  }
}

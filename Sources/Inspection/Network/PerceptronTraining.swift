import Imaging
import Kernels

/// Fits a `Perceptron` to rows of inputs and targets.
///
/// AdamW (β₂ 0.999) with a one-cycle rate: cosine from rate/25 up to rate in the first 30 % of the
/// steps, then down to rate/250,000, while β₁ runs 0.95 → 0.85 → 0.95 (Smith 2018). Batches of 1024 in
/// a new order each epoch; dropout after both hidden layers.
struct PerceptronTraining {
  enum Loss {
    /// Cross-entropy of the logit against a target in 0…1.
    case crossEntropy
    /// Smooth L1 of the logit against a target logit: d²/2 below 1, |d| − ½ above.
    case smoothL1
  }

  var loss: Loss
  var epochs: Int
  var dropout: Float
  var decay: Float
  var seed: UInt64
  private static let batch = 1024
  private static let peakRate: Float = 3e-3

  /// A network fitted to `targets[i]` from `rows[i · inputs ..< (i + 1) · inputs]`, for the `i` in
  /// `places` (nil: all).
  func fit(rows: [Float], targets: [Float], inputs: Int, places: [Int]? = nil) -> Perceptron {
    var generator = SeededGenerator(seed: seed)
    var network = Perceptron(inputs: inputs, using: &generator)
    var state = Moments(network)
    let places = places ?? Array(targets.indices)
    let batch = min(Self.batch, places.count)
    let steps = epochs * (places.count / batch)
    var pass = BatchPass(inputs: inputs, batch: batch)
    var step = 0
    for _ in 0..<epochs {
      let order = generator.permutation(places.count).map { places[$0] }
      var first = 0
      while first + batch <= places.count {
        pass.begin(network)
        var next = first
        while next < first + batch {
          let piece = order[next..<min(next + BatchPass.piece, first + batch)]
          pass.load(rows, targets, piece)
          pass.forward(network, dropout: dropout, using: &generator)
          pass.backward(network, loss, dropout: dropout)
          next += piece.count
        }
        state.move(&network, pass.gradients, cycle(step, of: steps))
        first += batch
        step += 1
      }
    }
    return network
  }

  private func cycle(_ step: Int, of steps: Int) -> AdamStep {
    let peak = max(1, 0.3 * Float(steps) - 1)
    let last = Float(max(steps - 1, 1))
    let position = Float(step)
    let rate: Float
    let beta1: Float
    if position <= peak {
      rate = Self.cosine(Self.peakRate / 25, Self.peakRate, position / peak)
      beta1 = Self.cosine(0.95, 0.85, position / peak)
    } else {
      let part = (position - peak) / max(last - peak, 1)
      rate = Self.cosine(Self.peakRate, Self.peakRate / 250_000, part)
      beta1 = Self.cosine(0.85, 0.95, part)
    }
    return AdamStep(
      rate: rate, decay: decay, beta1: beta1, beta2: 0.999, correction1: 1, correction2: 1)
  }

  private static func cosine(_ from: Float, _ to: Float, _ part: Float) -> Float {
    to + (from - to) * Float(1 + MathFunctions.cos(Double.pi * Double(part))) / 2
  }
}

/// AdamW's running means for every parameter.
private struct Moments {
  private var means: [[Float]]
  private var squares: [[Float]]
  private var product1: Float = 1
  private var product2: Float = 1

  init(_ network: Perceptron) {
    means = network.layers.map { [Float](repeating: 0, count: $0.count) }
    squares = means
  }

  mutating func move(_ network: inout Perceptron, _ gradients: [[Float]], _ step: AdamStep) {
    var step = step
    product1 *= step.beta1
    product2 *= step.beta2
    step.correction1 = 1 / (1 - product1)
    step.correction2 = 1 / (1 - product2)
    var layers = network.layers
    for index in layers.indices {
      adamStep(
        &layers[index], gradient: gradients[index], mean: &means[index], square: &squares[index],
        step)
    }
    network.layers = layers
  }
}

/// A batch through the network and back, in pieces that stay in the cache.
private struct BatchPass {
  /// Rows at a time.
  static let piece = 128

  private let inputs: Int
  private let batch: Int
  private var count = 0
  private var x: [Float]
  private var targets: [Float] = []
  private var hidden1: [Float]
  private var hidden2: [Float]
  private var logits: [Float]
  private(set) var gradients: [[Float]]
  private var delta1: [Float]
  private var delta2: [Float]
  /// The second layer's weights, unit by unit.
  private var turned: [Float]

  init(inputs: Int, batch: Int) {
    self.inputs = inputs
    self.batch = batch
    let h1 = Perceptron.hidden1
    let h2 = Perceptron.hidden2
    x = [Float](repeating: 0, count: inputs * Self.piece)
    hidden1 = [Float](repeating: 0, count: Self.piece * h1)
    hidden2 = [Float](repeating: 0, count: Self.piece * h2)
    logits = [Float](repeating: 0, count: Self.piece)
    delta1 = hidden1
    delta2 = hidden2
    turned = [Float](repeating: 0, count: h1 * h2)
    gradients = [inputs * h1, h1, h1 * h2, h2, h2, 1].map { [Float](repeating: 0, count: $0) }
  }

  /// Forgets the last batch.
  mutating func begin(_ network: Perceptron) {
    for index in gradients.indices {
      clear(&gradients[index], from: 0, to: gradients[index].count)
    }
    let h1 = Perceptron.hidden1
    let h2 = Perceptron.hidden2
    for a in 0..<h1 {
      for b in 0..<h2 { turned[b * h1 + a] = network.weights2[a * h2 + b] }
    }
  }

  mutating func load(_ rows: [Float], _ targets: [Float], _ order: ArraySlice<Int>) {
    count = order.count
    var at = 0
    for index in order {
      copyFloats(rows, at: index * inputs, into: &x, from: at, count: inputs)
      at += inputs
    }
    self.targets = order.map { targets[$0] }
  }

  mutating func forward(
    _ network: Perceptron, dropout: Float, using generator: inout SeededGenerator
  ) {
    let h1 = Perceptron.hidden1
    let h2 = Perceptron.hidden2
    matrixProduct(
      x, rowStride: inputs, innerStride: 1, network.weights1, rows: count, inner: inputs,
      columns: h1, into: &hidden1)
    addBiasAndRectify(&hidden1, bias: network.bias1, rows: count, columns: h1)
    drop(&hidden1, count * h1, dropout, using: &generator)
    matrixProduct(
      hidden1, rowStride: h1, innerStride: 1, network.weights2, rows: count, inner: h1,
      columns: h2, into: &hidden2)
    addBiasAndRectify(&hidden2, bias: network.bias2, rows: count, columns: h2)
    drop(&hidden2, count * h2, dropout, using: &generator)
    weightedSums(
      hidden2, weights: network.weights3, bias: network.bias3[0], rows: count, columns: h2,
      into: &logits)
  }

  /// Sets a share of `values` to zero and scales the rest, so that the mean stays; four decisions of
  /// 16 bits from each random number.
  private func drop(
    _ values: inout [Float], _ count: Int, _ share: Float,
    using generator: inout SeededGenerator
  ) {
    guard share > 0 else { return }
    let limit = UInt64(share * 65536)
    let scale = 1 / (1 - share)
    var out = values.mutableSpan
    var index = 0
    while index + 4 <= count {
      var bits = generator.next()
      for k in 0..<4 {
        out[index + k] *= bits & 0xFFFF < limit ? 0 : scale
        bits >>= 16
      }
      index += 4
    }
  }

  /// Adds the gradients of the rows last passed forward; `dropout` as there.
  mutating func backward(
    _ network: Perceptron, _ loss: PerceptronTraining.Loss, dropout: Float
  ) {
    let scale = 1 / Float(batch)
    let units = Perceptron.hidden2
    for i in 0..<count {
      let slope: Float
      switch loss {
      case .crossEntropy:
        let p = 1 / (1 + Float(MathFunctions.exp(-Double(logits[i]))))
        slope = (p - targets[i]) * scale
      case .smoothL1:
        slope = max(-1, min(1, logits[i] - targets[i])) * scale
      }
      for c in 0..<units {
        gradients[4][c] += slope * hidden2[i * units + c]
        delta2[i * units + c] = slope * network.weights3[c]
      }
      gradients[5][0] += slope
    }
    backThroughHidden(factor: 1 / (1 - dropout))
  }

  /// `factor`: what a kept unit was multiplied by in the forward pass.
  private mutating func backThroughHidden(factor: Float) {
    let h1 = Perceptron.hidden1
    let h2 = Perceptron.hidden2
    maskGradient(&delta2, activation: hidden2, factor: factor, count: count * h2)
    columnSums(delta2, rows: count, columns: h2, adding: true, into: &gradients[3])
    matrixProduct(
      hidden1, rowStride: 1, innerStride: h1, delta2, rows: h1, inner: count, columns: h2,
      adding: true, into: &gradients[2])
    matrixProduct(
      delta2, rowStride: h2, innerStride: 1, turned, rows: count, inner: h2, columns: h1,
      into: &delta1)
    maskGradient(&delta1, activation: hidden1, factor: factor, count: count * h1)
    columnSums(delta1, rows: count, columns: h1, adding: true, into: &gradients[1])
    matrixProduct(
      x, rowStride: 1, innerStride: inputs, delta1, rows: inputs, inner: count, columns: h1,
      adding: true, into: &gradients[0])
  }
}

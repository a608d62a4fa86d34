import Imaging
import Kernels
import Synchronization

/// Where examples come from, and what their outputs should be.
protocol TrainingExamples: Sendable {
  var count: Int { get }
  /// Example `index`, changed at random so that no epoch sees the same image twice.
  func draw(_ index: Int, using generator: inout SeededGenerator) throws -> DrawnExample
  /// Before an epoch: what the network has lately said of each example (nothing yet: empty), and the share
  /// of the training that is done.
  mutating func reconsider(_ outputs: [[Float]], at share: Double)
  /// The loss of `outputs` against a target; its slopes go into `slopes`, one per output.
  func loss(_ outputs: [Float], _ target: [Float], slopes: inout [Float]) -> Float
}

/// An image for the network, channels last, and its target as the examples understand it.
struct DrawnExample: Sendable {
  var input: [Float]
  var target: [Float]
}

/// Fits a convolutional network: AdamW under a one-cycle rate.
///
/// A batch is split into passes of at most `passSize` images, one worker each; their slopes are added
/// in order. Same seed, same examples: same bits, whatever the workers.
struct NetworkTraining {
  var epochs: Int
  var batch = 64
  var passSize = 16
  var peakRate: Float = 3e-3
  var decay: Float = 1e-2
  var seed: UInt64

  /// Passes over `count` examples: so many that `shown` are shown, at least `least`, and no more than `most`
  /// for the sake of a small set.
  static func epochs(over count: Int, showing shown: Int, least: Int, most: Int) -> Int {
    min(max(least, (shown + count - 1) / count), max(least, most))
  }

  /// Examples that the whole training shows of `count`; what is left over from whole batches of an epoch is not.
  func total(of count: Int) -> Int {
    let batch = min(batch, count)
    return epochs * (count / batch) * batch
  }

  /// What is known after an epoch.
  struct Epoch {
    /// From 1.
    var number: Int
    /// Mean over the epoch's examples.
    var loss: Double
  }

  /// Trains `network` in place. `each` is called after every epoch and says whether to go on; `step`
  /// is called with the number of images shown after every batch and may also end the training.
  func fit(
    _ network: inout ConvolutionalNetwork, _ examples: some TrainingExamples,
    _ workers: any Workers, step shown: (Int) -> Bool,
    each: (Epoch, ConvolutionalNetwork) throws -> Bool
  ) throws {
    var state = NetworkTrainingState(network, examples: examples.count)
    defer { network = state.network }
    try go(on: &state, examples, workers, step: shown) { epoch, state in
      try each(epoch, state.network)
    }
  }

  /// Goes on with a training from where `state` stands, to the same end as one that never stopped.
  func go(
    on state: inout NetworkTrainingState, _ examples: some TrainingExamples,
    _ workers: any Workers, step shown: (Int) -> Bool,
    each: (Epoch, NetworkTrainingState) throws -> Bool
  ) throws {
    var examples = examples
    let batch = min(batch, examples.count)
    let passes = (batch + passSize - 1) / passSize
    let slots = (0..<passes).map { _ in PassSlot(state.network.shape, capacity: passSize) }
    let steps = examples.count / batch
    let cycle = OneCycle(peak: peakRate, steps: epochs * steps, decay: decay)
    for epoch in min(state.epochs, epochs)..<epochs {
      var generator = SeededGenerator(seed: seed &+ UInt64(epoch) &* 0xD134_2543_DE82_EF95)
      let order = generator.permutation(examples.count)
      var loss = 0.0
      examples.reconsider(state.outputs, at: Double(epoch) / Double(epochs))
      let fixedExamples = examples
      for step in 0..<steps {
        let part = Array(order[step * batch..<(step + 1) * batch])
        let turned = TurnedWeights(state.network)
        let salt = generator.next()
        let fixed = state.network
        let results = try workers.map(passes) { index in
          let chosen = Array(part[index * batch / passes..<(index + 1) * batch / passes])
          return try slots[index].run(fixed, turned, chosen, of: batch, salt: salt, fixedExamples)
        }
        for result in results { loss += result.loss }
        state.note(results.flatMap(\.outputs), of: part)
        let index = epoch * steps + step
        state.optimiser.move(&state.network, results, cycle.step(index))
        state.average(step: index, of: epochs * steps)
        guard shown((index + 1) * batch) else { return }
      }
      state.epochs = epoch + 1
      let known = Epoch(number: epoch + 1, loss: loss / Double(steps * batch))
      guard try each(known, state) else { return }
    }
  }
}

/// The rate of each step: cosine from peak/25 up to the peak in the first 30 %, then down to
/// peak/250,000, while β₁ runs 0.95 → 0.85 → 0.95 (Smith 2018).
struct OneCycle {
  var peak: Float
  var steps: Int
  var decay: Float

  func step(_ index: Int) -> AdamStep {
    let top = max(1, 0.3 * Float(steps) - 1)
    let position = Float(index)
    let part =
      position <= top ? position / top : (position - top) / max(Float(steps - 1) - top, 1)
    let rate =
      position <= top
      ? Self.cosine(peak / 25, peak, part) : Self.cosine(peak, peak / 250_000, part)
    let beta1 =
      position <= top ? Self.cosine(0.95, 0.85, part) : Self.cosine(0.85, 0.95, part)
    return AdamStep(
      rate: rate, decay: decay, beta1: beta1, beta2: 0.999, correction1: 1, correction2: 1)
  }

  private static func cosine(_ from: Float, _ to: Float, _ part: Float) -> Float {
    to + (from - to) * Float(1 + MathFunctions.cos(Double.pi * Double(part))) / 2
  }
}

/// What one pass of a batch gives.
struct PassResult: Sendable {
  var loss: Double
  /// Of each image.
  var outputs: [[Float]]
  var gradients: [[Float]]
  /// Means and variances of each convolution, and the images they come from.
  var means: [[Float]]
  var variances: [[Float]]
  var images: Int
}

/// The scratch memory of one pass, kept from batch to batch.
private final class PassSlot: Sendable {
  private let pass: Mutex<ConvolutionPass>

  init(_ shape: NetworkShape, capacity: Int) {
    pass = Mutex(ConvolutionPass(shape, capacity: capacity))
  }

  func run(
    _ network: ConvolutionalNetwork, _ turned: TurnedWeights, _ chosen: [Int], of batch: Int,
    salt: UInt64, _ examples: some TrainingExamples
  ) throws -> PassResult {
    let drawn = try chosen.map { index in
      var generator = SeededGenerator(seed: salt &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
      return try examples.draw(index, using: &generator)
    }
    return pass.withLock { pass in
      let outputs = pass.forward(network, drawn.map(\.input))
      var loss = 0.0
      let slopes = zip(outputs, drawn).map { outputs, example in
        var slopes = [Float](repeating: 0, count: outputs.count)
        loss += Double(examples.loss(outputs, example.target, slopes: &slopes))
        return slopes.map { $0 / Float(batch) }
      }
      pass.backward(turned, slopes)
      let moments = pass.moments
      return PassResult(
        loss: loss, outputs: outputs, gradients: pass.gradients, means: moments.map(\.mean),
        variances: moments.map(\.variance), images: chosen.count)
    }
  }
}

import FactoryModel
import Imaging

/// One training with its validation.
struct LearnedRun {
  /// Validation images, shrunk, and their classes.
  let judged: [[UInt8]]
  var kinds: [Int]
  /// Whether class 0 is `good`.
  let hasGood: Bool
  let workers: any Workers
  let progress: @Sendable (TeachingProgress) -> Void
  /// What the training is called in `progress`.
  var stage = "training"

  /// The network of the best epoch, and what validation said about it.
  struct Best: Sendable {
    var network: ConvolutionalNetwork
    var calibration: Calibration
    var epoch: Int
    /// Of each validation image, at the temperature that suits them most, in the epoch with the least sum.
    var leastLosses: [Double]
    /// What the network said of each taught image, lately in training.
    var taughtOutputs: [[Float]] = []

    init(_ network: ConvolutionalNetwork, _ calibration: Calibration, epoch: Int) {
      self.network = network
      self.calibration = calibration
      self.epoch = epoch
      leastLosses = calibration.losses(temperature: calibration.temperature)
    }

    /// Takes the network of a later epoch, unless an earlier one was better by more than the standard error
    /// of the losses' differences: the rate falls to the end, and a few validation images, perhaps with
    /// wrong labels, would else choose at random.
    mutating func follow(_ later: Best) {
      let differences = zip(later.leastLosses, leastLosses).map { $0 - $1 }
      let sum = differences.reduce(0, +)
      let squares = differences.reduce(0) { $0 + $1 * $1 }
      let least = sum < 0 ? later.leastLosses : leastLosses
      if sum <= squares.squareRoot() { self = later }
      leastLosses = least
    }
  }

  /// The best network of a training that starts from `network`, or goes on from what `set` saved.
  func train(
    _ examples: LearnedExamples, from network: ConvolutionalNetwork, _ training: NetworkTraining,
    _ set: TeachingSet
  ) throws -> Best {
    let checkpoint = LearnedCheckpoint(
      mark: mark(examples, network, training), labels: labels(examples))
    var state = NetworkTrainingState(network, examples: examples.count)
    var best: Best?
    if let saved = set.saved {
      let read = try checkpoint.read(saved, network.shape, examples: examples.count)
      state = read.state
      best = try Best(read.best, judge(read.best, examples), epoch: read.bestEpoch)
      best?.leastLosses = read.leastLosses
    }
    let epochs = training.epochs
    let total = training.total(of: examples.count)
    var note = ""
    try training.go(on: &state, examples, workers) { shown in
      progress(TeachingProgress(stage: stage, done: shown, total: total, note: note))
      return !set.isStopped()
    } each: { epoch, state in
      let calibration = try judge(state.average, examples)
      let now = Best(state.average, calibration, epoch: epoch.number)
      if best == nil { best = now } else { best?.follow(now) }
      note =
        "epoch \(epoch.number) of \(epochs): \(calibration.accuracy.percent(digits: 1)) right on "
        + "\(judged.count) held-out images"
      if let best { try set.save { checkpoint.archive(state, best) } }
      // While the rate is high, epochs without gain say little.
      let lastGain = max(best?.epoch ?? 0, epochs / 2)
      return epoch.number - lastGain < max(epochs / 4, 5)
    }
    var kept = try best ?? Best(state.average, judge(state.average, examples), epoch: 0)
    kept.taughtOutputs = state.outputs
    return kept
  }

  /// The labels that a training with `examples` goes by.
  func labels(_ examples: LearnedExamples) -> TrainingLabels {
    TrainingLabels(taught: examples.classes, judged: kinds)
  }

  /// A number that another set of images, split, start or settings would hardly share.
  private func mark(
    _ examples: LearnedExamples, _ network: ConvolutionalNetwork, _ training: NetworkTraining
  ) -> [UInt64] {
    func sum(_ images: [[UInt8]], _ kinds: [Int]) -> UInt64 {
      zip(images, kinds).reduce(0) { sum, image in
        sum &* 0x100_0000_01B3 ^ UInt64(crc32(of: image.0)) ^ UInt64(image.1) << 40
      }
    }
    let weights = network.parameters.reduce(UInt64(0)) { sum, list in
      list.reduce(sum) { $0 &* 0x100_0000_01B3 ^ UInt64($1.bitPattern) }
    }
    return [
      sum(examples.images, examples.classes), sum(judged, kinds), weights, training.seed,
      UInt64(training.epochs), UInt64(training.batch), UInt64(examples.symmetry.rawValue),
    ]
  }

  /// The outputs for all validation images.
  private func judge(
    _ network: ConvolutionalNetwork, _ examples: LearnedExamples
  ) throws -> Calibration {
    let piece = 16
    let judged = judged
    let once = TurnedOutputs(
      FoldedConvolutions(network), side: examples.side, examples.symmetry)
    let outputs = try workers.map((judged.count + piece - 1) / piece) { index in
      var network = once
      return judged[index * piece..<min((index + 1) * piece, judged.count)].map {
        network.outputs(of: $0)
      }
    }
    return Calibration(
      outputs: outputs.flatMap(\.self), classes: kinds, hasGood: hasGood)
  }
}

/// The classes of the images that teach and of those that judge.
struct TrainingLabels: Hashable, Sendable {
  var taught: [Int]
  var judged: [Int]
}

/// A training written down after an epoch.
struct LearnedCheckpoint: Sendable {
  /// What tells this training from another one.
  let mark: [UInt64]
  let labels: TrainingLabels

  struct Content {
    var state: NetworkTrainingState
    var best: ConvolutionalNetwork
    var bestEpoch: Int
    var leastLosses: [Double]
  }

  func archive(_ state: NetworkTrainingState, _ best: LearnedRun.Best) -> ModelArchive {
    var archive = ModelArchive(method: LearnedModel.method)
    archive.set("mark", mark)
    archive.set("labels.taught", labels.taught.map(Int32.init))
    archive.set("labels.judged", labels.judged.map(Int32.init))
    state.store(in: &archive, as: "state")
    best.network.store(in: &archive, as: "best")
    archive.set("bestEpoch", [Int32(best.epoch)])
    archive.set("leastLosses", best.leastLosses)
    return archive
  }

  /// The labels that a written training goes by; nil in an archive of something else.
  static func labels(_ archive: ModelArchive) -> TrainingLabels? {
    guard let taught = try? archive.get("labels.taught", as: Int32.self),
      let judged = try? archive.get("labels.judged", as: Int32.self)
    else { return nil }
    return TrainingLabels(taught: taught.map(Int.init), judged: judged.map(Int.init))
  }

  /// Throws `InspectionError.cannotTeach` when `archive` is of another training, `ModelError` when it is
  /// damaged.
  func read(_ archive: ModelArchive, _ shape: NetworkShape, examples: Int) throws
    -> Content
  {
    guard archive.method == LearnedModel.method,
      try archive.get("mark", as: UInt64.self) == mark
    else {
      throw InspectionError.cannotTeach(
        reason: "the interrupted training was of other images, settings or another seed",
        mend: "give the same again, or teach from the start without --resume")
    }
    return try Content(
      state: NetworkTrainingState(shape, examples: examples, from: archive, as: "state"),
      best: ConvolutionalNetwork(shape, from: archive, as: "best"),
      bestEpoch: Int(archive.get("bestEpoch", as: Int32.self).first ?? 0),
      leastLosses: archive.get("leastLosses", as: Double.self))
  }
}

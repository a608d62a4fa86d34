import FactoryModel
import Imaging

/// One training with its validation.
struct LearnedRun {
  /// Validation images, shrunk, and their classes.
  let judged: [[UInt8]]
  let kinds: [Int]
  let workers: any Workers
  let progress: @Sendable (TeachingProgress) -> Void

  /// The network of the best epoch, and what validation said about it.
  struct Best: Sendable {
    var network: ConvolutionalNetwork
    var calibration: Calibration
    var epoch: Int
    /// On validation, at the best temperature: how sure a network is of wrong labels says little of how
    /// well it ranks, and grows with the epochs.
    let loss: Double

    init(_ network: ConvolutionalNetwork, _ calibration: Calibration, epoch: Int) {
      self.network = network
      self.calibration = calibration
      self.epoch = epoch
      loss = calibration.loss(temperature: calibration.temperature)
    }
  }

  /// The best network of a training that starts from `network`, or goes on from what `set` saved.
  func train(
    _ examples: LearnedExamples, from network: ConvolutionalNetwork, _ training: NetworkTraining,
    _ set: TeachingSet
  ) throws -> Best {
    let checkpoint = LearnedCheckpoint(mark: mark(examples, network, training))
    var state = NetworkTrainingState(network)
    var best: Best?
    if let saved = set.saved {
      let read = try checkpoint.read(saved, network.shape)
      state = read.state
      best = try Best(read.best, judge(read.best), epoch: read.bestEpoch)
    }
    let epochs = training.epochs
    let batch = min(training.batch, examples.count)
    let total = epochs * (examples.count / batch) * batch
    var note = ""
    try training.go(on: &state, examples, workers) { shown in
      progress(TeachingProgress(stage: "training", done: shown, total: total, note: note))
      return !set.isStopped()
    } each: { epoch, state in
      let calibration = try judge(state.average)
      let now = Best(state.average, calibration, epoch: epoch.number)
      if now.loss <= best?.loss ?? .infinity { best = now }
      note =
        "epoch \(epoch.number) of \(epochs): \(calibration.accuracy.percent(digits: 1)) right on "
        + "\(judged.count) held-out images"
      if let best { try set.save { checkpoint.archive(state, best) } }
      // While the rate is high, epochs without gain say little.
      let lastGain = max(best?.epoch ?? 0, epochs / 2)
      return epoch.number - lastGain < max(epochs / 4, 5)
    }
    return try best ?? Best(state.average, judge(state.average), epoch: 0)
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
  private func judge(_ network: ConvolutionalNetwork) throws -> Calibration {
    let piece = 16
    let judged = judged
    let once = FoldedConvolutions(network)
    let outputs = try workers.map((judged.count + piece - 1) / piece) { index in
      var folded = once
      return judged[index * piece..<min((index + 1) * piece, judged.count)].map {
        folded.outputs(of: NetworkInput.values($0))
      }
    }
    return Calibration(outputs: outputs.flatMap(\.self), classes: kinds)
  }
}

/// A training written down after an epoch.
struct LearnedCheckpoint: Sendable {
  /// What tells this training from another one.
  let mark: [UInt64]

  struct Content {
    var state: NetworkTrainingState
    var best: ConvolutionalNetwork
    var bestEpoch: Int
  }

  func archive(_ state: NetworkTrainingState, _ best: LearnedRun.Best) -> ModelArchive {
    var archive = ModelArchive(method: LearnedModel.method)
    archive.set("mark", mark)
    state.store(in: &archive, as: "state")
    best.network.store(in: &archive, as: "best")
    archive.set("bestEpoch", [Int32(best.epoch)])
    return archive
  }

  /// Throws `InspectionError.cannotTeach` when `archive` is of another training, `ModelError` when it is
  /// damaged.
  func read(_ archive: ModelArchive, _ shape: NetworkShape) throws -> Content {
    guard archive.method == LearnedModel.method,
      try archive.get("mark", as: UInt64.self) == mark
    else {
      throw InspectionError.cannotTeach(
        reason: "the interrupted training was of other images, settings or another seed",
        mend: "give the same again, or teach from the start without --resume")
    }
    return try Content(
      state: NetworkTrainingState(shape, from: archive, as: "state"),
      best: ConvolutionalNetwork(shape, from: archive, as: "best"),
      bestEpoch: Int(archive.get("bestEpoch", as: Int32.self).first ?? 0))
  }
}

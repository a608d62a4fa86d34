import Imaging

/// Teaches the learned method from labelled images.
public enum LearnedTeaching {
  /// The model for `set`. Same set, same seed: same model, whatever the workers.
  ///
  /// One part in ten (one in five of small sets) is held out: its images choose the best epoch, the
  /// temperature and the threshold. Throws `InspectionError.cannotTeach` without two classes, and
  /// whatever reading an image throws. When `set` is stopped, the best epoch so far is kept.
  public static func teach(
    _ set: TeachingSet, settings: LearnedSettings = LearnedSettings(), workers: any Workers,
    progress: @escaping @Sendable (TeachingProgress) -> Void
  ) throws -> LearnedModel {
    var settings = settings
    settings.side = (settings.side + 15) / 16 * 16
    let side = settings.side
    let images = LabelledImages(set)
    guard images.classes.count > 1 else {
      throw InspectionError.cannotTeach(
        reason: "there is only one class, \(images.classes.first ?? "and no image")",
        mend:
          "give good parts with --good and defective ones with --defects, or a folder per class "
          + "with --classes")
    }
    let counter = ProgressCounter(
      stage: "reading images", total: images.images.count, report: progress)
    let levels = try workers.map(images.images.count) { index in
      defer { counter.count() }
      return ShrunkImage.levels(
        of: try images.images[index].read().plane, width: side, height: side)
    }
    let split = TrainingSplit(images, seed: set.seed)
    let examples = LearnedExamples(
      side: settings.side, turns: settings.turns, images: split.taught.map { levels[$0] },
      classes: split.taught.map { images.kinds[$0] }, count: images.classes.count)
    var run = LearnedRun(
      judged: split.judged.map { levels[$0] }, kinds: split.judged.map { images.kinds[$0] },
      workers: workers)
    let best = try run.train(
      examples, shape: settings.shape(classes: images.classes.count),
      NetworkTraining(
        epochs: settings.epochs(for: examples.count), batch: settings.batch(for: examples.count),
        seed: set.seed &+ 12), set, progress)
    return model(best, images, split, set: set, settings)
  }

  private static func model(
    _ best: LearnedRun.Best, _ images: LabelledImages, _ split: TrainingSplit, set: TeachingSet,
    _ settings: LearnedSettings
  ) -> LearnedModel {
    let temperature = best.calibration.temperature
    var model = LearnedModel(
      classes: images.classes, side: settings.side, network: best.network,
      temperature: temperature, threshold: 0.5, heldOutScores: [])
    guard model.hasGood else { return model }
    let scores = zip(split.judged, best.calibration.outputs).map { index, outputs in
      LabelledScore(
        score: model.score(model.probabilities(outputs)), kind: images.images[index].kind,
        part: images.images[index].part)
    }
    model = LearnedModel(
      classes: images.classes, side: settings.side, network: best.network,
      temperature: temperature, threshold: Calibration.threshold(scores), heldOutScores: scores)
    return model
  }
}

/// The images of a set with their classes as numbers, `good` first.
struct LabelledImages {
  let images: [TeachingImage]
  let classes: [String]
  let kinds: [Int]

  init(_ set: TeachingSet) {
    images = set.good + set.defects
    let names = Set(set.defects.compactMap(\.kind)).sorted()
    let classes = (set.good.isEmpty ? [] : [LearnedModel.good]) + names
    self.classes = classes
    kinds = images.map { image in
      image.kind.flatMap { classes.firstIndex(of: $0) } ?? 0
    }
  }
}

/// Which images teach and which judge; images of a part stay together.
struct TrainingSplit {
  let taught: [Int]
  /// The same images as taught when there are too few parts to hold any out.
  let judged: [Int]

  init(_ images: LabelledImages, seed: UInt64) {
    let parts = images.images.map(\.part)
    let all = Array(parts.indices)
    let distinct = Set(parts).count
    guard distinct >= 10 else {
      taught = all
      judged = all
      return
    }
    let folds = GroupedFolds(
      parts: parts, kinds: images.images.map(\.kind), count: distinct >= 300 ? 10 : 5, seed: seed)
    var taught = folds.images(outside: 0)
    var judged = folds.images(in: 0)
    // A class whose every image was held out could not be learned.
    let known = Set(taught.map { images.kinds[$0] })
    taught += judged.filter { !known.contains(images.kinds[$0]) }
    judged.removeAll { !known.contains(images.kinds[$0]) }
    self.taught = taught.sorted()
    self.judged = judged.isEmpty ? all : judged
  }
}

/// One training with its validation.
struct LearnedRun {
  /// Validation images, shrunk, and their classes.
  let judged: [[UInt8]]
  let kinds: [Int]
  let workers: any Workers

  /// The network of the best epoch, and what validation said about it.
  struct Best {
    var network: ConvolutionalNetwork
    var calibration: Calibration
    var loss: Double
  }

  mutating func train(
    _ examples: LearnedExamples, shape: NetworkShape, _ training: NetworkTraining,
    _ set: TeachingSet,
    _ progress: @escaping @Sendable (TeachingProgress) -> Void
  ) throws -> Best {
    var generator = SeededGenerator(seed: set.seed &+ 11)
    var network = ConvolutionalNetwork(shape, using: &generator)
    let epochs = training.epochs
    let batch = min(training.batch, examples.count)
    let total = epochs * (examples.count / batch) * batch
    var note = ""
    var best: Best?
    var lastBetter = 0
    try training.fit(&network, examples, workers) { shown in
      progress(TeachingProgress(stage: "training", done: shown, total: total, note: note))
      return !set.isStopped()
    } each: { epoch, network in
      let calibration = try judge(network)
      let loss = calibration.loss()
      if loss <= best?.loss ?? .infinity {
        best = Best(network: network, calibration: calibration, loss: loss)
        lastBetter = epoch.number
      }
      note =
        "epoch \(epoch.number) of \(epochs): \(Self.percent(calibration.accuracy)) % right on "
        + "\(judged.count) held-out images"
      return epoch.number - lastBetter < max(epochs / 3, 5)
    }
    if let best { return best }
    let calibration = try judge(network)
    return Best(network: network, calibration: calibration, loss: calibration.loss())
  }

  private static func percent(_ share: Double) -> Double { (share * 1000).rounded() / 10 }

  /// The outputs for all validation images.
  private func judge(_ network: ConvolutionalNetwork) throws -> Calibration {
    let piece = 16
    let judged = judged
    let outputs = try workers.map((judged.count + piece - 1) / piece) { index in
      var folded = FoldedConvolutions(network)
      return judged[index * piece..<min((index + 1) * piece, judged.count)].map {
        folded.outputs(of: NetworkInput.values($0))
      }
    }
    return Calibration(outputs: outputs.flatMap(\.self), classes: kinds)
  }
}

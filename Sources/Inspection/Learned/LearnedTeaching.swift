import Imaging

/// Teaches the learned method from labelled images.
public enum LearnedTeaching {
  /// The model for `set`. Same set, same seed: same model, whatever the workers.
  ///
  /// One part in ten (one in five of small sets) is held out: its images choose the best epoch, the
  /// temperature and the offset of class `good`. Throws `InspectionError.cannotTeach` without two classes, and
  /// whatever reading an image throws. When `set` is stopped, the best epoch so far is kept; from
  /// what `set` saved after an epoch, the same training goes on.
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
        of: try images.images[index].read().plane, side: side, within: set.regions)
    }
    let split = TrainingSplit(images, seed: set.seed)
    let examples = LearnedExamples(
      side: side, symmetry: symmetry(images, split, levels, settings, workers),
      images: split.taught.map { levels[$0] }, classes: split.taught.map { images.kinds[$0] },
      count: images.classes.count)
    let run = LearnedRun(
      judged: split.judged.map { levels[$0] }, kinds: split.judged.map { images.kinds[$0] },
      hasGood: images.classes.first == LearnedModel.good, workers: workers, progress: progress)
    let best = try train(
      run, examples, from: start(images.classes, settings, set),
      training(settings, examples.count, set), set)
    return model(best, images, split, examples)
  }

  /// Trains, and where the network finds that more than a few labels are wrong, trains once more from the
  /// same start with those mended, of taught and held-out images: what it has learned from wrong labels by
  /// then, it would keep. A second training that is stopped leaves the first one's network.
  private static func train(
    _ run: LearnedRun, _ examples: LearnedExamples, from network: ConvolutionalNetwork,
    _ training: NetworkTraining, _ set: TeachingSet
  ) throws -> LearnedRun.Best {
    var again = run
    again.stage = "training again, labels mended"
    if let mended = set.saved.flatMap(LearnedCheckpoint.labels), mended != run.labels(examples),
      mended.taught.count == examples.count, mended.judged.count == run.kinds.count
    {
      again.kinds = mended.judged
      return try again.train(examples.labelled(mended.taught), from: network, training, set)
    }
    let first = try run.train(examples, from: network, training, set)
    guard !set.isStopped(),
      let mended = LabelDoubts.mended(first.taughtOutputs, examples.classes),
      LabelDoubts.explain(
        heldOutWrong: 1 - first.calibration.accuracy, mended, of: examples.classes)
    else { return first }
    again.kinds = LabelDoubts.mended(first.calibration.outputs, run.kinds) ?? run.kinds
    var set = set
    set.saved = nil
    let second = try again.train(examples.labelled(mended), from: network, training, set)
    return set.isStopped() ? first : second
  }

  /// The turns under which images are shown.
  private static func symmetry(
    _ images: LabelledImages, _ split: TrainingSplit, _ levels: [[UInt8]],
    _ settings: LearnedSettings, _ workers: any Workers
  ) -> PartSymmetry {
    guard settings.turns else { return .none }
    let search = SymmetrySearch(
      split.taught.map { levels[$0] }, side: settings.side,
      kinds: split.taught.map { images.kinds[$0] },
      parts: split.taught.map { images.images[$0].part }, workers: workers)
    return search.symmetry()
  }

  /// Random weights, or those of the model that is to be updated, with new outputs where the classes
  /// are others.
  private static func start(
    _ classes: [String], _ settings: LearnedSettings, _ set: TeachingSet
  ) -> ConvolutionalNetwork {
    var generator = SeededGenerator(seed: set.seed &+ 11)
    var network = ConvolutionalNetwork(settings.shape(classes: classes.count), using: &generator)
    guard let earlier = set.earlier as? LearnedModel, earlier.side == settings.side else {
      return network
    }
    if earlier.classes == classes { return earlier.network }
    let outputs = network.parameters.suffix(2)
    network.parameters = earlier.network.parameters.dropLast(2) + outputs
    (network.means, network.variances) = (earlier.network.means, earlier.network.variances)
    return network
  }

  /// A third of the passes at a third of the rate when a model is updated.
  private static func training(
    _ settings: LearnedSettings, _ count: Int, _ set: TeachingSet
  ) -> NetworkTraining {
    var training = NetworkTraining(
      epochs: settings.epochs(for: count), batch: settings.batch(for: count),
      seed: set.seed &+ 12)
    // Four workers have a pass each; statistics of fewer than eight images would be too rough.
    training.passSize = max(8, training.batch / 4)
    if set.earlier is LearnedModel {
      training.epochs = (training.epochs + 2) / 3
      training.peakRate /= 3
    }
    return training
  }

  private static func model(
    _ best: LearnedRun.Best, _ images: LabelledImages, _ split: TrainingSplit,
    _ examples: LearnedExamples
  ) -> LearnedModel {
    var network = best.network
    network.raiseOutput(0, by: best.calibration.goodOffset)
    var model = LearnedModel(
      classes: images.classes, side: examples.side, network: network,
      symmetry: examples.symmetry, temperature: best.calibration.temperature)
    model.heldOutScores = zip(split.judged, best.calibration.outputs).map { index, outputs in
      let image = images.images[index]
      return LabelledScore(
        score: model.score(model.probabilities(outputs)), kind: image.kind, part: image.part,
        image: image.name)
    }
    if let guess = GuessWarning.text(model.heldOutScores) {
      model.remarks = [guess]
    } else {
      model.remarks = LabelDoubts.remarks(
        LabelDoubts.shares(best.taughtOutputs, split.taught.map { images.kinds[$0] }),
        split.taught.map { images.images[$0] })
    }
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

import FactoryModel
import Imaging

/// Teaches the comparison of binary pairs from labelled boxes.
public enum PairsTeaching {
  /// Parts are split into this many folds to choose the threshold.
  private static let foldCount = 3

  /// Teaches from every image with a reference. The threshold is chosen first: each fold of the
  /// parts is judged by a model of the others. Without any labelled box the model knows rules
  /// only. Throws `InspectionError`.
  public static func teach(
    _ set: TeachingSet, settings: PairsSettings, workers: any Workers,
    progress: @escaping @Sendable (TeachingProgress) -> Void
  ) throws -> PairsModel {
    let images = set.good + set.defects
    guard !images.isEmpty else {
      throw InspectionError.cannotTeach(
        reason: "no image to teach from, at least one pair is needed", mend: "add pairs")
    }
    let kinds = Array(Set(images.flatMap { $0.boxes.map(\.kind) })).sorted()
    guard !kinds.isEmpty else {
      return PairsModel(
        settings: settings, kinds: [], classifier: nil, recommendedThreshold: 0.5)
    }
    guard kinds.count <= PairsModel.kindLimit else {
      throw InspectionError.cannotTeach(
        reason: "\(kinds.count) classes, at most \(PairsModel.kindLimit) are possible",
        mend: "check the type column of the box files")
    }
    progress(TeachingProgress(stage: "comparing pairs", done: 0, total: images.count))
    let examples = try workers.map(images.count) {
      try example(images[$0], kinds, settings)
    }
    let lesson = Lesson(
      images: images, examples: examples, kinds: kinds, settings: settings, seed: set.seed,
      workers: workers, progress: progress)
    let threshold = try lesson.threshold(foldCount: foldCount)
    var model = try lesson.model(Array(images.indices), "teaching")
    model.recommendedThreshold = threshold ?? model.recommendedThreshold
    return model
  }

  private static func example(
    _ image: TeachingImage, _ kinds: [String], _ settings: PairsSettings
  ) throws -> PairExample {
    let pair = try PairsInspector.candidates(image.read(), settings)
    return PairExample(
      candidates: pair.list, features: pair.list.indices.map { PairFeatures.of($0, in: pair) },
      pictures: pair.list.map { CandidatePicture($0, in: pair) },
      boxes: image.boxes, kinds: image.boxes.map { (kinds.firstIndex(of: $0.kind) ?? -1) + 1 },
      width: pair.test.width, height: pair.test.height)
  }
}

/// Pairs as compared, and how to teach from some of them.
private struct Lesson {
  let images: [TeachingImage]
  let examples: [PairExample]
  let kinds: [String]
  let settings: PairsSettings
  let seed: UInt64
  let workers: any Workers
  let progress: @Sendable (TeachingProgress) -> Void

  /// A model taught by the images `chosen`; progress goes by the name of `stage`.
  func model(_ chosen: [Int], _ stage: String) throws -> PairsModel {
    let chosen = chosen.map { examples[$0] }
    let classCount = kinds.count + 1
    func report(_ part: String, _ done: Int, _ total: Int) {
      progress(TeachingProgress(stage: "\(stage): \(part)", done: done, total: total))
    }
    let (trees, truths) = try TreeClassifier.teach(
      chosen, classCount: classCount, settings: settings, seed: seed, workers: workers
    ) { report("trees", $0, settings.rounds * settings.sets) }
    let network = try CandidateNetwork.teach(
      CandidateExamples(pictures: chosen.flatMap(\.pictures), truths: truths),
      classCount: classCount, seed: seed, workers: workers
    ) { report("network", $0, $1) }
    return PairsModel(
      settings: settings, kinds: kinds,
      classifier: CandidateClassifier(trees: trees, network: network), recommendedThreshold: 0.5)
  }

  /// The threshold with the best F over images judged by models that have not seen their part;
  /// nil when all show one part or nothing was found.
  func threshold(foldCount: Int) throws -> Double? {
    let folds = GroupedFolds(
      parts: images.map(\.part), kinds: images.map { _ in nil }, count: foldCount, seed: seed)
    var evaluation = BoxEvaluation()
    for fold in 0..<foldCount {
      let held = folds.images(in: fold)
      let taught = folds.images(outside: fold)
      guard !held.isEmpty, !taught.isEmpty else { continue }
      let trial = try model(taught, "choosing the threshold, \(fold + 1) of \(foldCount)")
      let findings = try workers.map(held.count) { index in
        var inspector = trial.makeInspector()
        return try inspector.inspect(
          images[held[index]].read(), InspectionRequest(minimumScore: 0))
      }
      for (index, finding) in zip(held, findings) {
        evaluation.add(
          found: finding.defects.map { ScoredBox(box: $0.box, confidence: $0.score) },
          labels: images[index].boxes)
      }
    }
    return evaluation.plateau
  }
}

extension BoxEvaluation {
  /// The middle of the confidences whose F comes within a thousandth of the best: steadier
  /// than the best itself, which hangs on single detections. Nil without a detection.
  fileprivate var plateau: Double? {
    guard let best = bestThreshold else { return nil }
    var good: [Double] = []
    var hits = 0
    for (index, outcome) in outcomes.enumerated() {
      if outcome.hit { hits += 1 }
      let f = 2 * Double(hits) / Double(index + 1 + labelCount)
      if f >= best.fScore - 0.001 { good.append(outcome.confidence) }
    }
    return ((good.first ?? best.threshold) + (good.last ?? best.threshold)) / 2
  }
}

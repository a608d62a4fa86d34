import FactoryModel
import Imaging

/// Teaches the comparison of binary pairs from labelled boxes.
public enum PairsTeaching {
  /// Teaches from every image with a reference. How much the network counts, and the threshold, are
  /// chosen first: each fold of the parts is judged by a model of the others. Without any labelled box the
  /// model knows rules only. Throws `InspectionError`.
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
    return try lesson.model()
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

  /// Parts are split into this many folds.
  private static let foldCount = 3

  func model() throws -> PairsModel {
    let trials = try trials()
    let share = NetworkShare.best(trials.flatMap(\.opinions))
    let (trees, truths) = try trees(examples, "teaching")
    let network = share > 0 ? try network(examples, truths, "teaching") : nil
    return PairsModel(
      settings: settings, kinds: kinds,
      classifier: CandidateClassifier(trees: trees, network: network, share: share),
      recommendedThreshold: threshold(trials, share) ?? 0.5)
  }

  /// What was said of an image by trees and a network that have not seen its part.
  private struct Trial: Sendable {
    let image: Int
    let opinions: [CandidateOpinion]
  }

  /// A trial of each image; none when all show one part.
  private func trials() throws -> [Trial] {
    let folds = GroupedFolds(
      parts: images.map(\.part), kinds: images.map { _ in nil }, count: Self.foldCount, seed: seed)
    var trials: [Trial] = []
    for fold in 0..<Self.foldCount {
      let held = folds.images(in: fold)
      let taught = folds.images(outside: fold).map { examples[$0] }
      guard !held.isEmpty, !taught.isEmpty else { continue }
      let stage = "trial \(fold + 1) of \(Self.foldCount)"
      let (trees, truths) = try trees(taught, stage)
      let network = try network(taught, truths, stage)
      trials += try workers.map(held.count) { index in
        var network = network
        let example = examples[held[index]]
        let opinions = example.candidates.indices.map { candidate in
          let judgement = trees.judge(example.features[candidate])
          return CandidateOpinion(
            judgement: judgement, seen: network?.probabilities(example.pictures[candidate]),
            truth: example.truth(candidate, judgement.margins))
        }
        return Trial(image: held[index], opinions: opinions)
      }
    }
    return trials
  }

  private func trees(_ taught: [PairExample], _ stage: String) throws
    -> (TreeClassifier, [CandidateTruth])
  {
    let total = settings.rounds * settings.sets
    return try TreeClassifier.teach(
      taught, classCount: kinds.count + 1, settings: settings, seed: seed, workers: workers
    ) { progress(TeachingProgress(stage: "\(stage): trees", done: $0, total: total)) }
  }

  /// Nil where too few candidates show a fault.
  private func network(_ taught: [PairExample], _ truths: [CandidateTruth], _ stage: String)
    throws -> CandidateNetwork?
  {
    guard truths.count(where: { $0.label > 0 }) >= settings.networkFrom else { return nil }
    return try CandidateNetwork.teach(
      CandidateExamples(pictures: taught.flatMap(\.pictures), truths: truths),
      classCount: kinds.count + 1, seed: seed, workers: workers
    ) { progress(TeachingProgress(stage: "\(stage): network", done: $0, total: $1)) }
  }

  /// The threshold with the best F over the trials; nil without them, or when nothing was found.
  private func threshold(_ trials: [Trial], _ share: Double) -> Double? {
    var evaluation = BoxEvaluation()
    for trial in trials {
      let judgements = trial.opinions.map { $0.joined(share: share) }
      evaluation.add(
        found: PairsInspector.boxes(examples[trial.image], judgements, kinds),
        labels: images[trial.image].boxes)
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

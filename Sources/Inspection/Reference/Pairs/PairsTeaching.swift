import FactoryModel
import Imaging

/// Teaches the comparison of binary pairs from labelled boxes.
public enum PairsTeaching {
  /// One pair's candidates as the classifier sees them.
  private struct Example: Sendable {
    var features: [[Float]]
    var labels: [Int]
    /// Left, top, right, bottom margins of candidates with a class.
    var margins: [[Int32]]
  }

  /// Teaches from every image with a reference; a fifth of the parts chooses the threshold first.
  /// Without any labelled box the model knows rules only. Throws `InspectionError`.
  public static func teach(
    _ set: TeachingSet, settings: PairsSettings, workers: any Workers,
    progress: @Sendable (TeachingProgress) -> Void
  ) throws -> PairsModel {
    let images = set.good + set.defects
    guard !images.isEmpty else {
      throw InspectionError.cannotTeach(
        reason: "no image to teach from, at least one pair is needed", mend: "add pairs")
    }
    let kinds = Array(Set(images.flatMap { $0.boxes.map(\.kind) })).sorted()
    guard !kinds.isEmpty else {
      return PairsModel(
        settings: settings, kinds: [], trees: BoostedTrees(classCount: 1), margins: [],
        recommendedThreshold: 0.5)
    }
    progress(TeachingProgress(stage: "comparing pairs", done: 0, total: images.count))
    let examples = try workers.map(images.count) {
      try example(images[$0], kinds, settings)
    }
    let parts = Array(Set(images.map(\.part))).sorted()
    let heldCount = parts.count < 2 ? 0 : max(1, parts.count / 5)
    var random = SeededGenerator(seed: set.seed)
    let heldParts = Set(random.permutation(parts.count).prefix(heldCount).map { parts[$0] })
    let held = images.indices.filter { heldParts.contains(images[$0].part) }
    func model(_ indices: [Int], _ stage: String) throws -> PairsModel {
      try self.model(
        indices.map { examples[$0] }, kinds, settings, set.seed, workers
      ) { progress(TeachingProgress(stage: stage, done: $0, total: settings.rounds)) }
    }
    var threshold = 0.5
    if !held.isEmpty {
      let trial = try model(
        images.indices.filter { !heldParts.contains(images[$0].part) }, "choosing the threshold")
      threshold = try bestThreshold(trial, held.map { images[$0] }, workers) ?? threshold
    }
    var taught = try model(Array(images.indices), "growing trees")
    taught.recommendedThreshold = threshold
    return taught
  }

  private static func bestThreshold(
    _ model: PairsModel, _ images: [TeachingImage], _ workers: any Workers
  ) throws -> Double? {
    let findings = try workers.map(images.count) { index in
      var inspector = model.makeInspector()
      return try inspector.inspect(images[index].read(), InspectionRequest(minimumScore: 0))
    }
    var evaluation = BoxEvaluation()
    for (image, finding) in zip(images, findings) {
      evaluation.add(
        found: finding.defects.map { ScoredBox(box: $0.box, confidence: $0.score) },
        labels: image.boxes)
    }
    return evaluation.bestThreshold?.threshold
  }

  private static func model(
    _ examples: [Example], _ kinds: [String], _ settings: PairsSettings, _ seed: UInt64,
    _ workers: any Workers, _ progress: (Int) -> Void
  ) throws -> PairsModel {
    let rows = examples.flatMap(\.features)
    let labels = examples.flatMap(\.labels)
    let offsets = examples.flatMap(\.margins)
    var margins = [Int32](repeating: 10, count: 4 * kinds.count)
    for kind in 1...kinds.count {
      let own = labels.indices.filter { labels[$0] == kind }
      guard !own.isEmpty else { continue }
      for side in 0..<4 {
        margins[(kind - 1) * 4 + side] = own.map { offsets[$0][side] }.sorted()[own.count / 2]
      }
    }
    let trees =
      rows.isEmpty
      ? BoostedTrees(classCount: kinds.count + 1)
      : try BoostedTrees.teach(
        rows, labels: labels, classCount: kinds.count + 1, rounds: settings.rounds,
        leaves: settings.leaves, seed: seed, workers: workers, progress: progress)
    return PairsModel(
      settings: settings, kinds: kinds, trees: trees, margins: margins, recommendedThreshold: 0.5)
  }

  private static func example(
    _ image: TeachingImage, _ kinds: [String], _ settings: PairsSettings
  ) throws -> Example {
    let pair = try PairsInspector.candidates(image.read(), settings)
    let bases = pair.list.map {
      LabelledBox(x1: $0.x0 - 10, y1: $0.y0 - 10, x2: $0.x1 + 9, y2: $0.y1 + 9, kind: "")
    }
    var owner = bases.map { base -> Int? in
      let overlaps = image.boxes.map { label -> Double in
        let overlap = BoxEvaluation.overlap(base, label)
        let x = (base.x1 + base.x2) / 2
        let y = (base.y1 + base.y2) / 2
        let isInside =
          x > label.x1 + 7 && x < label.x2 - 7 && y > label.y1 + 7 && y < label.y2 - 7
        return overlap > 0.33 || (isInside && overlap > 0.08) ? overlap + (isInside ? 0.2 : 0) : 0
      }
      guard let best = overlaps.indices.max(by: { overlaps[$0] < overlaps[$1] }) else { return nil }
      return overlaps[best] > 0 ? best : nil
    }
    for (index, label) in image.boxes.enumerated() {
      let overlaps = bases.map { BoxEvaluation.overlap($0, label) }
      guard let best = overlaps.indices.max(by: { overlaps[$0] < overlaps[$1] }) else { continue }
      if overlaps[best] > 0.12 { owner[best] = index }
    }
    let margins = zip(pair.list, owner).map { candidate, owner -> [Int32] in
      guard let owner else { return [0, 0, 0, 0] }
      let box = image.boxes[owner]
      return [
        Int32(candidate.x0 - box.x1), Int32(candidate.y0 - box.y1), Int32(box.x2 - candidate.x1),
        Int32(box.y2 - candidate.y1),
      ]
    }
    let labels = owner.map { owner in
      owner.map { (kinds.firstIndex(of: image.boxes[$0].kind) ?? -1) + 1 } ?? 0
    }
    return Example(
      features: pair.list.indices.map { PairFeatures.of($0, in: pair) }, labels: labels, margins: margins)
  }
}

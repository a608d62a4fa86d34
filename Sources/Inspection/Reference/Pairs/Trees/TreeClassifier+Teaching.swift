import Imaging

extension TreeClassifier {
  /// First where faults end, then how well boxes so mended fit, and classes: a candidate has a class
  /// when its mended box overlaps a labelled one by more than 0.33, which is what a hit is when
  /// boxes are scored. With the trees come the truths about all candidates by which they were taught.
  static func teach(
    _ examples: [PairExample], classCount: Int, settings: PairsSettings, seed: UInt64,
    workers: any Workers, progress: (Int) -> Void
  ) throws -> (TreeClassifier, truths: [CandidateTruth]) {
    let rows = examples.flatMap(\.features)
    let sets = TreeSets(
      table: try BinnedRows(rows, views: PairFeatures.orders, workers: workers),
      settings: settings, seed: seed, workers: workers)
    let (edges, usual) = try sets.edges(examples.flatMap(\.margins))
    let truths = examples.flatMap { example in
      example.candidates.indices.map { index in
        example.truth(index, margins(example.features[index], edges, usual: usual))
      }
    }
    let fits = try sets.fits(truths)
    let classes = try sets.classes(truths, classCount: classCount, progress: progress)
    let trees = TreeClassifier(classes: classes, edges: edges, fits: fits, usualMargin: usual)
    return (trees, truths)
  }
}

/// Several sets of trees, each from its own random numbers, are averaged: they err differently.
private struct TreeSets {
  let table: BinnedRows
  let settings: PairsSettings
  let seed: UInt64
  let workers: any Workers

  private static let numberRounds = 120
  private static let numberLeaves = 8
  /// Pixels beyond which a wrong edge counts linearly.
  private static let edgeKnee: Float = 4
  /// Candidates that overlap a label by more tell how well boxes fit.
  private static let leastOverlap: Float = 0.05
  /// Seeds of sets lie this far apart, so that their trees share no random numbers.
  private static let setStep: UInt64 = 1 << 32

  private func teaching(_ set: Int, leaves: Int, salt: UInt64, _ workers: any Workers)
    -> TreeTeaching
  {
    TreeTeaching(
      table: table, leaves: leaves, seed: seed &+ salt &+ UInt64(set) &* Self.setStep,
      workers: workers)
  }

  private func number(
    of rows: [Int], salt: UInt64, knee: Float, wanted: @Sendable (Int, Int) -> Float
  ) throws -> BoostedTrees {
    try BoostedTrees(
      meanOf: workers.map(settings.sets) { set in
        try teaching(set, leaves: Self.numberLeaves, salt: salt, OneWorker())
          .number(of: rows, rounds: Self.numberRounds, knee: knee, wanted: wanted)
      })
  }

  /// Trees for the right edge, less the usual margin: the median.
  func edges(_ wanted: [SIMD4<Float>?]) throws -> (BoostedTrees, usual: Float) {
    let some = wanted.indices.filter { wanted[$0] != nil }
    let ordered = some.flatMap { row in (0..<4).map { (wanted[row] ?? .zero)[$0] } }.sorted()
    let usual = ordered.isEmpty ? 0 : ordered[ordered.count / 2]
    let edgeOfView = [2, 0, 2, 0, 3, 1, 3, 1]
    let trees = try number(of: some, salt: 0, knee: Self.edgeKnee) { row, view in
      (wanted[row] ?? .zero)[edgeOfView[view]] - usual
    }
    return (trees, usual)
  }

  /// Trees for the overlap, less the usual one.
  func fits(_ truths: [CandidateTruth]) throws -> BoostedTrees {
    let near = truths.indices.filter { truths[$0].overlap > Self.leastOverlap }
    return try number(of: near, salt: 2, knee: 1) { row, _ in
      truths[row].overlap - TreeClassifier.usualFit
    }
  }

  func classes(
    _ truths: [CandidateTruth], classCount: Int, progress: (Int) -> Void
  ) throws -> BoostedTrees {
    let sets = try (0..<settings.sets).map { set in
      try teaching(set, leaves: settings.leaves, salt: 1, workers).classes(
        truths.map(\.label), weights: truths.map(\.weight), classCount: classCount,
        rounds: settings.rounds
      ) { progress(set * settings.rounds + $0) }
    }
    return BoostedTrees(meanOf: sets)
  }
}

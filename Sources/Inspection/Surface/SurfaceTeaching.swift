import Imaging
import Kernels

/// Teaches the surface method from good parts; labelled defects with masks improve the same network.
public enum SurfaceTeaching {
  /// The model for `set`. Same set, same seed: same model, whatever the workers.
  ///
  /// Throws `InspectionError.cannotTeach` without a usable good part, and whatever reading an image
  /// throws.
  public static func teach(
    _ set: TeachingSet, settings: SurfaceSettings = SurfaceSettings(), workers: any Workers,
    progress: @escaping @Sendable (TeachingProgress) -> Void
  ) throws -> SurfaceModel {
    progress(TeachingProgress(stage: "measuring good parts", done: 0, total: set.good.count))
    var set = set
    var measured = try MeasuredParts(set, settings, workers)
    let finish = Finish(of: measured.features, measured.padded)
    if finish == .rows {
      set = set.transposed
      measured = try MeasuredParts(set, settings, workers)
    }
    let (good, features, judged) = (measured.good, measured.features, measured.judged)
    let (statistics, padded) = (measured.statistics, measured.padded)
    let sampler = CellSampler(
      statistics: padded, settings: settings, judged: judged, seed: set.seed, progress: progress)
    let folds = TeachingFolds(set)
    var cells = try sampler.synthetic(good, folds, workers)
    cells.append(contentsOf: try sampler.good(features, good, folds, workers))
    cells.append(contentsOf: try sampler.labelled(set.defects, good.shrink, folds, workers))
    let networks = try SurfaceNetworks(&cells, settings, set.seed, folds, workers, progress)
    let judge = HeldOutJudge(
      networks, statistics: padded, judged: judged, shrink: good.shrink, folds: folds)
    return SurfaceModel(
      shrink: good.shrink, finish: finish, mean: statistics.mean,
      inverseDeviation: statistics.inverseDeviation,
      network: networks.student,
      heldOutScores: try judge.scores(set, good, features, workers))
  }
}

/// The good parts, their features and what is usual of them.
private struct MeasuredParts {
  let good: GoodParts
  let features: [CellFeatures]
  let judged: JudgedCells
  let statistics: BorderStatistics
  let padded: PaddedStatistics

  init(_ set: TeachingSet, _ settings: SurfaceSettings, _ workers: any Workers) throws {
    let good = try GoodParts(set, shrink: settings.shrink, workers)
    let judged = JudgedCells(set.regions, shrink: good.shrink)
    features = try workers.map(good.planes.count) { FilterBank().features(of: good.planes[$0]) }
    guard features.contains(where: { !judged.indices(columns: $0.columns, rows: $0.rows).isEmpty })
    else {
      throw InspectionError.cannotTeach(
        reason:
          "the regions leave no cell of \(CellFeatures.cellSize * good.shrink) pixels to judge",
        mend: "draw larger regions")
    }
    statistics = BorderStatistics(features, judged)
    padded = PaddedStatistics(
      mean: statistics.mean, inverseDeviation: statistics.inverseDeviation)
    self.good = good
    self.judged = judged
  }
}

/// The good parts at working resolution.
struct GoodParts: Sendable {
  /// The whole factor by which images are shrunk, from the size of the typical image.
  let shrink: Int
  /// Those of at least one cell, and their places in the set.
  let planes: [Plane]
  let places: [Int]

  /// Reads the good parts of `set`; `shrink` 0 means the factor that the images' size asks for.
  init(_ set: TeachingSet, shrink: Int, _ workers: any Workers) throws {
    guard !set.good.isEmpty else {
      throw InspectionError.cannotTeach(
        reason: "there is no good part to teach from", mend: "give images with --good")
    }
    let planes = try workers.map(set.good.count) { try set.good[$0].read().plane }
    let sizes = planes.map(\.pixels.count).sorted()
    let shrink = shrink > 0 ? shrink : WorkingImage.shrink(pixels: sizes[sizes.count / 2])
    let smallest = CellFeatures.cellSize * shrink
    places = planes.indices.filter { min(planes[$0].width, planes[$0].height) >= smallest }
    self.planes = places.map { WorkingImage.shrunk(planes[$0], by: shrink) }
    self.shrink = shrink
    guard !places.isEmpty else {
      throw InspectionError.cannotTeach(
        reason: "every good part is smaller than \(smallest) pixels", mend: "give larger images")
    }
  }
}

/// Parts divided into four: each is judged by a network that has not seen it.
struct TeachingFolds: Sendable {
  static let count = 4
  /// With fewer good parts nothing is held out.
  private static let fewest = 10

  /// Fold of every good image and of every labelled defective one of the set.
  let good: [Int]
  let defects: [Int]
  /// Whether parts are held out.
  let isUsed: Bool

  init(_ set: TeachingSet) {
    let images = set.good + set.defects
    let folds = GroupedFolds(
      parts: images.map(\.part), kinds: images.map(\.kind), count: Self.count, seed: set.seed)
    good = Array(folds.foldOfImage[..<set.good.count])
    defects = Array(folds.foldOfImage[set.good.count...])
    isUsed = Set(set.good.map(\.part)).count >= Self.fewest
  }
}

import FactoryModel
import Imaging
import Inspection
import Synchronization

/// A recipe judged on pairs with labelled boxes.
public struct BoxRecipeEvaluation: Sendable {
  private let loaded: LoadedRecipe
  private let jobs: Int

  /// What it says.
  public struct Result: Sendable {
    /// Every detection with its hit, average precision and F.
    public var boxes: BoxEvaluation
    public var pairs: Int
    public var threshold: Double
    /// Median, decoding included; nil without a pair.
    public var millisecondsPerImage: Double?
    /// Pairs that could not be inspected, with the reason.
    public var errors: [String]

    /// One JSON object; shares 0 to 1.
    public var json: String {
      let best = boxes.bestThreshold
      return
        "{\"averagePrecision\":\(boxes.averagePrecision),\"f1\":\(boxes.fScore(at: threshold)),"
        + "\"threshold\":\(threshold),\"bestF1\":\(best?.fScore ?? 0),"
        + "\"bestThreshold\":\(best?.threshold ?? 0),\"labels\":\(boxes.labelCount),"
        + "\"pairs\":\(pairs),\"unreadablePairs\":\(errors.count),"
        + "\"millisecondsPerImage\":\(millisecondsPerImage.map { "\($0)" } ?? "null")}"
    }
  }

  /// An evaluation of a loaded recipe on `jobs` workers.
  public init(_ loaded: LoadedRecipe, jobs: Int) {
    self.loaded = loaded
    self.jobs = jobs
  }

  /// Inspects every pair below `folder` and compares with the boxes in its `NAME.txt`.
  public func run(
    _ folder: String, limits: PNGLimits = PNGLimits(),
    progress: @escaping @Sendable (Int, Int) -> Void
  ) throws -> Result {
    let images = try PartImages.pairs(folder, levels: loaded.recipe.levels, limits: limits)
    var settings = BatchSettings(jobs: jobs, limits: limits)
    settings.minimumScore = 0.001
    let verdicts = Mutex<[Verdict]>([])
    let items = BatchItem.pairs(in: folder)
    try BatchInspection(loaded, settings: settings).run(
      items,
      each: { index, verdict in
        verdicts.withLock { $0.append(verdict) }
        progress(index + 1, items.count)
      })
    let all = verdicts.withLock { $0 }
    var boxes = BoxEvaluation()
    for (verdict, image) in zip(all, images) where verdict.outcome != .error {
      boxes.add(found: verdict.defects.map(Self.box), labels: image.boxes)
    }
    let times = all.filter { $0.outcome != .error }.map(\.milliseconds).sorted()
    return Result(
      boxes: boxes, pairs: all.count, threshold: loaded.recipe.threshold,
      millisecondsPerImage: times.isEmpty ? nil : times[times.count / 2],
      errors: all.compactMap(\.error))
  }

  private static func box(_ defect: Defect) -> ScoredBox {
    ScoredBox(
      box: LabelledBox(
        x1: defect.x, y1: defect.y, x2: defect.x + defect.width, y2: defect.y + defect.height,
        kind: defect.kind), confidence: defect.score)
  }
}

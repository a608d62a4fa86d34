import FactoryModel
import Imaging
import Inspection
import Synchronization

/// A recipe judged on labelled images that it was not taught with, or told where it was.
public struct RecipeEvaluation: Sendable {
  private let loaded: LoadedRecipe
  private let jobs: Int

  /// What an evaluation says, with the verdict of every image for lists and pictures.
  public struct Result: Sendable {
    public var report: EvaluationReport
    /// In the order of the images, with the label: nil for good.
    public var verdicts: [(verdict: Verdict, kind: String?)]
    public var warnings: [String]
  }

  /// An evaluation of a loaded recipe on `jobs` workers.
  public init(_ loaded: LoadedRecipe, jobs: Int) {
    self.loaded = loaded
    self.jobs = jobs
  }

  /// Inspects `folder` and compares with the labels; `parts` names the part of each image, nil: near
  /// duplicates count as one part.
  public func run(
    _ folder: LabelledFolder, parts: PartsFile?, limits: PNGLimits = PNGLimits(),
    stop: StopRequest = StopRequest(), progress: @escaping @Sendable (Int, Int) -> Void
  ) throws -> Result {
    var images = folder.images
    var readable: [Int] = []
    let pixels = Mutex(PixelTally())
    let hasMask = Mutex(false)
    let verdicts = Mutex<[Verdict]>([])
    var settings = BatchSettings(jobs: jobs, limits: limits)
    settings.wantsMaps = true
    let labels = Dictionary(
      folder.images.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let items = images.map { BatchItem(image: $0.name) }
    try BatchInspection(loaded, settings: settings).run(items, stop: stop) { part in
      guard let plane = part.plane, let map = part.map, let image = labels[part.verdict.image]
      else { return }
      let mask = try image.readMask?()
      if mask != nil { hasMask.withLock { $0 = true } }
      pixels.withLock {
        $0.add(
          map, width: plane.width, height: plane.height, mask: mask,
          isDefective: image.kind != nil)
      }
    } each: { index, verdict in
      verdicts.withLock { $0.append(verdict) }
      progress(index + 1, items.count)
    }
    let all = verdicts.withLock { $0 }
    readable = all.indices.filter { all[$0].score != nil }
    images = readable.map { folder.images[$0] }
    let thumbnails = try PartNames.assign(&images, file: parts, AllCores(count: jobs)).thumbnails
    let scores = zip(readable, images).map { index, image in
      LabelledScore(score: all[index].score ?? 0, kind: image.kind, part: image.part)
    }
    let leak = try leakCheck(images, thumbnails, named: parts != nil)
    let times = readable.map { all[$0].milliseconds }.sorted()
    let report = EvaluationReport(
      scores, threshold: loaded.recipe.threshold,
      pixels: hasMask.withLock { $0 } ? pixels.withLock { $0 } : nil, leak: leak,
      millisecondsPerImage: times.isEmpty ? nil : times[times.count / 2],
      unreadableImages: all.count - readable.count)
    return Result(
      report: report, verdicts: zip(all, folder.images).map { ($0, $1.kind) },
      warnings: [leak.warning].compactMap(\.self))
  }

  /// Siblings by the parts that files name on both sides, and by likeness.
  private func leakCheck(_ images: [TeachingImage], _ thumbnails: Thumbnails, named: Bool) throws
    -> LeakCheck
  {
    let alike = try LeakCheck(
      evaluated: thumbnails, taught: loaded.memory.thumbnails, workers: AllCores(count: jobs))
    guard named, !loaded.memory.parts.isEmpty else { return alike }
    return LeakCheck(
      LeakCheck(evaluatedParts: images.map(\.part), taughtParts: loaded.memory.parts), or: alike)
  }
}

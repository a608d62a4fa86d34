import FactoryModel
import Imaging
import Inspection

/// A recipe judged on labelled images that it was not taught with, or told where it was.
public struct RecipeEvaluation: Sendable {
  private let loaded: LoadedRecipe
  private let jobs: Int

  /// What an evaluation says, with the verdict of every image for lists and pictures.
  public struct Result: Sendable {
    public var report: EvaluationReport
    /// In the order of the images.
    public var images: [JudgedImage]
    public var warnings: [String]
    /// Whether the recipe says by limits which defects reject.
    public var hasLimits: Bool
    /// One for every fold; empty when one recipe judged all.
    public var folds: [FoldFigures] = []
    /// What the method said of classes; nil where it knows none.
    public var classes: ClassVerdicts?
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
    stop: StopRequest = StopRequest(), pictures: PictureTaker? = nil,
    progress: @escaping @Sendable (Int, Int) -> Void
  ) throws -> Result {
    let total = folder.images.count
    let batch = LabelledBatch(jobs: jobs, limits: limits, pictures: pictures)
    let verdicts = try batch.run(folder.images, through: loaded, stop: stop) {
      progress($0, total)
    }
    let readable = verdicts.indices.filter { verdicts[$0].outcome != .error }
    var images = readable.map { folder.images[$0] }
    let thumbnails = try PartNames.assign(&images, file: parts, AllCores(count: jobs)).thumbnails
    var judged = zip(verdicts, folder.images).map { JudgedImage(verdict: $0, label: $1) }
    for (index, image) in zip(readable, images) { judged[index].label.part = image.part }
    let leak = try leakCheck(images, thumbnails, named: parts != nil)
    var report = EvaluationReport(
      judged.compactMap(\.score), outcomes: judged.outcomes, threshold: loaded.recipe.threshold,
      pixels: batch.pixels.tally,
      leak: leak, millisecondsPerImage: judged.medianMilliseconds,
      unreadableImages: verdicts.count - readable.count)
    let classes = judged.classVerdicts(loaded.model.classes)
    report.classAccuracy = classes?.accuracy ?? judged.classAccuracy
    var result = Result(
      report: report, images: judged,
      warnings: [leak.warning, batch.pixels.warning].compactMap(\.self),
      hasLimits: !loaded.recipe.limits.isEmpty)
    result.classes = classes
    return result
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

/// A labelled image with its verdict.
public struct JudgedImage: Sendable {
  public var verdict: Verdict
  public var label: TeachingImage

  /// Score, class and part; nil when it could not be inspected.
  public var score: LabelledScore? {
    verdict.score.map { LabelledScore(score: $0, kind: label.kind, part: label.part) }
  }

  /// Whether the recipe rejects it; an unsure part is not rejected.
  public var isRejected: Bool { verdict.outcome == .reject }
}

extension [JudgedImage] {
  /// The outcome of each image that has a score.
  var outcomes: [Outcome] { filter { $0.score != nil }.map(\.verdict.outcome) }

  /// See `EvaluationReport.classAccuracy`.
  var classAccuracy: Double? {
    let found = filter { image in
      image.label.kind != nil && image.isRejected && !image.verdict.defects.isEmpty
    }
    guard found.contains(where: { $0.verdict.defects[0].kind != Defect.unnamed }) else {
      return nil
    }
    let right = found.count { $0.verdict.defects[0].kind == $0.label.kind }
    return Double(right) / Double(found.count)
  }

  /// Labels and likely classes of the images for which a class was named; nil without any.
  func classVerdicts(_ classes: [String]) -> ClassVerdicts? {
    let named = compactMap { image -> ClassVerdicts.Image? in
      guard let kind = image.verdict.kind, let probability = image.verdict.probability else {
        return nil
      }
      return ClassVerdicts.Image(
        name: image.label.name, label: image.label.kind ?? LearnedModel.good, kind: kind,
        probability: probability)
    }
    return named.isEmpty ? nil : ClassVerdicts(named, classes: classes)
  }

  /// Decoding and inspection of one image on one worker; nil without an inspected one.
  var medianMilliseconds: Double? {
    let times = filter { $0.verdict.outcome != .error }.map(\.verdict.milliseconds).sorted()
    return times.isEmpty ? nil : times[times.count / 2]
  }
}

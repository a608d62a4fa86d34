import FactoryModel
import Imaging
import Inspection

/// A method judged on labelled images by teaching it several times, each time without a share of the
/// parts, which it then judges: every image is judged once, by a recipe that never saw its part.
///
/// The pooled ranking figures compare scores of different recipes; what is rejected is decided by
/// each recipe's own threshold and limits.
public struct CrossValidation: Sendable {
  /// What every fold is taught by.
  public var plan: RecipePlan
  /// Parts go into so many folds, ≥ 2.
  public var foldCount: Int
  /// Whether the labelled defects of the other folds are taught too, or good parts alone.
  public var teachesDefects: Bool
  public var jobs: Int

  /// A cross-validation of `plan`.
  public init(_ plan: RecipePlan, foldCount: Int, teachesDefects: Bool, jobs: Int) {
    self.plan = plan
    self.foldCount = foldCount
    self.teachesDefects = teachesDefects
    self.jobs = jobs
  }

  /// Teaches and judges fold by fold; `parts` names the part of each image, nil: near duplicates are
  /// one part. `progress` hears the fold (from 0) and what is being done. Throws
  /// `InspectionError.cannotTeach` with too few parts, or what teaching throws.
  public func run(
    _ folder: LabelledFolder, parts: PartsFile?, limits: PNGLimits = PNGLimits(),
    pictures: PictureTaker? = nil,
    progress: @escaping @Sendable (Int, TeachingProgress) -> Void
  ) throws -> RecipeEvaluation.Result {
    var images = folder.images
    _ = try PartNames.assign(&images, file: parts, AllCores(count: jobs))
    let goodParts = Set(images.filter { $0.kind == nil }.map(\.part)).count
    guard goodParts >= 2 * foldCount else {
      throw InspectionError.cannotTeach(
        reason:
          "\(goodParts) good parts for \(foldCount) folds, at least \(2 * foldCount) expected",
        mend: "give more good parts or fewer --folds")
    }
    let folds = GroupedFolds(
      parts: images.map(\.part), kinds: images.map(\.kind), count: foldCount, seed: plan.seed)
    let batch = LabelledBatch(jobs: jobs, limits: limits, pictures: pictures)
    var judged: [JudgedImage?] = images.map { _ in nil }
    var figures: [FoldFigures] = []
    var warnings: Set<String> = []
    var classes: Set<String> = []
    for fold in 0..<foldCount {
      let taught = try teach(folds.images(outside: fold).map { images[$0] }, parts) {
        progress(fold, $0)
      }
      warnings.formUnion(taught.warnings)
      classes.formUnion(taught.recipe.model.classes)
      let indices = folds.images(in: fold)
      let own = indices.map { images[$0] }
      let verdicts = try batch.run(own, through: taught.recipe, stop: StopRequest()) {
        progress(fold, TeachingProgress(stage: "inspecting", done: $0, total: own.count))
      }
      for (index, verdict) in zip(indices, verdicts) {
        judged[index] = JudgedImage(verdict: verdict, label: images[index])
      }
      figures.append(
        FoldFigures(indices.compactMap { judged[$0] }, taught.recipe.recipe.threshold))
    }
    let all = judged.compactMap(\.self)
    let thresholds = figures.map(\.threshold).sorted()
    var report = EvaluationReport(
      all.compactMap(\.score), outcomes: all.outcomes, threshold: thresholds[foldCount / 2],
      pixels: batch.pixels.tally, millisecondsPerImage: all.medianMilliseconds,
      unreadableImages: all.count { $0.verdict.outcome == .error })
    let named = all.classVerdicts(classes.sorted())
    report.classAccuracy = named?.accuracy ?? all.classAccuracy
    return RecipeEvaluation.Result(
      report: report, images: all,
      warnings: warnings.sorted() + [batch.pixels.warning].compactMap(\.self),
      hasLimits: !plan.limits.isEmpty,
      folds: figures, classes: named)
  }

  private func teach(
    _ images: [TeachingImage], _ parts: PartsFile?,
    progress: @escaping @Sendable (TeachingProgress) -> Void
  ) throws -> RecipeTeaching.Outcome {
    var teaching = RecipeTeaching(
      plan, good: images.filter { $0.kind == nil },
      defects: teachesDefects ? images.filter { $0.kind != nil } : [], jobs: jobs)
    teaching.parts = parts
    return try teaching.run(progress: progress)
  }
}

/// What one fold of a cross-validation says of the parts kept out of it.
public struct FoldFigures: Hashable, Sendable {
  public var threshold: Double
  public var imageAUROC: Double?
  public var confusion: Confusion

  init(_ images: [JudgedImage], _ threshold: Double) {
    let scores = images.compactMap(\.score)
    self.threshold = threshold
    imageAUROC = RankedScores(scores).figures.auroc
    confusion = Confusion(scores, rejected: images.outcomes.map { $0 == .reject })
  }

  /// One JSON object.
  public var json: String {
    "{\"imageAUROC\":\(imageAUROC.map { "\($0)" } ?? "null"),\"threshold\":\(threshold),"
      + "\"escapes\":\(confusion.escapes),\"falseRejects\":\(confusion.falseRejects),"
      + "\"goodImages\":\(confusion.goodPassed + confusion.falseRejects),"
      + "\"defectiveImages\":\(confusion.defectsRejected + confusion.escapes)}"
  }
}

import FactoryModel
import Imaging
import Inspection

/// From folders of images to a recipe: reading, grouping, holding out, teaching, the threshold.
///
/// A share of the groups (one in five) is held out of a first model, which judges them; their scores
/// give the threshold, because a model scores the parts it was taught with too low (a 95th percentile
/// taken from taught parts rejects 5–14 % of others). The recipe's model is then taught with all.
public struct RecipeTeaching: Sendable {
  /// The method's name as in `MethodCatalogue`.
  public var method: String
  /// Every image of good parts, and of labelled defective parts, perhaps none.
  public var good: [TeachingImage]
  public var defects: [TeachingImage]
  /// Which image shows which part; nil: found by likeness.
  public var parts: PartsFile?
  /// Whether every image comes with its own reference.
  public var comesInPairs = false
  public var seed: UInt64 = 0
  /// Nil: the method's own choice, or else false rejects of 1 %.
  public var thresholdRule: ThresholdRule?
  private var rule: ThresholdRule {
    thresholdRule ?? .falseRejectRate(0.01)
  }
  public var levels = Levels.full
  public var millimetresPerPixel: Double?
  public var jobs: Int

  /// Teaching of `method` from good parts and perhaps defective ones.
  public init(method: String, good: [TeachingImage], defects: [TeachingImage], jobs: Int) {
    self.method = method
    self.good = good
    self.defects = defects
    self.jobs = jobs
  }

  /// What teaching made, and what the user should know about it.
  public struct Outcome: Sendable {
    public var recipe: LoadedRecipe
    public var threshold: ThresholdChoice
    public var warnings: [String]
  }

  /// Teaches. Throws `InspectionError.cannotTeach`, `ThresholdError`, `PNGError` of an image, or what
  /// the method throws.
  public func run(progress: @escaping @Sendable (TeachingProgress) -> Void) throws -> Outcome {
    let workers = AllCores(count: jobs)
    var set = TeachingSet(good: good, defects: defects, seed: seed, comesInPairs: comesInPairs)
    guard !good.isEmpty || comesInPairs && !defects.isEmpty else {
      throw InspectionError.cannotTeach(
        reason: "there is no image of a good part", mend: "give PNG images with --good")
    }
    progress(TeachingProgress(stage: "grouping images by part", done: 0, total: 0))
    var images = set.good + set.defects
    let facts = try PartNames.assign(&images, file: parts, workers)
    set.good = Array(images[..<good.count])
    set.defects = Array(images[good.count...])
    var warnings: [String] = []
    let judged: [LabelledScore]
    let model: any TaughtModel
    if comesInPairs {
      // The comparison of pairs holds parts out itself and brings its threshold.
      model = try MethodCatalogue.teach(method, set, workers, progress)
      judged = try scores(of: set.good + set.defects, with: model, workers)
    } else if let heldOut = HeldOutParts(set) {
      progress(TeachingProgress(stage: "first model, for the threshold", done: 0, total: 0))
      let first = try MethodCatalogue.teach(method, heldOut.taught, workers, progress)
      judged = try scores(of: heldOut.judged, with: first, workers)
      model = try MethodCatalogue.teach(method, set, workers, progress)
    } else {
      model = try MethodCatalogue.teach(method, set, workers, progress)
      judged = try scores(of: set.good + set.defects, with: model, workers)
      warnings.append(
        "the threshold comes from the very parts that were taught, fewer than ten; expect more "
          + "false rejects, and set it again when there are more parts")
    }
    let own = thresholdRule == nil ? model.ownThreshold : nil
    let choice = try ThresholdChoice(own.map { .value($0) } ?? rule, from: judged)
    if let warning = choice.warning { warnings.append(warning) }
    let memory = TeachingMemory(
      brightness: comesInPairs ? facts.brightness : Array(facts.brightness[..<good.count]),
      scores: judged.filter { comesInPairs || !$0.isDefective }.map(\.score),
      thumbnails: facts.thumbnails,
      parts: parts == nil ? [] : Set(images.map(\.part)))
    return Outcome(
      recipe: LoadedRecipe(recipe: recipe(choice, set), model: model, memory: memory),
      threshold: choice, warnings: warnings)
  }

  private func recipe(_ choice: ThresholdChoice, _ set: TeachingSet) -> Recipe {
    let record = TeachingRecord(
      images: set.good.count + set.defects.count,
      parts: Set((set.good + set.defects).map(\.part)).count,
      seed: seed)
    var recipe = Recipe(method: method, threshold: choice.threshold, teaching: record)
    recipe.thresholdRule = choice.rule.description
    recipe.levels = levels
    recipe.millimetresPerPixel = millimetresPerPixel
    return recipe
  }

  private func scores(
    of images: [TeachingImage], with model: any TaughtModel, _ workers: any Workers
  ) throws -> [LabelledScore] {
    try workers.map(images.count) { index in
      var inspector = model.makeInspector()
      let request = InspectionRequest(minimumScore: .infinity)
      let score = try inspector.inspect(images[index].read(), request).score
      return LabelledScore(score: score, kind: images[index].kind, part: images[index].part)
    }
  }
}

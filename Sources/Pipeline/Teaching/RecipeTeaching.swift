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
  /// Every image of good parts, grouped; and of labelled defective parts, perhaps none.
  public var good: [TeachingImage]
  public var defects: [TeachingImage]
  public var seed: UInt64 = 0
  /// The share of good parts that the threshold may reject, 0–1.
  public var falseRejectRate = 0.01
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

  /// Teaches. Throws `InspectionError.cannotTeach`, `PNGError` of an image, or what the method throws.
  public func run(progress: @escaping @Sendable (TeachingProgress) -> Void) throws -> LoadedRecipe {
    let workers = AllCores(count: jobs)
    let set = TeachingSet(good: good, defects: defects, seed: seed)
    let heldOut = HeldOutParts(set)
    var scores: [Double] = []
    if let heldOut {
      progress(TeachingProgress(stage: "first model, for the threshold", done: 0, total: 0))
      let first = try MethodCatalogue.teach(method, heldOut.taught, workers, progress)
      scores = try score(heldOut.good, with: first, workers)
      progress(TeachingProgress(stage: "final model", done: 0, total: 0))
    }
    let model = try MethodCatalogue.teach(method, set, workers, progress)
    if heldOut == nil {
      scores = try score(good, with: model, workers)
    }
    let threshold = Quantiles.threshold(ofGood: scores, falseRejectRate: falseRejectRate)
    let record = TeachingRecord(
      images: good.count + defects.count, parts: Set(good.map(\.part)).count, seed: seed,
      scores: Quantiles.twentyOne(scores),
      brightness: Quantiles.twentyOne(try brightness(workers)))
    var recipe = Recipe(method: method, threshold: threshold, teaching: record)
    recipe.thresholdRule = "false-reject=\(falseRejectRate * 100)%"
    recipe.levels = levels
    recipe.millimetresPerPixel = millimetresPerPixel
    return LoadedRecipe(recipe: recipe, model: model)
  }

  private func score(
    _ images: [TeachingImage], with model: any TaughtModel, _ workers: any Workers
  ) throws -> [Double] {
    try workers.map(images.count) { index in
      var inspector = model.makeInspector()
      let request = InspectionRequest(minimumScore: .infinity)
      return try inspector.inspect(images[index].read(), request).score
    }
  }

  private func brightness(_ workers: any Workers) throws -> [Double] {
    try workers.map(good.count) { Pipeline.brightness(of: try good[$0].read().plane) }
  }
}

import FactoryModel
import Foundation
import Imaging
import Inspection

/// From folders of images to a recipe: reading, grouping, holding out, teaching, the threshold.
///
/// The model is taught with all parts. Its threshold comes from scores of parts that were held out,
/// because a model scores the parts it was taught with too low (a 95th percentile taken from taught
/// parts rejects 5–14 % of others): the method holds parts out itself, or a share of the groups (one in
/// five) is held out of a second model, which judges them.
public struct RecipeTeaching: Sendable {
  /// What the user decided.
  public var plan: RecipePlan
  /// Every image of good parts, and of labelled defective parts, perhaps none.
  public var good: [TeachingImage]
  public var defects: [TeachingImage]
  /// Which image shows which part; nil: found by likeness.
  public var parts: PartsFile?
  /// Asks for an early end; heeded by methods that can keep what they have so far.
  public var stop = StopRequest()
  /// The model that teaching starts from instead of from nothing, for methods that can.
  public var earlier: (any TaughtModel)?
  /// What an interrupted teaching left behind, and who keeps it up to date; nil: nobody.
  public var training: TrainingFile?
  public var jobs: Int

  /// Teaching by `plan` from good parts and perhaps defective ones.
  public init(
    _ plan: RecipePlan, good: [TeachingImage], defects: [TeachingImage] = [], jobs: Int
  ) {
    self.plan = plan
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

  /// A model and the scores that its threshold comes from.
  private struct Judged {
    var model: any TaughtModel
    var scores: [LabelledScore]
    var isHeldOut: Bool
  }

  /// Throws `InspectionError.cannotTeach` when an image is given both as good and as defective.
  public func checkLabels() throws {
    func file(_ image: TeachingImage) -> String {
      URL(fileURLWithPath: image.name).resolvingSymlinksInPath().path
    }
    guard !defects.isEmpty else { return }
    let known = Set(good.map(file))
    let both = defects.filter { known.contains(file($0)) }
    guard let first = both.first else { return }
    throw InspectionError.cannotTeach(
      reason: "\(first.name) is given as a good part and as a defective one"
        + (both.count > 1 ? ", and so are \(both.count - 1) other images" : ""),
      mend: "leave them out of one of the two")
  }

  /// What a threshold taken from taught parts is worth.
  public static let tooFewParts =
    "the threshold comes from the very parts that were taught, fewer than ten; expect more "
    + "false rejects, and set it again when there are more parts"

  /// Teaches. Throws `InspectionError.cannotTeach`, `ThresholdError`, `PNGError` of an image,
  /// `RegionError`, or what the method throws.
  public func run(progress: @escaping @Sendable (TeachingProgress) -> Void) throws -> Outcome {
    let workers = AllCores(count: jobs)
    guard !good.isEmpty || !needsGood && !defects.isEmpty else {
      throw InspectionError.cannotTeach(
        reason: "there is no image of a good part", mend: "give PNG images with --good")
    }
    progress(TeachingProgress(stage: "grouping images by part", done: 0, total: 0))
    var images = good + defects
    let facts = try PartNames.assign(&images, file: parts, workers)
    var set = TeachingSet(
      good: Array(images[..<good.count]), defects: Array(images[good.count...]), seed: plan.seed,
      comesInPairs: plan.comesInPairs, regions: try regions(images[0]))
    let stop = stop
    set.isStopped = { stop.isRequested }
    set.earlier = earlier
    if let training {
      set.saved = training.earlier
      set.save = { try training.keep($0) }
    }
    let judged = try teach(set, workers, progress)
    var warnings = judged.isHeldOut || !needsGood ? [] : [Self.tooFewParts]
    warnings += judged.model.remarks
    let own = plan.thresholdRule == nil ? judged.model.ownThreshold : nil
    let standard: ThresholdRule =
      judged.isHeldOut ? .typicalFalseRejectRate(0.01) : .falseRejectRate(0.01)
    let rule = own.map { .value($0) } ?? plan.thresholdRule ?? standard
    let choice = try ThresholdChoice(rule, from: judged.scores)
    if let warning = choice.warning {
      warnings.append(warning + Self.named(choice.outliers))
    }
    let classes = try ClassTeaching(
      model: judged.model, regions: plan.regions, threshold: choice.threshold
    ).classifier(needsGood ? set.defects : [], seed: plan.seed, workers)
    let memory = TeachingMemory(
      brightness: needsGood ? Array(facts.brightness[..<good.count]) : facts.brightness,
      scores: usual(judged.scores).map(\.score),
      judged: plan.comesInPairs ? [] : judged.scores, isHeldOut: judged.isHeldOut,
      thumbnails: facts.thumbnails, parts: parts == nil ? [] : Set(images.map(\.part)),
      settings: plan.settings.text(of: plan.method))
    let record = TeachingRecord(
      images: images.count, parts: Set(images.map(\.part)).count, seed: plan.seed)
    var recipe = plan.recipe(choice, record)
    if let unsure = plan.unsure {
      let band = try unsure.band(below: choice.threshold, from: judged.scores)
      recipe.unsureFrom = band.low
      if let warning = band.warning { warnings.append(warning) }
    }
    return Outcome(
      recipe: LoadedRecipe(
        recipe: recipe, model: judged.model, memory: memory, regions: plan.regions,
        classes: classes),
      threshold: choice, warnings: warnings)
  }

  /// The highest image of each of the first three parts among `outliers`.
  private static func named(_ outliers: [LabelledScore]) -> String {
    var known: Set<String> = []
    let names = outliers.filter { known.insert($0.part).inserted }.prefix(3).map(\.image)
    return names.isEmpty ? "" : "; the highest: " + names.joined(separator: ", ")
  }

  /// Whether the method cannot do without good parts.
  private var needsGood: Bool {
    !plan.comesInPairs && !MethodCatalogue.holdsOutItself(plan.method)
  }

  /// Scores that later batches are compared with: of good parts, of all where none was judged.
  private func usual(_ scores: [LabelledScore]) -> [LabelledScore] {
    let good = scores.filter { !$0.isDefective }
    return plan.comesInPairs || good.isEmpty ? scores : good
  }

  /// The regions at the size of the first image.
  private func regions(_ image: TeachingImage) throws -> RegionMask? {
    guard !plan.regions.isEverywhere else { return nil }
    let rows = try image.rows()
    return try plan.regions.mask(width: rows.width, height: rows.height)
  }

  private func teach(
    _ set: TeachingSet, _ workers: any Workers,
    _ progress: @escaping @Sendable (TeachingProgress) -> Void
  ) throws -> Judged {
    func model(_ set: TeachingSet) throws -> any TaughtModel {
      try MethodCatalogue.teach(plan.method, set, settings: plan.settings, workers, progress)
    }
    func scores(_ images: [TeachingImage], _ model: any TaughtModel) throws -> [LabelledScore] {
      try PartScores(model: model, regions: plan.regions).scores(of: images, workers)
    }
    if MethodCatalogue.holdsOutItself(plan.method) {
      let model = try model(set)
      return Judged(model: model, scores: model.heldOutScores, isHeldOut: true)
    }
    let whole = try model(set)
    if !whole.heldOutScores.isEmpty {
      return Judged(model: whole, scores: whole.heldOutScores, isHeldOut: true)
    }
    // The comparison of pairs holds parts out itself and brings its threshold.
    if !plan.comesInPairs, let heldOut = HeldOutParts(set) {
      progress(TeachingProgress(stage: "second model, for the threshold", done: 0, total: 0))
      let judged = try scores(heldOut.judged, model(heldOut.taught))
      return Judged(model: whole, scores: judged, isHeldOut: true)
    }
    return Judged(
      model: whole, scores: try scores(set.good + set.defects, whole), isHeldOut: false)
  }
}

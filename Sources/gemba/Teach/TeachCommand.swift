import ArgumentParser
import FactoryModel
import Foundation
import Imaging
import Inspection
import Pipeline

struct TeachCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "teach", abstract: "Make a recipe from images of good parts.",
    discussion: """
      The threshold is set so that the wanted share of good parts is rejected; it is judged on parts \
      held out of a first model. `gemba recipe set-threshold` changes it later without teaching again.
      """)

  @Option(help: "Images or a folder of good parts; may be given several times.")
  var good: [String] = []

  @Option(
    help: """
      With --method reference: a folder of pairs, NAME_temp.png (fault-free) beside NAME_test.png, with \
      labelled boxes in NAME.txt (x1 y1 x2 y2 type a line).
      """)
  var pairs: String?

  @Option(help: "A folder of labelled defective parts, a folder per class; masks/ beside it.")
  var defects: String?

  @Option(
    help: """
      With --method learned: a folder with a folder of images per class; one named good, if there, \
      passes.
      """)
  var classes: String?

  @Option(help: "The recipe folder to write.")
  var out: String

  @Option(
    help: """
      An earlier recipe of --method learned: its plan is taken over, and its network is the start instead of \
      random numbers. Give all images again, with those labelled since (`gemba label`).
      """)
  var update: String?

  @Flag(help: "With --method learned: go on with a training that was interrupted.")
  var resume = false

  @OptionGroup(title: "What the recipe says")
  var plan: PlanOptions

  @Option(help: "A file of lines `image,part`: images of one part stay together.")
  var groups: String?

  @Option(help: "Workers side by side (default: all cores).")
  var jobs: Int?

  @Option(help: "Refuse images with more pixels than this (default: 268435456).")
  var maxPixels: Int?

  @Flag(help: "One JSON object on standard output (Sources/Pipeline/Teaching/README.md).")
  var json = false

  func validate() throws {
    guard [!good.isEmpty, pairs != nil, classes != nil].count(where: { $0 }) == 1 else {
      throw ValidationError(
        "give good parts with --good DIR, pairs with --pairs DIR or classes with --classes DIR")
    }
    if pairs != nil, let method = plan.method, method != GrayReferenceModel.method {
      throw ValidationError("--pairs goes with --method \(GrayReferenceModel.method)")
    }
    if update != nil && plan.like != nil {
      throw ValidationError("--update takes over what --like would; give one of them")
    }
    if classes != nil && defects != nil {
      throw ValidationError("--defects goes with --good; --classes holds every class")
    }
    if pairs != nil && defects != nil {
      throw ValidationError("--defects goes with --good; the boxes of --pairs are labels already")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs); give 1 or more") }
  }

  private var standardMethod: String {
    if classes != nil { return LearnedModel.method }
    return pairs == nil ? SurfaceModel.method : GrayReferenceModel.method
  }

  func run() throws {
    let limits = maxPixels.map { PNGLimits(maximumPixels: $0) } ?? PNGLimits()
    try DurableFile.prepareFolder(out)
    let list = ImageList(paths: good + (classes.map { [$0] } ?? []))
    for reason in list.missing.map(\.reason) + [list.warning].compactMap(\.self) {
      Terminal.note("gemba: \(reason)")
    }
    let plan = try plan(list.images, limits)
    var teaching = try teaching(plan, list, limits)
    let compared = try choose(&teaching, limits)
    let training = try train(&teaching)
    let clock = ContinuousClock()
    let start = clock.now
    let stages = StageLines()
    let outcome = try teaching.run { stages.show($0) }
    Terminal.endProgress()
    try outcome.recipe.save(in: out)
    try training?.end(isFinished: !teaching.stop.isRequested)
    if teaching.stop.isRequested {
      Terminal.note("gemba: stopped early, the best so far is kept; --resume goes on")
    }
    let result = TeachingResult(
      method: teaching.plan.method, outcome: outcome, compared: compared, folder: out,
      seconds: (clock.now - start) / .seconds(1),
      warnings: try [
        LevelsSearch.warning(plan.levels, images: list.images, limits: limits),
        teaching.parts?.warning(of: (teaching.good + teaching.defects).map(\.name)),
      ].compactMap(\.self) + outcome.warnings)
    for warning in result.warnings { Terminal.note("gemba: \(warning)") }
    Terminal.result(json ? result.json : result.text)
  }

  private func plan(_ images: [String], _ limits: PNGLimits) throws -> RecipePlan {
    var options = plan
    if let update { options.like = update }
    let plan = try options.plan(images: images, limits: limits, standardMethod: standardMethod)
    if plan.method == MethodChoice.name, !plan.settings.values.isEmpty {
      throw Refusal("--set goes with a method; --method auto tries all")
    }
    if plan.method == LearnedModel.method {
      guard classes != nil || defects != nil else {
        throw Refusal(
          "--method learned compares good with defective parts; add --defects DIR or give --classes"
        )
      }
    } else {
      for (option, isGiven) in [
        ("--classes", classes != nil), ("--resume", resume), ("--update", update != nil),
      ] where isGiven {
        throw Refusal("\(option) goes with --method \(LearnedModel.method)")
      }
    }
    return plan
  }

  private func teaching(_ plan: RecipePlan, _ list: ImageList, _ limits: PNGLimits) throws
    -> RecipeTeaching
  {
    var teaching = RecipeTeaching(
      plan, good: PartImages.good(list, levels: plan.levels, limits: limits),
      defects: try defects.map(labelled(plan.levels, limits)) ?? [],
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    teaching.parts = try groups.map { try PartNames.file($0) }
    if let pairs {
      let images = try PartImages.pairs(pairs, levels: plan.levels, limits: limits)
      teaching.good = images.filter { $0.kind == nil }
      teaching.defects = images.filter { $0.kind != nil }
      teaching.plan.comesInPairs = true
    }
    if let classes {
      (teaching.good, teaching.defects) = PartImages.classes(
        classes, levels: plan.levels, limits: limits)
    }
    try teaching.checkLabels()
    return teaching
  }

  /// With `--method auto`, the method with the least cost; what each was found to cost.
  private func choose(_ teaching: inout RecipeTeaching, _ limits: PNGLimits) throws
    -> [MethodComparison.Row]
  {
    guard teaching.plan.method == MethodChoice.name else { return [] }
    guard defects != nil else {
      throw Refusal("--method auto compares methods on labelled defects; add --defects DIR")
    }
    let comparison = MethodComparison(teaching.plan, jobs: teaching.jobs)
    let stages = StageLines()
    let rows = try comparison.run(
      LabelledFolder(images: teaching.good + teaching.defects), parts: teaching.parts,
      limits: limits
    ) { stages.show($0) }
    Terminal.endProgress()
    if !json { Terminal.result(MethodChoice.table(rows)) }
    teaching.plan.method = rows[0].method
    teaching.plan.thresholdRule = .cost(
      escape: comparison.escapeCost, falseReject: comparison.falseRejectCost)
    return rows
  }

  /// What only a long training needs: an early end by Ctrl-C, and a way to go on. For the other methods
  /// Ctrl-C ends the process as usual.
  private func train(_ teaching: inout RecipeTeaching) throws -> TrainingFile? {
    guard teaching.plan.method == LearnedModel.method else { return nil }
    teaching.stop = Interrupt().stop
    if let update { teaching.earlier = try LoadedRecipe(folder: update).model }
    let training = try TrainingFile(beside: out, resumes: resume)
    teaching.training = training
    return training
  }

  private func labelled(_ levels: Levels, _ limits: PNGLimits) -> (String) throws -> [TeachingImage]
  {
    { folder in
      let images = PartImages.defective(folder, levels: levels, limits: limits)
      guard !images.isEmpty else {
        throw Refusal("--defects \(folder): there is no PNG image below it; add some")
      }
      return images
    }
  }
}

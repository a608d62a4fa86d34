import ArgumentParser
import FactoryModel
import Foundation
import Imaging
import Inspection
import Pipeline

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Compare verdicts with labelled images.",
    discussion: """
      DATASET holds good/ and defect/CLASS/, and masks/CLASS/NAME.png where defect pixels are marked. \
      Images of parts that the recipe was taught with are counted and the figures given without them. \
      All figures are shares, 0 to 1.

      With --folds K instead of --recipe, recipes are taught from DATASET itself: K times without one \
      K-th of the parts, which are then judged. This tells what a method can do with these images.
      """)

  @Argument(help: "A folder with good/ and defect/.")
  var dataset: String

  @Option(help: "The recipe folder.")
  var recipe: String?

  @Option(help: "A second recipe to compare with on the same images, image by image.")
  var against: String?

  @Option(help: "Teach and judge K times by turns instead (2 to 50).")
  var folds: Int?

  @Flag(
    help: """
      With --folds: teach the labelled defects too, not good parts alone (method learned always does).
      """)
  var teachDefects = false

  @Option(help: "A file of lines `image,part`: images of one part count together.")
  var groups: String?

  @Flag(help: "DATASET holds pairs with labelled boxes (see `gemba teach --pairs`): AP and F.")
  var boxes = false

  @Option(
    help: """
      Write report.html (distributions, thresholds, escapes and false rejects with pictures), scores.csv \
      and evaluation.json into this folder.
      """)
  var out: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print the figures for people, behind a pipe too.")
  var summary = false

  @Option(help: "Workers side by side (default: all cores).")
  var jobs: Int?

  @Option(help: "Refuse images with more pixels than this.")
  var maxPixels: Int?

  @OptionGroup(title: "With --folds, what the recipes say")
  var plan: PlanOptions

  func validate() throws {
    guard (recipe == nil) != (folds == nil) else {
      throw ValidationError("give either --recipe DIR or, to teach by turns, --folds K")
    }
    if let folds, !(2...50).contains(folds) {
      throw ValidationError("--folds \(folds); give 2 to 50")
    }
    if let given = plan.firstGiven, folds == nil {
      throw ValidationError("\(given) goes with --folds; a recipe says it itself")
    }
    if against != nil && (recipe == nil || boxes) {
      throw ValidationError("--against goes with --recipe, without --boxes")
    }
    if teachDefects && folds == nil { throw ValidationError("--teach-defects goes with --folds") }
    if boxes && (folds != nil || out != nil || groups != nil) {
      throw ValidationError("--boxes goes with --recipe alone")
    }
    if json && summary { throw ValidationError("--json and --summary; take one of them") }
    if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs); give 1 or more") }
  }

  private var workers: Int { jobs ?? ProcessInfo.processInfo.activeProcessorCount }
  private var limits: PNGLimits { maxPixels.map { PNGLimits(maximumPixels: $0) } ?? PNGLimits() }

  func run() throws {
    if let recipe, boxes { return try evaluateBoxes(LoadedRecipe(folder: recipe)) }
    let output = try EvaluationOutput(folder: out)
    let parts = try groups.map { try PartNames.file($0) }
    var result =
      try folds.map { try byTurns($0, parts, output) } ?? oneRecipe(recipe ?? "", parts, output)
    Terminal.endProgress()
    result.warnings += [parts?.warning(of: result.images.map(\.label.name))].compactMap(\.self)
    for warning in result.warnings { Terminal.note("gemba: \(warning)") }
    for image in result.images {
      if let error = image.verdict.error { Terminal.note("not inspected: \(error)") }
    }
    try output.finish(
      result,
      title: recipe.map { "\(dataset) with \($0)" }
        ?? "\(dataset), \(plan.method ?? SurfaceModel.method) taught by turns",
      recipe: recipe)
    let comparison = try against.map { try compare(result, $0, parts) }
    Terminal.result(
      asJSON ? EvaluationText.json(result, against: comparison) : EvaluationText.text(result))
    if !asJSON, let comparison {
      Terminal.result(EvaluationText.text(comparison, recipe ?? "", against ?? ""))
    }
    if result.report.unreadableImages > 0 { throw ExitCode(2) }
  }

  private var asJSON: Bool { json || !(Terminal.outputIsTerminal || summary) }

  private func oneRecipe(_ recipe: String, _ parts: PartsFile?, _ output: EvaluationOutput)
    throws -> RecipeEvaluation.Result
  {
    let loaded = try LoadedRecipe(folder: recipe)
    let folder = try LabelledFolder(dataset, levels: loaded.recipe.levels, limits: limits)
    let line = ProgressLine(unit: "images")
    return try RecipeEvaluation(loaded, jobs: workers).run(
      folder, parts: parts, limits: limits,
      pictures: output.pictures
    ) { done, total in line.show(done, of: total) }
  }

  /// What the second recipe says of the images that the first could inspect.
  private func compare(
    _ first: RecipeEvaluation.Result, _ recipe: String, _ parts: PartsFile?
  ) throws -> PairedComparison {
    let second = try oneRecipe(recipe, parts, try EvaluationOutput(folder: nil))
    Terminal.endProgress()
    return PairedComparison(first.images, second.images)
  }

  private func byTurns(_ folds: Int, _ parts: PartsFile?, _ output: EvaluationOutput)
    throws -> RecipeEvaluation.Result
  {
    let good = ImageList(paths: [dataset + "/good"]).images
    let plan = try plan.plan(images: good, limits: limits, standardMethod: SurfaceModel.method)
    let folder = try LabelledFolder(dataset, levels: plan.levels, limits: limits)
    let stages = StageLines()
    let teachesDefects = teachDefects || MethodCatalogue.holdsOutItself(plan.method)
    return try CrossValidation(
      plan, foldCount: folds, teachesDefects: teachesDefects, jobs: workers
    )
    .run(
      folder, parts: parts, limits: limits,
      pictures: output.pictures
    ) { fold, progress in
      stages.show(
        TeachingProgress(
          stage: "fold \(fold + 1) of \(folds), \(progress.stage)", done: progress.done,
          total: progress.total))
    }
  }

  private func evaluateBoxes(_ loaded: LoadedRecipe) throws {
    let line = ProgressLine(unit: "pairs")
    let result = try BoxRecipeEvaluation(loaded, jobs: workers).run(dataset, limits: limits) {
      done, total in line.show(done, of: total)
    }
    Terminal.endProgress()
    for error in result.errors { Terminal.note("not inspected: \(error)") }
    Terminal.result(asJSON ? result.json : EvaluationText.text(result))
    if !result.errors.isEmpty || result.pairs == 0 { throw ExitCode(2) }
  }
}

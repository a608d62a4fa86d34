import ArgumentParser
import FactoryModel
import Foundation
import Imaging
import Inspection
import Pipeline
import Reports

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Compare a recipe's verdicts with labelled images.",
    discussion: """
      DATASET holds good/ and defect/CLASS/, and masks/CLASS/NAME.png where defect pixels are marked. \
      Images of parts that the recipe was taught with are counted and the figures given without them. \
      All figures are shares, 0 to 1.
      """)

  @Argument(help: "A folder with good/ and defect/.")
  var dataset: String

  @Option(help: "The recipe folder.")
  var recipe: String

  @Option(help: "A file of lines `image,part`: images of one part count together.")
  var groups: String?

  @Flag(help: "DATASET holds pairs with labelled boxes (see `gemba teach --pairs`): AP and F.")
  var boxes = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print the figures for people, behind a pipe too.")
  var summary = false

  @Option(help: "Workers side by side (default: all cores).")
  var jobs: Int?

  @Option(help: "Refuse images with more pixels than this.")
  var maxPixels: Int?

  func validate() throws {
    if json && summary { throw ValidationError("--json and --summary; take one of them") }
    if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs); give 1 or more") }
  }

  func run() throws {
    let loaded = try LoadedRecipe(folder: recipe)
    let limits = maxPixels.map { PNGLimits(maximumPixels: $0) } ?? PNGLimits()
    if boxes { return try evaluateBoxes(loaded, limits) }
    let folder = try LabelledFolder(dataset, levels: loaded.recipe.levels, limits: limits)
    let line = ProgressLine(unit: "images")
    let result = try RecipeEvaluation(
      loaded, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount
    ).run(folder, parts: try groups.map { try PartNames.file($0) }, limits: limits) { done, total in
      line.show(done, of: total)
    }
    Terminal.endProgress()
    for warning in result.warnings { Terminal.note("gemba: \(warning)") }
    for entry in result.verdicts {
      if let error = entry.verdict.error { Terminal.note("not inspected: \(error)") }
    }
    let asJSON = json || !(Terminal.outputIsTerminal || summary)
    Terminal.result(asJSON ? result.report.json() : EvaluationText.text(result.report))
    if result.report.unreadableImages > 0 { throw ExitCode(2) }
  }
}

extension EvaluateCommand {
  private func evaluateBoxes(_ loaded: LoadedRecipe, _ limits: PNGLimits) throws {
    let line = ProgressLine(unit: "pairs")
    let result = try BoxRecipeEvaluation(
      loaded, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount
    ).run(dataset, limits: limits) { done, total in line.show(done, of: total) }
    Terminal.endProgress()
    for error in result.errors { Terminal.note("not inspected: \(error)") }
    Terminal.result(result.json)
    if !result.errors.isEmpty || result.pairs == 0 { throw ExitCode(2) }
  }
}

/// The figures of an evaluation for a person.
enum EvaluationText {
  static func text(_ report: EvaluationReport) -> String {
    var lines: [String] = []
    func row(_ name: String, _ value: Double?, _ interval: FigureInterval? = nil) {
      guard let value else { return }
      var text = name.padding(toLength: 26, withPad: " ", startingAt: 0) + percent(value)
      if let interval { text += "   95 %: \(percent(interval.low)) – \(percent(interval.high))" }
      lines.append(text)
    }
    row("image AUROC", report.imageAUROC, report.imageAUROCInterval)
    row("image average precision", report.averagePrecision, report.averagePrecisionInterval)
    row("pixel AUROC", report.pixelAUROC)
    row("AUPRO", report.aupro)
    row("F1", report.confusion.f1)
    row("accuracy", report.confusion.accuracy)
    lines.append(
      "escapes \(report.confusion.escapes) of \(report.defectiveImages), false rejects "
        + "\(report.confusion.falseRejects) of \(report.goodImages), at threshold "
        + String(format: "%.3f", report.threshold))
    for figures in report.classes {
      lines.append(
        "  \(figures.kind): \(figures.rejected) of \(figures.count) found"
          + (figures.auroc.map { ", AUROC \(percent($0))" } ?? ""))
    }
    if let unseen = report.withoutSiblings {
      lines.append(
        "without the \(report.siblingsInTeaching) images of taught parts: image AUROC "
          + (unseen.imageAUROC.map(percent) ?? "–"))
    }
    if let milliseconds = report.millisecondsPerImage {
      lines.append(String(format: "%.2f ms per image (median)", milliseconds))
    }
    return lines.joined(separator: "\n")
  }

  private static func percent(_ share: Double) -> String {
    String(format: "%.2f %%", share * 100)
  }
}

import FactoryModel
import Foundation
import Imaging
import Inspection
import Pipeline
import Reports

/// The folder of `evaluate --out`: report, scores for `recipe set-threshold`, figures.
final class EvaluationOutput: Sendable {
  private let folder: String?
  private let escapes = WrongGallery(most: 60, wants: .lowest)
  private let falseRejects = WrongGallery(most: 24, wants: .highest)

  /// Output into `folder`, made when absent; nil: none. Throws `DurableFileError`.
  init(folder: String?) throws {
    self.folder = folder
    if let folder { try DurableFile.makeFolder(folder) }
  }

  /// Takes the pictures of images judged wrongly; nil without a folder.
  var pictures: PictureTaker? {
    guard folder != nil else { return nil }
    return { [escapes, falseRejects] part, image, loaded in
      switch (image.kind, part.verdict.outcome == .reject) {
      case (.some, false): try escapes.offer(part, image, loaded)
      case (nil, true): try falseRejects.offer(part, image, loaded)
      default: break
      }
    }
  }

  /// Writes the files and says where.
  func finish(_ result: RecipeEvaluation.Result, title: String, recipe: String?) throws {
    guard let folder else { return }
    let scores = result.images.compactMap { image in
      image.score.map { (image.verdict.image, $0) }
    }
    try DurableFile.write(ScoreTable.csv(scores), to: folder + "/scores.csv")
    try DurableFile.write(EvaluationText.json(result) + "\n", to: folder + "/evaluation.json")
    var content = content(result, scores.map(\.1))
    content.title = title
    if let recipe {
      content.command =
        "gemba recipe set-threshold \(PathText.inShell(recipe)) --rule RULE "
        + "--scores \(PathText.inShell(folder + "/scores.csv"))"
    }
    try DurableFile.write(EvaluationPage.html(content), to: folder + "/report.html")
    Terminal.note("gemba: report in \(folder)/report.html")
  }

  private func content(_ result: RecipeEvaluation.Result, _ scores: [LabelledScore])
    -> EvaluationPage.Content
  {
    let report = result.report
    var content = EvaluationPage.Content()
    content.subtitle = Self.subtitle(result)
    content.warnings = Self.warnings(result)
    content.figures = EvaluationText.figures(report).map { figure in
      EvaluationPage.Figure(
        figure.name, figure.value, interval: figure.interval.map { $0.low...$0.high })
    }
    content.good = scores.filter { !$0.isDefective }.map(\.score)
    content.defective = scores.filter(\.isDefective).map(\.score)
    content.threshold = report.threshold
    content.counts = EvaluationPage.Counts(report.confusion)
    content.hasLimits = result.hasLimits
    content.candidates = Self.candidates(result, scores)
    content.classes = report.classes.map {
      EvaluationPage.ClassRow(
        kind: $0.kind, images: $0.count, found: $0.rejected, auroc: $0.auroc)
    }
    content.mistakes = (result.classes?.mistakes ?? []).map {
      EvaluationPage.MistakeRow(
        label: $0.label, kind: $0.kind, images: $0.count, labelled: $0.labelled)
    }
    content.escapes = escapes.images(of: result) { $0.label.kind != nil && !$0.isRejected }
    content.falseRejects = falseRejects.images(of: result) {
      $0.label.kind == nil && $0.isRejected
    }
    return content
  }

  private static func subtitle(_ result: RecipeEvaluation.Result) -> String {
    let report = result.report
    let threshold =
      result.folds.isEmpty
      ? "threshold \(report.threshold.fourDigits)"
      : "taught \(result.folds.count) times, each without the parts it judged; each threshold its own"
    let time = report.millisecondsPerImage.map { String(format: "; %.2f ms per image", $0) } ?? ""
    return "\(report.goodImages + report.defectiveImages) images of \(report.parts) parts, "
      + threshold + time + "."
  }

  private static func warnings(_ result: RecipeEvaluation.Result) -> [String] {
    var warnings = result.warnings
    if let unseen = result.report.withoutSiblings {
      warnings.append(
        "Without them \(unseen.images) images are left: image AUROC "
          + (unseen.imageAUROC?.percent(digits: 2) ?? "–")
          + ", escapes \(unseen.confusion.escapes), false rejects \(unseen.confusion.falseRejects)")
    }
    if result.report.unreadableImages > 0 {
      warnings.append(
        "\(result.report.unreadableImages) images could not be inspected and are in no figure")
    }
    return warnings
  }

  /// The threshold in force and what other rules would choose from these scores.
  private static func candidates(
    _ result: RecipeEvaluation.Result, _ scores: [LabelledScore]
  ) -> [EvaluationPage.Candidate] {
    let report = result.report
    let now = EvaluationPage.Candidate(
      rule: result.folds.isEmpty ? "in force" : "the folds (median)",
      threshold: report.threshold, counts: EvaluationPage.Counts(report.confusion), isCurrent: true)
    let rules: [(String, ThresholdRule)] = [
      ("typical=1%", .typicalFalseRejectRate(0.01)), ("false-reject=1%", .falseRejectRate(0.01)),
      ("zero-escapes", .zeroEscapes), ("best-f1", .bestF1),
      ("cost=10:1", .cost(escape: 10, falseReject: 1)),
      ("cost=100:1", .cost(escape: 100, falseReject: 1)),
    ]
    return [now]
      + rules.compactMap { name, rule in
        guard let choice = try? ThresholdChoice(rule, from: scores) else { return nil }
        return EvaluationPage.Candidate(
          rule: name, threshold: choice.threshold, counts: EvaluationPage.Counts(choice.confusion),
          isCurrent: false)
      }
  }
}

extension EvaluationPage.Counts {
  init(_ confusion: Confusion) {
    self.init(
      goodPassed: confusion.goodPassed, falseRejects: confusion.falseRejects,
      found: confusion.defectsRejected, escapes: confusion.escapes)
  }
}

import FactoryModel
import Foundation
import Inspection
import Pipeline

/// The figures of an evaluation as text.
enum EvaluationText {
  /// One JSON object; `mistakenClasses` and `likelyWrongLabels` are there where the method knows classes,
  /// `folds` after a cross-validation, `against` after a comparison with another recipe.
  static func json(
    _ result: RecipeEvaluation.Result, against comparison: PairedComparison? = nil
  ) -> String {
    var fields = result.classes?.jsonFields ?? []
    if !result.folds.isEmpty {
      fields.append(("folds", "[" + result.folds.map(\.json).joined(separator: ",") + "]"))
    }
    if let comparison { fields.append(("against", comparison.json())) }
    return result.report.json().dropLast() + fields.map { ",\"\($0)\":\($1)" }.joined() + "}"
  }

  /// A share that sums an evaluation up, with its interval of 95 %.
  typealias Figure = (name: String, value: Double, interval: FigureInterval?)

  /// The figures there are, in the order in which they are shown.
  static func figures(_ report: EvaluationReport) -> [Figure] {
    func figure(_ name: String, _ value: Double?, _ interval: FigureInterval? = nil) -> Figure? {
      value.map { (name, $0, interval) }
    }
    let confusion = report.confusion
    // Without a good image precision is always 100 %, and the others say no more than recall.
    let beside =
      report.goodImages > 0
      ? [
        figure("image average precision", report.averagePrecision, report.averagePrecisionInterval),
        figure("F1", confusion.f1), figure("accuracy", confusion.accuracy),
        figure("precision", confusion.precision),
      ] : []
    return
      ([figure("image AUROC", report.imageAUROC, report.imageAUROCInterval)] + beside + [
        figure("recall", confusion.recall), figure("pixel AUROC", report.pixelAUROC),
        figure("AUPRO", report.aupro), figure("class named rightly", report.classAccuracy),
      ]).compactMap(\.self)
  }

  /// For a person.
  static func text(_ result: RecipeEvaluation.Result) -> String {
    let report = result.report
    var lines = figures(report).map { figure in
      figure.name.padding(toLength: 26, withPad: " ", startingAt: 0)
        + figure.value.percent(digits: 2)
        + (figure.interval.map { "   95 %: \(range($0))" } ?? "")
    }
    lines.append(
      "escapes \(report.confusion.escapes) of \(report.defectiveImages), false rejects "
        + "\(report.confusion.falseRejects) of \(report.goodImages), at "
        + (result.folds.isEmpty
          ? "threshold " + report.threshold.fourDigits : "each fold's own threshold")
        + (result.hasLimits ? " and the recipe's limits" : ""))
    if report.unsureImages > 0 {
      lines.append("unsure, for a person to look at: \(report.unsureImages)")
    }
    for figures in report.classes {
      lines.append(
        "  \(figures.kind): \(figures.rejected) of \(figures.count) found"
          + (figures.auroc.map { ", AUROC \($0.percent(digits: 2))" } ?? ""))
    }
    lines += mistakes(result.classes)
    for (index, fold) in result.folds.enumerated() { lines.append("  " + text(fold, index + 1)) }
    if let unseen = report.withoutSiblings {
      lines.append(
        "without images of taught parts (\(report.siblingsInTeaching)): image AUROC "
          + (unseen.imageAUROC?.percent(digits: 2) ?? "–"))
    }
    lines += doubts(result.classes)
    if let milliseconds = report.millisecondsPerImage {
      lines.append(String(format: "%.2f ms per image (median)", milliseconds))
    }
    return lines.joined(separator: "\n")
  }

  private static func text(_ fold: FoldFigures, _ number: Int) -> String {
    "fold \(number): image AUROC \(fold.imageAUROC?.percent(digits: 2) ?? "–"), escapes "
      + "\(fold.confusion.escapes), false rejects \(fold.confusion.falseRejects), threshold "
      + fold.threshold.fourDigits
  }

  private static func mistakes(_ classes: ClassVerdicts?) -> [String] {
    guard let mistakes = classes?.mistakes, !mistakes.isEmpty else { return [] }
    return ["classes taken for others:"]
      + list(mistakes) { "\($0.label) taken for \($0.kind): \($0.count) of \($0.labelled)" }
  }

  private static func doubts(_ classes: ClassVerdicts?) -> [String] {
    guard let images = classes?.likelyWrongLabels, !images.isEmpty else { return [] }
    return ["labels to look at again: \(images.count)"]
      + list(images) { image in
        "\(image.name): labelled \(image.label), likely \(image.kind) "
          + "(\(image.probability.percent(digits: 2)))"
      }
  }

  /// An indented line for each of the first twenty, and one that says where the others are.
  private static func list<Item>(_ items: [Item], _ line: (Item) -> String) -> [String] {
    items.prefix(20).map { "  " + line($0) }
      + (items.count > 20 ? ["  … (all of them with --json)"] : [])
  }

  /// Pairs with labelled boxes, for a person.
  static func text(_ result: BoxRecipeEvaluation.Result) -> String {
    var lines = [
      "average precision  \(result.boxes.averagePrecision.percent(digits: 2))",
      "F1                 \(result.boxes.fScore(at: result.threshold).percent(digits: 2)) at threshold "
        + result.threshold.fourDigits,
    ]
    if let best = result.boxes.bestThreshold {
      lines.append(
        "highest F1         \(best.fScore.percent(digits: 2)) at threshold \(best.threshold.fourDigits)"
      )
    }
    lines.append("\(result.boxes.labelCount) labelled boxes on \(result.pairs) pairs")
    if let milliseconds = result.millisecondsPerImage {
      lines.append(String(format: "%.2f ms per pair (median)", milliseconds))
    }
    return lines.joined(separator: "\n")
  }

  /// A comparison for a person.
  static func text(_ comparison: PairedComparison, _ first: String, _ second: String) -> String {
    var lines = [
      "\(first) against \(second), \(comparison.images) images: only the first is right on "
        + "\(comparison.onlyFirstRight), only the second on \(comparison.onlySecondRight), both "
        + "are wrong on \(comparison.bothWrong)"
    ]
    if let difference = comparison.difference, let interval = comparison.interval {
      lines.append(
        "accuracy of the first less that of the second \(difference.percent(digits: 2)), 95 %: "
          + "\(range(interval)); "
          + String(format: "McNemar's exact p = %.3g", comparison.p))
    }
    lines += list(comparison.changed) { image in
      "\(image.name) (\(image.kind ?? LearnedModel.good)): "
        + (image.firstPasses ? "pass, then reject" : "reject, then pass")
    }
    return lines.joined(separator: "\n")
  }

  private static func range(_ interval: FigureInterval) -> String {
    interval.low.percent(digits: 2) + " – " + interval.high.percent(digits: 2)
  }
}

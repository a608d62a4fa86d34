import Foundation
import Inspection
import Pipeline

/// The figures of an evaluation as text.
enum EvaluationText {
  /// One JSON object; `folds` is there after a cross-validation only.
  static func json(_ result: RecipeEvaluation.Result) -> String {
    let object = result.report.json()
    guard !result.folds.isEmpty else { return object }
    return object.dropLast() + ",\"folds\":[" + result.folds.map(\.json).joined(separator: ",")
      + "]}"
  }

  /// For a person.
  static func text(_ result: RecipeEvaluation.Result) -> String {
    let report = result.report
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
    row("class named rightly", report.classAccuracy)
    lines.append(
      "escapes \(report.confusion.escapes) of \(report.defectiveImages), false rejects "
        + "\(report.confusion.falseRejects) of \(report.goodImages), at "
        + (result.folds.isEmpty
          ? "threshold " + String(format: "%.3f", report.threshold) : "each fold's own threshold"))
    for figures in report.classes {
      lines.append(
        "  \(figures.kind): \(figures.rejected) of \(figures.count) found"
          + (figures.auroc.map { ", AUROC \(percent($0))" } ?? ""))
    }
    for (index, fold) in result.folds.enumerated() { lines.append("  " + text(fold, index + 1)) }
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

  private static func text(_ fold: FoldFigures, _ number: Int) -> String {
    "fold \(number): image AUROC \(fold.imageAUROC.map(percent) ?? "–"), escapes "
      + "\(fold.confusion.escapes), false rejects \(fold.confusion.falseRejects), threshold "
      + String(format: "%.3f", fold.threshold)
  }

  private static func percent(_ share: Double) -> String {
    String(format: "%.2f %%", share * 100)
  }
}

import FactoryModel
import Foundation
import Inspection
import Pipeline

/// What `--method auto` found, as a table.
enum MethodChoice {
  /// The name that asks for it.
  static let name = "auto"

  static func table(_ rows: [MethodComparison.Row]) -> String {
    let head = "method      image AUROC  escapes  false rejects  cost an image  ms an image"
    let lines = rows.map { row in
      guard let report = row.report else { return "\(pad(row.method, 12))\(row.reason ?? "")" }
      return pad(row.method, 12)
        + pad(report.imageAUROC?.percent(digits: 2) ?? "–", 13)
        + pad("\(report.confusion.escapes) of \(report.defectiveImages)", 9)
        + pad("\(report.confusion.falseRejects) of \(report.goodImages)", 15)
        + pad(String(format: "%.4f", row.cost), 15)
        + (report.millisecondsPerImage.map { String(format: "%.2f", $0) } ?? "–")
    }
    return ([head] + lines).joined(separator: "\n")
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text.padding(toLength: max(width, text.count + 1), withPad: " ", startingAt: 0)
  }
}

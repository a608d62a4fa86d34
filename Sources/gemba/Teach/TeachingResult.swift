import FactoryModel
import Inspection
import Pipeline

/// What `teach` says when it is done, to people and as JSON.
struct TeachingResult {
  let method: String
  let outcome: RecipeTeaching.Outcome
  /// With `--method auto`, what each method was found to cost.
  let compared: [MethodComparison.Row]
  /// The recipe's folder.
  let folder: String
  let seconds: Double
  let warnings: [String]

  private var record: TeachingRecord { outcome.recipe.recipe.teaching }

  var text: String {
    "taught \(record.images) images of \(record.parts) parts in \(Int(seconds.rounded())) s; threshold "
      + RecipeText.threshold(outcome.threshold.threshold, rule: outcome.threshold.rule.description)
      + "; recipe in \(folder)"
  }

  var json: String {
    let threshold = outcome.threshold
    return JSONText.object(
      [
        ("recipe", JSONText.string(folder)), ("method", JSONText.string(method)),
        ("images", "\(record.images)"), ("parts", "\(record.parts)"), ("seed", "\(record.seed)"),
        ("threshold", JSONText.number(threshold.threshold)),
        ("rule", JSONText.string(threshold.rule.description)),
        ("expectedFalseRejectRate", JSONText.number(threshold.expectedFalseRejectRate)),
        ("expectedEscapeRate", JSONText.number(threshold.expectedEscapeRate)),
        ("seconds", JSONText.number((seconds * 1000).rounded() / 1000)),
        ("warnings", JSONText.list(warnings, JSONText.string)),
      ] + (compared.isEmpty ? [] : [("compared", JSONText.list(compared, Self.row))]))
  }

  private static func row(_ row: MethodComparison.Row) -> String {
    let confusion = row.report?.confusion
    return JSONText.object([
      ("method", JSONText.string(row.method)),
      ("cost", JSONText.number(row.cost)),
      ("imageAUROC", JSONText.number(row.report?.imageAUROC)),
      ("escapes", confusion.map { "\($0.escapes)" } ?? "null"),
      ("falseRejects", confusion.map { "\($0.falseRejects)" } ?? "null"),
      ("millisecondsPerImage", JSONText.number(row.report?.millisecondsPerImage)),
      ("reason", row.reason.map(JSONText.string) ?? "null"),
    ])
  }
}

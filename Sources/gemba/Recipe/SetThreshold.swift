import ArgumentParser
import FactoryModel
import Inspection
import Pipeline

struct SetThreshold: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-threshold", abstract: "Reject parts with this score or a higher one.",
    discussion: """
      Either the threshold itself, or a rule that chooses it from scores: those of the parts that teaching \
      held out, or those of an evaluation (scores.csv, which `gemba evaluate --out` writes).
      """)

  @Argument(help: "The recipe folder.")
  var recipe: String

  // A list, because only lists take what begins with a minus.
  @Argument(parsing: .allUnrecognized, help: "The new threshold.")
  var threshold: [Double] = []

  @Option(
    help:
      "typical=1%, false-reject=1%, zero-escapes, best-f1, or cost=100:1 (escape:false reject).")
  var rule: String?

  @Option(help: "With --rule: take the scores of this scores.csv.")
  var scores: String?

  func validate() throws {
    guard threshold.count == (rule == nil ? 1 : 0) else {
      throw ValidationError("give either a threshold or --rule")
    }
    guard scores == nil || rule != nil else { throw ValidationError("--scores goes with --rule") }
    guard threshold.allSatisfy(\.isFinite) else {
      throw ValidationError("the threshold must be a number")
    }
  }

  func run() throws {
    let loaded = try LoadedRecipe(folder: recipe)
    var changed = loaded.recipe
    if let threshold = threshold.first {
      changed.threshold = threshold
      changed.thresholdRule = ThresholdRule.value(threshold).description
    } else if let rule {
      let judged = try scores.map { try ScoreTable.read($0) } ?? loaded.memory.judged
      if judged.isEmpty {
        throw ValidationError(
          "\(recipe) keeps no scores of single parts; evaluate it with --out DIR and give "
            + "--scores DIR/scores.csv")
      }
      let choice = try ThresholdChoice(ThresholdRule(parsing: rule), from: judged)
      changed.threshold = choice.threshold
      changed.thresholdRule = choice.rule.description
      if scores == nil, !loaded.memory.isHeldOut {
        Terminal.note("gemba: \(RecipeTeaching.tooFewParts)")
      }
      if let warning = choice.warning { Terminal.note("gemba: \(warning)") }
      Terminal.result(Self.expectation(choice))
    }
    if let low = changed.unsureFrom, low > changed.threshold {
      changed.unsureFrom = nil
      Terminal.note("gemba: no part is unsure any more; set the band again with set-unsure")
    }
    try LoadedRecipe.save(changed, in: recipe)
    Terminal.result(
      "\(recipe): threshold \(loaded.recipe.threshold.fourDigits) is now "
        + changed.threshold.fourDigits)
  }

  /// What the chosen threshold does to the scores that it was chosen from.
  private static func expectation(_ choice: ThresholdChoice) -> String {
    let counts = choice.confusion
    let good = counts.goodPassed + counts.falseRejects
    let defective = counts.defectsRejected + counts.escapes
    return "of \(good) good images \(counts.falseRejects) are rejected"
      + (defective > 0 ? ", of \(defective) defective images \(counts.escapes) pass" : "")
  }
}

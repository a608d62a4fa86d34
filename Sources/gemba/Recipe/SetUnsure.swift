import ArgumentParser
import FactoryModel
import Inspection
import Pipeline

struct SetUnsure: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-unsure", abstract: "Which parts below the threshold a person looks at.",
    discussion: """
      A part whose score lies in the band just below the threshold is unsure: neither passed nor rejected. The \
      wider the band, the fewer defective parts pass unseen and the more work for the person.
      """)

  @Argument(help: "The recipe folder.")
  var recipe: String

  @Argument(
    help: """
      escape=0.5% (the wanted share of defective parts that pass unseen), from=0.2 (the lowest unsure score) or \
      off.
      """)
  var rule: String

  @Option(
    help: "Take the scores of this scores.csv, not those of the parts that teaching held out.")
  var scores: String?

  func run() throws {
    let rule = try UnsureRule(parsing: rule)
    let loaded = try LoadedRecipe(folder: recipe)
    let judged = try scores.map { try ScoreTable.read($0) } ?? loaded.memory.judged
    var changed = loaded.recipe
    let band = try rule.band(below: changed.threshold, from: judged)
    changed.unsureFrom = band.low
    if let warning = band.warning { Terminal.note("gemba: \(warning)") }
    try LoadedRecipe.save(changed, in: recipe)
    guard let low = band.low else { return Terminal.result("\(recipe): no part is unsure") }
    let good = judged.filter { !$0.isDefective }
    let seen = good.count { $0.score >= low && $0.score < changed.threshold }
    Terminal.result(
      "\(recipe): unsure from \(low.fourDigits) up to \(changed.threshold.fourDigits); of \(good.count) good images "
        + "a person sees \(seen)")
  }
}

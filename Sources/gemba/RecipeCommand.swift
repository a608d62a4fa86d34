import ArgumentParser
import Inspection
import Pipeline

struct RecipeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipe", abstract: "Change a recipe without teaching again.",
    subcommands: [SetThreshold.self])

  struct SetThreshold: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "set-threshold", abstract: "Reject parts with this score or a higher one.")

    @Argument(help: "The recipe folder.")
    var recipe: String

    @Argument(help: "The new threshold.")
    var threshold: Double

    func validate() throws {
      guard threshold.isFinite else { throw ValidationError("the threshold must be a number") }
    }

    func run() throws {
      var changed = try LoadedRecipe.recipe(folder: recipe)
      let old = changed.threshold
      changed.threshold = threshold
      changed.thresholdRule = "value=\(threshold)"
      try LoadedRecipe.save(changed, in: recipe)
      Terminal.result("\(recipe): threshold \(old) is now \(threshold)")
    }
  }
}

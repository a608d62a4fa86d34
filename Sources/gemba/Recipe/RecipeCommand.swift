import ArgumentParser
import FactoryModel
import Foundation
import Imaging
import Inspection
import Pipeline

struct RecipeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipe", abstract: "Look at a recipe, or change it without teaching again.",
    subcommands: [ShowRecipe.self, ListSettings.self, SetThreshold.self, SetUnsure.self])
}

struct ShowRecipe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "What a recipe says, with every setting of its method.")

  @Argument(help: "The recipe folder.")
  var recipe: String

  func run() throws {
    let loaded = try LoadedRecipe(folder: recipe)
    Terminal.result(RecipeText.text(loaded, name: recipe))
  }
}

struct ListSettings: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings", abstract: "The settings of a method, for `gemba teach --set`.")

  @Argument(help: "\(MethodCatalogue.names.joined(separator: ", ")).")
  var method: String

  func validate() throws {
    guard MethodCatalogue.names.contains(method) else {
      throw ValidationError(
        "there is no method \(method); take one of "
          + MethodCatalogue.names.joined(separator: ", "))
    }
  }

  func run() throws {
    Terminal.result(RecipeText.settings(of: method, given: MethodSettings()))
  }
}

/// A recipe in words.
enum RecipeText {
  static func text(_ loaded: LoadedRecipe, name: String) -> String {
    let recipe = loaded.recipe
    let memory = loaded.memory
    let defective = memory.judged.count { $0.isDefective }
    var lines = [
      "\(name): method \(recipe.method), taught from \(recipe.teaching.images) images of "
        + "\(recipe.teaching.parts) parts, seed \(recipe.teaching.seed)",
      "threshold " + threshold(recipe.threshold, rule: recipe.thresholdRule)
        + (recipe.unsureFrom.map { ", unsure from \($0.fourDigits)" } ?? ""),
    ]
    if !memory.judged.isEmpty {
      let good = memory.judged.count - defective
      lines.append(
        "  judged on \(good) good and \(defective) defective images"
          + (memory.isHeldOut ? " held out of a first model" : " that were taught")
          + (good == 0 ? "" : memory.scores.map { Self.scores($0.quantiles) } ?? ""))
    }
    if !loaded.model.classes.isEmpty {
      lines.append("tells apart: \(loaded.model.classes.joined(separator: ", "))")
    }
    if let classes = loaded.classes {
      lines.append("names defects: \(classes.kinds.joined(separator: ", "))")
    }
    lines.append("levels \(recipe.levels.low):\(recipe.levels.high) of 16-bit images")
    lines.append(
      recipe.millimetresPerPixel.map { "\($0) mm a pixel" } ?? "scale unknown: lengths in pixels")
    lines += loaded.regions.include.map { "counts inside \($0.text)" }
    lines += loaded.regions.exclude.map { "never counts inside \($0.text)" }
    if loaded.regions.isEverywhere { lines.append("counts everywhere") }
    lines +=
      recipe.limits.isEmpty
      ? ["every defect that reaches the threshold rejects"]
      : recipe.limits.map { "limit: \($0.text)" }
    return (lines + ["settings:", settings(of: recipe.method, given: recipe.settings)])
      .joined(separator: "\n")
  }

  private static func scores(_ good: [Double]) -> String {
    "; scores of good ones: median \(good[50].fourDigits), 95 % below "
      + "\(good[95].fourDigits), highest \(good[100].fourDigits)"
  }

  /// A table of the settings of `method`; those in `given` are marked.
  static func settings(of method: String, given: MethodSettings) -> String {
    let known = MethodCatalogue.settings(of: method)
    let width = known.map(\.name.count).max() ?? 0
    return known.map { setting in
      let value = given.values[setting.name]
      let name = setting.name.padding(toLength: width, withPad: " ", startingAt: 0)
      let text = setting.text(value ?? setting.standard)
        .padding(toLength: 6, withPad: " ", startingAt: 0)
      return
        "  \(name)  \(text)  \(value == nil ? "" : "(default \(setting.text(setting.standard))) ")"
        + "\(setting.meaning); \(setting.rangeText)"
    }.joined(separator: "\n")
  }

  /// `1.413 (typical=1%)`; a threshold given as a value has no rule worth naming.
  static func threshold(_ value: Double, rule: String?) -> String {
    guard let rule, !rule.hasPrefix("value=") else { return value.fourDigits }
    return value.fourDigits + " (\(rule))"
  }
}

import ArgumentParser
import FactoryModel
import Foundation
import Imaging
import Inspection
import Pipeline
import Synchronization

struct RepeatabilityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repeatability", abstract: "Measure the same parts again and again: gauge R&R.",
    discussion: """
      FOLDER holds a folder of images for each part, or one folder of images and --groups names their \
      parts: the same part taken out, laid down again and lit as in the plant. The measure of each image is that of its worst \
      defect. Lengths are in millimetres when the recipe gives the scale. %GRR below 10 % is good, above 30 % \
      poor (AIAG).
      """)

  /// What is taken from an image.
  enum Measure: String, CaseIterable, ExpressibleByArgument {
    case length, score, contrast
  }

  @Argument(help: "A folder with the images of a part in a folder each.")
  var folder: String

  @Option(help: "The recipe folder.")
  var recipe: String

  @Option(help: "length, score or contrast of the worst defect.")
  var measure = Measure.length

  @Option(help: "From the lowest to the highest length allowed, for %GRR of the tolerance.")
  var tolerance: Double?

  @Option(help: "Take defects from this score on (default: the recipe's threshold).")
  var minScore: Double?

  @Option(help: "A file of lines `image,part`.")
  var groups: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  @Option(help: "Workers side by side (default: all cores).")
  var jobs: Int?

  func validate() throws {
    if let tolerance, !(tolerance > 0 && tolerance.isFinite) {
      throw ValidationError("--tolerance \(tolerance); give more than 0")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs); give 1 or more") }
  }

  func run() throws {
    let loaded = try LoadedRecipe(folder: recipe)
    let list = ImageList(paths: [folder])
    for missing in list.missing { Terminal.note("not inspected: \(missing.reason)") }
    let parts = try names(of: list.images)
    let verdicts = try inspect(list.images, loaded)
    for verdict in verdicts {
      if let error = verdict.error { Terminal.note("not inspected: \(error)") }
    }
    let study = study(verdicts, parts)
    guard verdicts.contains(where: { $0.outcome != .error }) else { throw ExitCode(2) }
    guard study.repeatability != nil else {
      Terminal.note(
        "Error: no part has two images with a \(measure.rawValue) to compare; lay each part down several "
          + "times, and lower --min-score where its defect is not listed")
      throw ExitCode(2)
    }
    let isInMillimetres = measure == .length && loaded.recipe.millimetresPerPixel != nil
    let unit = isInMillimetres ? "mm" : measure == .length ? "px" : ""
    Terminal.result(
      json
        ? study.json(unit: unit, tolerance: tolerance)
        : RepeatabilityText.text(study, measure: measure.rawValue, unit: unit, tolerance: tolerance)
    )
    if verdicts.contains(where: { $0.outcome == .error }) { throw ExitCode(2) }
  }

  /// The part of each image: as the file says, else the folder right below `folder`.
  private func names(of images: [String]) throws -> [String] {
    if let groups {
      let file = try PartNames.file(groups)
      if let warning = file.warning(of: images) { Terminal.note("gemba: \(warning)") }
      return images.map { file.part(of: $0) ?? $0 }
    }
    let root = folder.split(separator: "/").count
    return images.map { image in
      let names = image.split(separator: "/")
      return names.count > root + 1 ? String(names[root]) : folder
    }
  }

  private func inspect(_ images: [String], _ loaded: LoadedRecipe) throws -> [Verdict] {
    var settings = BatchSettings(jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    settings.minimumScore = minScore
    let verdicts = Mutex<[Verdict]>([])
    let line = ProgressLine(unit: "images")
    try BatchInspection(loaded, settings: settings).run(images.map { BatchItem(image: $0) }) {
      index, verdict in
      verdicts.withLock { $0.append(verdict) }
      line.show(index + 1, of: images.count)
    }
    Terminal.endProgress()
    return verdicts.withLock { $0 }
  }

  private func study(_ verdicts: [Verdict], _ names: [String]) -> RepeatabilityStudy {
    var parts: [RepeatabilityStudy.Part] = []
    var places: [String: Int] = [:]
    for (verdict, name) in zip(verdicts, names) {
      let place = places[name] ?? parts.count
      if place == parts.count {
        places[name] = place
        parts.append(RepeatabilityStudy.Part(name: name, values: [], outcomes: [:]))
      }
      parts[place].outcomes[verdict.outcome, default: 0] += 1
      if let value = value(verdict) { parts[place].values.append(value) }
    }
    return RepeatabilityStudy(parts)
  }

  private func value(_ verdict: Verdict) -> Double? {
    switch measure {
    case .length: verdict.defects.first.map { verdict.millimetres($0.extent) ?? $0.extent }
    case .score: verdict.score
    case .contrast: verdict.defects.first?.contrast
    }
  }
}

/// A study for a person.
enum RepeatabilityText {
  static func text(
    _ study: RepeatabilityStudy, measure: String, unit: String, tolerance: Double?
  ) -> String {
    func cell(_ text: String, _ width: Int) -> String {
      text.padding(toLength: max(width, text.count), withPad: " ", startingAt: 0)
    }
    func value(_ number: Double?) -> String { number?.fourDigits ?? "–" }
    func percent(_ share: Double?) -> String { share?.percent(digits: 1) ?? "–" }
    let width = max(4, study.parts.map(\.name.count).max() ?? 0) + 2
    let unitText = unit.isEmpty ? "" : " " + unit
    var lines = [
      cell("part", width) + cell("values", 8) + cell("mean\(unitText)", 12) + cell("s", 12)
        + cell("range", 12) + "verdicts"
    ]
    for part in study.parts {
      let verdicts = part.outcomeCounts.map { "\($0.0.rawValue) \($0.1)" }
      lines.append(
        cell(part.name, width) + cell("\(part.values.count)", 8) + cell(value(part.mean), 12)
          + cell(value(part.deviation), 12) + cell(value(part.range), 12)
          + verdicts.joined(separator: ", "))
    }
    lines.append("same verdict every time: \(study.agreeing) of \(study.parts.count) parts")
    let bounds = study.interval.map {
      " (95 %: \($0.low.fourDigits) – \($0.high.fourDigits))"
    }
    lines.append(
      "repeatability of the \(measure), one s: \(value(study.repeatability))\(unitText)"
        + (bounds ?? ""))
    lines.append("part to part, one s: \(value(study.partToPart))\(unitText)")
    lines.append(
      "%GRR of the variation: \(percent(study.shareOfVariation)), distinct categories: "
        + (study.distinctCategories.map { "\($0)" } ?? "–"))
    if let tolerance {
      lines.append(
        "%GRR of the tolerance of \(tolerance.fourDigits)\(unitText) (6 s): "
          + percent(study.share(ofTolerance: tolerance)))
    }
    return lines.joined(separator: "\n")
  }
}

import ArgumentParser
import Imaging
import Inspection
import Pipeline

/// The options that decide what a recipe says, for `teach` and for `evaluate --folds`.
struct PlanOptions: ParsableArguments {
  @Option(
    help: """
      The method: \(MethodCatalogue.names.joined(separator: ", ")) (default: surface); auto tries them by \
      turns on labelled parts and takes the one with the least cost (--threshold cost=100:1).
      """)
  var method: String?

  @Option(help: "An earlier recipe whose settings, regions, limits and scale are taken over.")
  var like: String?

  @Option(
    name: .customLong("set"),
    help: "A setting of the method, NAME=VALUE; `gemba recipe settings METHOD` lists them.")
  var settings: [String] = []

  @Option(
    help: """
      The window of gray levels that 16-bit images are seen through, LOW:HIGH, or auto: the darkest and \
      the lightest level of the good parts.
      """)
  var levels: String?

  @Option(
    help: """
      Where pixels count: 'rectangle: [x, y, width, height]', 'polygon: [[x, y], …]' or 'mask: FILE.png' \
      (white counts), in pixels; may be given several times.
      """)
  var include: [String] = []

  @Option(help: "Where pixels never count, written as for --include.")
  var exclude: [String] = []

  @Option(
    name: .customLong("limit"),
    help: """
      Which defects reject: 'class: scratch, minimumLength: 1.5', 'class: stain, reject: false'; without a \
      class: all others. Keys: class, reject, minimumArea (pixels), minimumLength.
      """)
  var limits: [String] = []

  @Option(help: "Millimetres a pixel, for lengths in limits and reports.")
  var millimetresPerPixel: Double?

  @Option(
    help: """
      How the threshold is chosen: typical=1% (the default: the share of held-out good parts rejected, not counting \
      outliers), false-reject=1% (counting them), value=3.2, or, with labelled defects, zero-escapes, best-f1 or \
      cost=100:1 (escape:false reject).
      """)
  var threshold: String?

  @Option(
    help: """
      Which parts below the threshold a person looks at: escape=0.5% (the wanted share of defective parts \
      that pass unseen) or from=0.2 (the lowest unsure score); default: none.
      """)
  var unsure: String?

  @Option(help: "Same images and same seed give the same bytes (default: 0).")
  var seed: UInt64?

  func validate() throws {
    if let method, !MethodCatalogue.names.contains(method), method != MethodChoice.name {
      throw ValidationError(
        "there is no method \(method); take one of "
          + MethodCatalogue.names.joined(separator: ", "))
    }
    if let scale = millimetresPerPixel, !(scale > 0 && scale.isFinite) {
      throw ValidationError("--millimetres-per-pixel \(scale); give more than 0")
    }
  }

  /// The name of an option that was given; nil when none was.
  var firstGiven: String? {
    let given: [(String, Bool)] = [
      ("--method", method != nil), ("--like", like != nil), ("--set", !settings.isEmpty),
      ("--levels", levels != nil), ("--include", !include.isEmpty),
      ("--exclude", !exclude.isEmpty), ("--limit", !limits.isEmpty),
      ("--millimetres-per-pixel", millimetresPerPixel != nil), ("--threshold", threshold != nil),
      ("--unsure", unsure != nil), ("--seed", seed != nil),
    ]
    return given.first { $0.1 }?.0
  }

  /// The plan; `images` are good parts, read only for `--levels auto`. Throws `RecipeError`,
  /// `ThresholdError` or what reading throws.
  func plan(images: [String], limits pixels: PNGLimits, standardMethod: String) throws -> RecipePlan
  {
    var plan =
      try like.map { RecipePlan(like: try LoadedRecipe(folder: $0)) }
      ?? RecipePlan(method: method ?? standardMethod)
    if let method, method != plan.method {
      throw Refusal("--like \(like ?? "") is a recipe of method \(plan.method)")
    }
    for text in settings { try plan.settings.set(text, of: plan.method) }
    for text in include { try plan.regions.add(text, excludes: false) }
    for text in exclude { try plan.regions.add(text, excludes: true) }
    plan.limits += try limits.map { try DefectLimit(text: $0) }
    if let millimetresPerPixel { plan.millimetresPerPixel = millimetresPerPixel }
    if let threshold { plan.thresholdRule = try ThresholdRule(parsing: threshold) }
    if let unsure { plan.unsure = try UnsureRule(parsing: unsure) }
    if let seed { plan.seed = seed }
    if let levels { plan.levels = try LevelsOption.levels(levels, images, pixels) }
    return plan
  }
}

/// What `--levels` says.
enum LevelsOption {
  static func levels(_ text: String, _ images: [String], _ limits: PNGLimits) throws -> Levels {
    if text == "auto" {
      guard let found = try LevelsSearch.levels(of: images, limits: limits) else {
        throw Refusal("--levels auto is for 16-bit images; these have 8 bits, leave it out")
      }
      return found
    }
    let numbers = text.split(separator: ":").compactMap { UInt16($0) }
    guard numbers.count == 2, numbers[0] < numbers[1] else {
      throw Refusal("--levels \(text); give LOW:HIGH (0 to 65535, LOW below HIGH) or auto")
    }
    return Levels(low: numbers[0], high: numbers[1])
  }
}

import ArgumentParser
import Foundation
import Imaging
import Inspection
import Pipeline

struct TeachCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "teach", abstract: "Make a recipe from images of good parts.",
    discussion: """
      The threshold is set so that the wanted share of good parts is rejected; it is judged on parts \
      held out of a first model. `gemba recipe set-threshold` changes it later without teaching again.
      """)

  @Option(help: "The method: \(MethodCatalogue.names.joined(separator: ", ")).")
  var method: String = SurfaceModel.method

  @Option(help: "Images or a folder of good parts; may be given several times.")
  var good: [String] = []

  @Option(
    help: """
      With --method reference: a folder of pairs, NAME_temp.png (fault-free) beside NAME_test.png, with \
      labelled boxes in NAME.txt (x1 y1 x2 y2 type a line).
      """)
  var pairs: String?

  @Option(help: "A folder of labelled defective parts, a folder per class; masks/ beside it.")
  var defects: String?

  @Option(help: "The recipe folder to write.")
  var out: String

  @Option(help: "Same images and same seed give the same bytes.")
  var seed: UInt64 = 0

  @Option(help: "A file of lines `image,part`: images of one part stay together.")
  var groups: String?

  @Option(
    help: """
      How the threshold is chosen: false-reject=1% (the default), zero-escapes, best-f1, cost=100:1 (escape:false \
      reject) or value=3.2; all but the first and last need --defects.
      """)
  var threshold: String?

  @Option(help: "Millimetres a pixel, for measures in the report.")
  var millimetresPerPixel: Double?

  @Option(help: "Workers side by side (default: all cores).")
  var jobs: Int?

  @Option(help: "Refuse images with more pixels than this.")
  var maxPixels: Int?

  func validate() throws {
    guard MethodCatalogue.names.contains(method) else {
      throw ValidationError(
        "there is no method \(method); take one of "
          + MethodCatalogue.names.joined(separator: ", "))
    }
    guard good.isEmpty != (pairs == nil) else {
      throw ValidationError("give either good parts with --good DIR or pairs with --pairs DIR")
    }
    guard pairs == nil || method == GrayReferenceModel.method else {
      throw ValidationError("--pairs goes with --method \(GrayReferenceModel.method)")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs); give 1 or more") }
  }

  func run() throws {
    let limits = maxPixels.map { PNGLimits(maximumPixels: $0) } ?? PNGLimits()
    let list = ImageList(paths: good)
    for path in list.missing { Terminal.note("gemba: \(path.reason)") }
    var teaching = RecipeTeaching(
      method: method, good: PartImages.good(list, levels: .full, limits: limits),
      defects: defects.map { PartImages.defective($0, levels: .full, limits: limits) } ?? [],
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    teaching.parts = try groups.map { try PartNames.file($0) }
    teaching.seed = seed
    teaching.thresholdRule = try threshold.map { try ThresholdRule(parsing: $0) }
    if let pairs {
      let images = try PartImages.pairs(pairs, levels: .full, limits: limits)
      teaching.good = images.filter { $0.kind == nil }
      teaching.defects = images.filter { $0.kind != nil }
      teaching.comesInPairs = true
    }
    teaching.millimetresPerPixel = millimetresPerPixel
    let clock = ContinuousClock()
    let start = clock.now
    let stages = StageLines()
    let outcome = try teaching.run { stages.show($0) }
    Terminal.endProgress()
    try outcome.recipe.save(in: out)
    for warning in outcome.warnings { Terminal.note("gemba: \(warning)") }
    let record = outcome.recipe.recipe.teaching
    let seconds = Int(((clock.now - start) / .seconds(1)).rounded())
    Terminal.result(
      "taught \(record.images) images of \(record.parts) parts in \(seconds) s; "
        + "threshold \(outcome.threshold.threshold) (\(outcome.threshold.rule)); recipe in \(out)")
  }
}

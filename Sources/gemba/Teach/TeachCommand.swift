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
  var good: [String]

  @Option(help: "A folder of labelled defective parts, a folder per class; masks/ beside it.")
  var defects: String?

  @Option(help: "The recipe folder to write.")
  var out: String

  @Option(help: "Same images and same seed give the same bytes.")
  var seed: UInt64 = 0

  @Option(help: "A file of lines `image,part`: images of one part stay together.")
  var groups: String?

  @Option(help: "The share of good parts that may be rejected: 1%, 0.5%.")
  var falseReject: String = "1%"

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
    guard good.isEmpty == false else { throw ValidationError("no good parts; give --good DIR") }
    guard falseRejectRate != nil else {
      throw ValidationError("--false-reject \(falseReject); give a share such as 1%")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs); give 1 or more") }
  }

  private var falseRejectRate: Double? {
    let percent = falseReject.hasSuffix("%")
    guard let value = Double(percent ? String(falseReject.dropLast()) : falseReject) else {
      return nil
    }
    let rate = percent ? value / 100 : value
    return rate >= 0 && rate < 1 ? rate : nil
  }

  func run() throws {
    let limits = maxPixels.map { PNGLimits(maximumPixels: $0) } ?? PNGLimits()
    let list = ImageList(paths: good)
    for path in list.missing { Terminal.note("gemba: \(path.reason)") }
    var teaching = RecipeTeaching(
      method: method, good: PartImages.good(list, levels: .full, limits: limits),
      defects: defects.map { PartImages.defective($0, levels: .full, limits: limits) } ?? [],
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    if let groups { try teaching.group(by: PartGroups(file: groups)) }
    teaching.seed = seed
    teaching.falseRejectRate = falseRejectRate ?? 0.01
    teaching.millimetresPerPixel = millimetresPerPixel
    let clock = ContinuousClock()
    let start = clock.now
    let stages = StageLines()
    let loaded = try teaching.run { stages.show($0) }
    Terminal.endProgress()
    try loaded.save(in: out)
    let record = loaded.recipe.teaching
    Terminal.result(
      "taught \(record.images) images of \(record.parts) parts in "
        + "\(Int(((clock.now - start) / .seconds(1)).rounded())) s; "
        + "threshold \(loaded.recipe.threshold) (\(loaded.recipe.thresholdRule ?? "")); "
        + "recipe in \(out)")
  }
}

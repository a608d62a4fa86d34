import ArgumentParser
import Foundation
import SampleParts

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Make sample castings, teach from good ones, inspect others and report.")

  @Option(help: "The folder to write.")
  var out = "gemba-demo"

  func run() throws {
    step(
      "making sample castings", "samples castings --out \(out)/castings --good 160 --defective 40")
    let castings = out + "/castings"
    let generator = SampleGenerator(family: .castings, seed: 1)
    _ = try SampleFolder.write(SampleSet(good: 160, defective: 40), from: generator, into: castings)
    try split(castings)

    step("teaching", "teach --good \(out)/castings/teach --out \(out)/recipe")
    try TeachCommand.parse([
      "--method", "surface", "--good", castings + "/teach", "--out", out + "/recipe",
    ]).run()

    step(
      "inspecting",
      "inspect \(castings)/good \(castings)/defect --recipe \(out)/recipe --out \(out)/inspection")
    let inspection = out + "/inspection"
    do {
      try InspectCommand.parse([
        castings + "/good", castings + "/defect", "--recipe", out + "/recipe", "--out", inspection,
        "--overlays", "--summary",
      ]).run()
    } catch let code as ExitCode where code.rawValue <= 1 {
      // Rejects are what the demonstration is about.
    }

    step("evaluating", "evaluate \(castings) --recipe \(out)/recipe")
    try EvaluateCommand.parse([castings, "--recipe", out + "/recipe", "--summary"]).run()
    Terminal.result("report: \(FileManager.default.currentDirectoryPath)/\(inspection)/report.html")
  }

  /// Moves the first 120 good castings to teach/, so that the rest can be inspected.
  private func split(_ folder: String) throws {
    let manager = FileManager.default
    let names = try manager.contentsOfDirectory(atPath: folder + "/good").sorted()
    let teach = folder + "/teach"
    if manager.fileExists(atPath: teach) { try manager.removeItem(atPath: teach) }
    try manager.createDirectory(atPath: teach, withIntermediateDirectories: true)
    for name in names.prefix(120) {
      try manager.moveItem(atPath: "\(folder)/good/\(name)", toPath: "\(teach)/\(name)")
    }
  }

  private func step(_ what: String, _ command: String) {
    Terminal.note("demo: \(what)   (gemba \(command))")
  }
}

import ArgumentParser
import Pipeline
import WebConsole

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check a site file without starting anything.",
    discussion: "Exit code: 0 the file can be used, 1 it cannot; the message says where and why.")

  @Argument(help: "The site file.")
  var site: String

  func run() throws {
    let file = try SiteFile(path: site)
    _ = try file.readOperators()
    for warning in file.site.warnings { Terminal.note("gemba: \(warning)") }
    Terminal.result(
      "\(site): in order; alarm rules: \(file.site.rules.count), "
        + "signals described: \(file.site.signals.count)")
  }
}

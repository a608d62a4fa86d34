import ArgumentParser

@main
struct Gemba: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gemba", abstract: "Factory-floor inspection and telemetry.", version: "0.1.0")
}

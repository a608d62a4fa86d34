import ArgumentParser

@main
struct Gemba: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gemba",
    abstract: "Inspect parts in images: teach from good parts, inspect a folder, report.",
    version: "0.1.0",
    subcommands: [
      TeachCommand.self, InspectCommand.self, EvaluateCommand.self, RecipeCommand.self,
      SamplesCommand.self, DemoCommand.self, MonitorCommand.self, CheckCommand.self,
      ReplayCommand.self,
    ])
}

import ArgumentParser

@main
struct Gemba: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gemba",
    abstract: "Inspect parts in images; watch telemetry and emissions; raise alarms; report.",
    version: "0.1.0",
    groupedSubcommands: [
      CommandGroup(
        name: "Inspecting parts",
        subcommands: [
          TeachCommand.self,
          InspectCommand.self,
          EvaluateCommand.self,
          RepeatabilityCommand.self,
          LabelCommand.self,
          RecipeCommand.self,
          SamplesCommand.self,
          DemoCommand.self,
        ]),
      CommandGroup(
        name: "Watching the line",
        subcommands: [
          MonitorCommand.self,
          CheckCommand.self,
          ReplayCommand.self,
          TestCommand.self,
          AlarmsCommand.self,
          HJ212Command.self,
          OperatorsCommand.self,
        ]),
      CommandGroup(
        name: "The record",
        subcommands: [
          ReportCommand.self,
          QueryCommand.self,
          ExportCommand.self,
          JournalCommand.self,
          BackupCommand.self,
        ]),
    ])
}

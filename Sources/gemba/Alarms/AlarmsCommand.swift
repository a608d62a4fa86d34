import ArgumentParser

struct AlarmsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alarms", abstract: "Work on the alarms of a plant.",
    subcommands: [ListAlarmsCommand.self, MeasureAlarmsCommand.self, LearnAlarmCommand.self])
}

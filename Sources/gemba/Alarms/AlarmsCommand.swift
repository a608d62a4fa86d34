import ArgumentParser

struct AlarmsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alarms", abstract: "Work on the alarms of a plant.",
    subcommands: [
      ListAlarmsCommand.self, AcknowledgeCommand.self, ResetCommand.self, ShelveCommand.self,
      UnshelveCommand.self, OutOfServiceCommand.self, ReturnToServiceCommand.self,
      MeasureAlarmsCommand.self, LearnAlarmCommand.self,
    ])
}

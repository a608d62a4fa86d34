import ArgumentParser
import FactoryModel
import Reports
import Storage

struct ListAlarmsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show where alarms stand, by the record.",
    discussion: """
      Reads the record of `gemba monitor`, also while it runs: the last change of every alarm that is \
      not normal. Alarms that have never changed are not on record.
      """)

  @Option(help: "The record.")
  var database: String

  @Flag(help: "Also alarms that are back to normal.")
  var all = false

  @OptionGroup var output: FormOptions

  func run() throws {
    let journal = AlarmJournal(try RecordFile(path: database, for: .read))
    let lines = try journal.lastTransitions().filter { all || $0.to != .normal }
    let text = TransitionText(output.form)
    if let heading = text.heading { Terminal.result(heading) }
    for line in lines { Terminal.result(text.line(line)) }
    if lines.isEmpty { Terminal.note("gemba: no alarm that is not normal") }
  }
}

import ArgumentParser
import FactoryModel
import Reports
import Storage

struct JournalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal",
    abstract: "Print the journal: every change of every alarm, or every adjustment.",
    discussion: "In order of their serial numbers. Works while a monitor writes.")

  @Option(help: "The database file.")
  var database: String

  @OptionGroup var times: RangeOptions

  @Option(help: "Only the alarm of this name.")
  var alarm: String?

  @Flag(help: "The journal of adjustments of the process instead.")
  var adjustments = false

  @Option(help: "Only the adjustments of this action.")
  var action: String?

  @OptionGroup var output: FormOptions

  func validate() throws {
    if adjustments ? alarm != nil : action != nil {
      throw ValidationError("--alarm goes with the alarm journal, --action with --adjustments")
    }
  }

  /// Entries read at a time.
  private static let pieceLength = 4_096

  func run() throws {
    let file = try RecordFile(path: database, for: .read)
    if adjustments { try printAdjustments(of: file) } else { try printAlarms(of: file) }
  }

  private func printAdjustments(of file: RecordFile) throws {
    let text = AdjustmentText(output.form)
    let lines = try AdjustmentJournal(file).lines(in: times.range, of: action)
    for line in [text.heading].compactMap(\.self) + lines.map(text.line) { Terminal.result(line) }
  }

  private func printAlarms(of file: RecordFile) throws {
    let journal = AlarmJournal(file)
    let text = TransitionText(output.form)
    if let heading = text.heading { Terminal.write(Array((heading + "\n").utf8)) }
    var serial: Int64 = 0
    while true {
      let entries = try journal.transitions(
        in: times.range, of: alarm, after: serial, limit: Self.pieceLength)
      guard let last = entries.last else { return }
      Terminal.write(entries.flatMap { Array((text.line($0) + "\n").utf8) })
      serial = last.serial
    }
  }
}

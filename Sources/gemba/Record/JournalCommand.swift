import ArgumentParser
import FactoryModel
import Reports
import Storage

struct JournalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal", abstract: "Print the alarm journal: every change of every alarm.",
    discussion: "In order of their serial numbers. Works while a monitor writes.")

  @Option(help: "The database file.")
  var database: String

  @OptionGroup var times: RangeOptions

  @Option(help: "Only the alarm of this name.")
  var alarm: String?

  @OptionGroup var output: FormOptions

  /// Entries read at a time.
  private static let pieceLength = 4_096

  func run() throws {
    let journal = AlarmJournal(try RecordFile(path: database, for: .read))
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

import ArgumentParser
import FactoryModel
import Reports
import Storage
import StrictYAML

struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query", abstract: "Print what the record has of a signal.",
    discussion: """
      SIGNAL is a name such as 'machine.temp{id=m7}', or a pattern: 'machine.temp{*}' means that \
      path with any tags, 'machine.temp{line=2,*}' those with that tag; lines then say which signal \
      they are of. Without SIGNAL the signals of the record are listed.

      Prints time,value,quality in order of time, everything when no range is given; with --every \
      the means of stretches of that length, bad readings left out. Works while a monitor writes.
      """)

  @Argument(help: "A signal or a pattern; quote it, because the shell knows braces and stars too.")
  var signal: String?

  @Option(help: "The database file.")
  var database: String

  @OptionGroup var times: RangeOptions

  @Option(
    help: "Means over stretches of this length: 10s, 1m, 1.5h, 1d.", transform: stretch)
  var every: Duration?

  @OptionGroup var output: FormOptions

  func run() throws {
    let file = try RecordFile(path: database, for: .read)
    guard let signal else {
      let list = SignalList.text(try SampleHistory(file).extents(), as: output.form)
      return Terminal.write(Array(list.utf8))
    }
    let query = try HistoryQuery(signal, of: file)
    if let every {
      try query.means(as: output.form, in: times.range, every: every, Terminal.write)
    } else {
      try query.samples(as: output.form, in: times.range, Terminal.write)
    }
  }

  func validate() throws {
    if signal == nil && (every != nil || times.from != nil || times.to != nil) {
      throw ValidationError("a range or --every needs a signal; name one, or a pattern")
    }
  }

  private static func stretch(_ text: String) throws -> Duration {
    guard let length = duration(of: text), length > .zero else {
      throw ValidationError(
        "'\(text)' is no length of time; write a number and ns, us, ms, s, m, h or d, such as 1m")
    }
    return length
  }
}

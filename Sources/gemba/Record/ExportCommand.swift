import ArgumentParser
import FactoryModel
import Pipeline
import Reports
import Storage

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print the record's samples as InfluxDB line protocol.",
    discussion: """
      One line for each sample in order of time, with nanoseconds: what `gemba replay`, POST /write \
      and other databases read. Line protocol knows no quality, so bad samples are left out and \
      counted on standard error. Works while a monitor writes.
      """)

  @Option(help: "The database file.")
  var database: String

  @Option(help: "Only this signal, or those of this pattern: 'machine.temp{*}'.")
  var signal: String?

  @OptionGroup var times: RangeOptions

  func run() throws {
    let file = try RecordFile(path: database, for: .read)
    let pattern = try signal.map { try SignalPattern($0) }
    let counts = try RecordExport(file).run(pattern, in: times.range, Terminal.write)
    if counts.signals == 0, let pattern {
      throw NoSuchSignal(path: database, asked: pattern, among: try file.signals().all)
    }
    if counts.leftOut > 0 { Terminal.note("gemba: bad samples left out: \(counts.leftOut)") }
  }
}

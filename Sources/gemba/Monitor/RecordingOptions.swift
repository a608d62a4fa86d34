import ArgumentParser
import FactoryModel
import StrictYAML
import Telemetry

/// What a recording is.
struct RecordingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "lines, csv or ndjson (default: as the name ends; line protocol when it says nothing).",
      valueName: "format"))
  var format: RecordingFormat?

  @Option(help: "Step that times of line protocol are counted in: ns, us, ms, s, m, h.")
  var precision: String = "ns"

  @Option(help: "CSV: the signals are MEASUREMENT.COLUMN (default: the file's name).")
  var measurement: String?

  @Option(help: "CSV: the column of the time (default: the one that is called so).")
  var timeColumn: String?

  @Option(help: "CSV: a column whose cells are a tag; may be given several times.")
  var tagColumn: [String] = []

  @Option(help: "CSV: rows have no time, but follow one another at this interval, such as 1s.")
  var interval: String?

  @Option(help: "CSV: with --interval, the time of the first row.")
  var start: String = "2000-01-01"

  func validate() throws {
    if TimePrecision(parameter: precision) == nil {
      throw ValidationError("--precision \(precision): use ns, us, ms, s, m or h")
    }
    if let interval, duration(of: interval).map({ $0 > .zero }) != true {
      throw ValidationError("--interval \(interval): write a time with its unit, such as 1s")
    }
    if Timestamp(rfc3339: start) == nil {
      throw ValidationError("--start \(start): write it as 2026-03-01T08:00:00Z")
    }
    if interval != nil && timeColumn != nil {
      throw ValidationError("--interval and --time-column; take one of them")
    }
  }

  /// A reader at the beginning of the file at `path`.
  func reader(of path: String) -> RecordingReader {
    switch format ?? RecordingFormat(path: path) {
    case .lines: RecordingReader(linesIn: TimePrecision(parameter: precision) ?? .nanoseconds)
    case .ndjson: RecordingReader(.readings)
    case .csv: RecordingReader(csvSettings(path))
    }
  }

  private func csvSettings(_ path: String) -> CSVSettings {
    let name = path.split(separator: "/").last ?? ""
    let stem = name == "-" ? "" : String(name.prefix { $0 != "." })
    var settings = CSVSettings(
      measurement: measurement ?? (stem.isEmpty ? "table" : stem), times: .column(timeColumn),
      tagColumns: tagColumn)
    if let step = interval.flatMap(duration(of:)), let first = Timestamp(rfc3339: start) {
      settings.times = .every(step, from: first)
    }
    return settings
  }
}

extension RecordingFormat: ExpressibleByArgument {}

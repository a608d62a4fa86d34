import Alarms
import ArgumentParser
import FactoryModel
import Foundation
import Pipeline
import Plant
import Reports
import Storage

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Report what a shift, a day or another range was.",
    discussion: """
      What needs a person comes first: open alarms, emissions over their limit, what is missing. \
      Then production, yield, emissions hour by hour, alarms, downtime and data quality. Without a \
      length the shift that --at lies in (without --at: now) is reported; what has not ended yet is \
      reported so far. Works while a monitor writes.
      """)

  @Option(help: "The site file.")
  var site: String

  @Option(help: "The record; by default the site file's.")
  var database: String?

  @OptionGroup var stretch: StretchOptions

  @Option(help: "The file to write, replaced in one step; - for standard output.")
  var out: String

  @Flag(help: "Form of the report; without one, HTML.")
  var form: ReportForm?

  @Option(help: "en or zh; JSON and CSV have one language.")
  var language: ReportLanguage = .english

  func run() throws {
    let file = try SiteFile(path: site)
    let record = PlantRecord(
      file.site.plant, try RecordFile(path: database ?? file.database, for: .read))
    var question = stretch.question(ShiftCalendar(file.site.plant), now: Timestamp.now)
    question.descriptions = file.site.signals
    for rule in file.site.rules { question.priorities[rule.name] = rule.priority }
    let report = try ShiftReport(record, question)
    let text =
      switch form ?? .html {
      case .html: report.html(language)
      case .markdown: report.markdown(language)
      case .json: report.json
      case .csv: report.csv
      }
    if out == "-" { return Terminal.write(Array(text.utf8)) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: out), options: .atomic)
    let range = question.range
    Terminal.note("gemba: \(out) written, \(range.lowerBound) to \(range.upperBound)")
  }
}

extension ReportLanguage: ExpressibleByArgument {}

/// What a report is written as.
enum ReportForm: String, EnumerableFlag {
  case html
  case markdown
  case json
  case csv
}

/// Which stretch of the plant's life is reported.
struct StretchOptions: ParsableArguments {
  /// A stretch of the calendar.
  enum Length: String, EnumerableFlag {
    case shift
    case day
    case week
    case month

    static func help(for value: Length) -> ArgumentHelp? {
      "The \(value.rawValue) that --at lies in."
    }
  }

  @Flag var length: Length?

  @OptionGroup var times: RangeOptions

  @Option(
    help: "A moment, RFC 3339; the report says what was known then. Default: now.")
  var at: String?

  func validate() throws {
    if let at, Timestamp(rfc3339: at) == nil {
      throw ValidationError("--at \(at); give a time such as 2026-03-01T08:00:00Z")
    }
    guard times.from != nil || times.to != nil else { return }
    guard length == nil else {
      throw ValidationError("--from and --to with --\(length?.rawValue ?? ""); take one of them")
    }
    guard let from = times.from, let to = times.to, from < to, to - from <= Self.longest else {
      throw ValidationError("--from and --to; give both, in order, at most 366 days apart")
    }
  }

  private static let longest = Duration.seconds(366 * 86_400)

  /// What is asked for, by the plant's clock.
  func question(_ calendar: ShiftCalendar, now: Timestamp) -> ShiftReport.Question {
    let moment = at.flatMap { Timestamp(rfc3339: $0) } ?? now
    if let from = times.from, let to = times.to {
      return .init(name: "range", range: from..<to, now: moment)
    }
    switch length ?? .shift {
    case .shift:
      let shift = calendar.shift(at: moment)
      return .init(name: shift.name ?? "day", range: shift.range, now: moment)
    case .day: return .init(name: "day", range: calendar.day(at: moment).range, now: moment)
    case .week:
      return .init(name: "week", range: calendar.stretch(.week, at: moment), now: moment)
    case .month:
      return .init(name: "month", range: calendar.stretch(.month, at: moment), now: moment)
    }
  }
}

import Alarms
import ArgumentParser
import FactoryModel
import Foundation
import Pipeline
import Plant
import Reports
import Storage

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Report what a shift, a day or another range was.",
    discussion: """
      What needs a person comes first: open alarms, emissions over their limit, what is missing. \
      Then production, yield with control charts, the worst rejects, emissions hour by hour, \
      alarms, downtime and data quality. Without a length the shift that --at lies in (without \
      --at: now) is reported; what has not ended yet is reported so far. Works while a monitor \
      writes. PDF is printed by a headless Chromium (package chromium).
      """)

  @Option(help: "The site file.")
  var site: String

  @Option(help: "The record; by default the site file's.")
  var database: String?

  @OptionGroup var stretch: StretchOptions

  @Option(help: "The file to write, replaced in one step; - for standard output.")
  var out: String

  @Flag(
    help: """
      Form of the report; without one, as the file's name ends, else HTML. JUnit holds the inspected \
      parts alone.
      """)
  var form: ReportForm?

  @Option(help: "en or zh; JSON, CSV and JUnit have one language.")
  var language: ReportLanguage = .english

  func run() async throws {
    let file = try SiteFile(path: site)
    let record = PlantRecord(
      file.site.plant, try RecordFile(path: database ?? file.database, for: .read))
    let form = form ?? ReportForm(path: out)
    // Said before minutes of reading, not after.
    if form == .pdf { _ = try PDFPrinter() }
    let question = stretch.question(ShiftCalendar(file.site.plant), file.site, now: Timestamp.now)
    let report = try ShiftReport(record, question)
    let pictures = RejectPictures(folders: file.cameraFolders, record: record)
    let bytes = try await ReportWriter(report, language, pictures).bytes(as: form)
    if out == "-" { return Terminal.write(bytes) }
    try DurableFile.write(bytes, to: out)
    let range = question.range
    Terminal.note("gemba: \(out) written, \(range.lowerBound) to \(range.upperBound)")
  }
}

extension ReportLanguage: ExpressibleByArgument {}
extension ReportForm: EnumerableFlag {}

extension ReportLength: EnumerableFlag {
  public static func help(for value: ReportLength) -> ArgumentHelp? {
    "The \(value.rawValue) that --at lies in."
  }
}

/// Which stretch of the plant's life is reported.
struct StretchOptions: ParsableArguments {
  @Flag var length: ReportLength?

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
  func question(
    _ calendar: ShiftCalendar, _ site: Site, now: Timestamp
  ) -> ShiftReport.Question {
    let moment = at.flatMap { Timestamp(rfc3339: $0) } ?? now
    func question(_ name: String, _ range: Range<Timestamp>) -> ShiftReport.Question {
      ShiftReport.Question(
        name: name, range: range, now: moment, descriptions: site.signals,
        priorities: site.priorities)
    }
    if let from = times.from, let to = times.to { return question("range", from..<to) }
    let stretch = (length ?? .shift).stretch(at: moment, calendar)
    return question(stretch.name, stretch.range)
  }
}

import FactoryModel
import Foundation
import Plant
import Reports
import Storage

/// Writes the report of every shift into a folder once the shift has ended and its last samples are
/// in, and tells the actions that want to know.
///
/// The file `.reported` in the folder holds the end of the last shift reported, so a monitor that was
/// down at a shift's end makes up for it at its next start, at most seven days back.
package struct ScheduledReports: Sendable {
  private let settings: ReportSettings
  private let site: SiteFile
  private let folder: String
  private let note: @Sendable (String) -> Void

  /// - Parameter note: takes lines for the person who runs the monitor.
  package init(
    _ settings: ReportSettings, _ site: SiteFile, note: @escaping @Sendable (String) -> Void
  ) {
    self.settings = settings
    self.site = site
    folder = site.resolved(settings.folder)
    self.note = note
  }

  /// Looks twice a minute for what is due, until cancelled.
  func run(_ monitor: LineMonitor) async throws {
    while !Task.isCancelled {
      do {
        try await writeDue(at: .now, monitor)
      } catch {
        try Task.checkCancellation()
        note("\(error); the report is tried again in half a minute")
      }
      try await Task.sleep(for: .seconds(30))
    }
  }

  /// Writes what is due at a moment.
  /// - Returns: the shifts reported.
  @discardableResult
  package func writeDue(at now: Timestamp, _ monitor: LineMonitor) async throws -> [ShiftRun] {
    let current = await monitor.site
    guard let last = try lastReported(of: monitor) else { return [] }
    let due = ReportSchedule(current.plant).due(at: now, after: last)
    for run in due {
      let question = ShiftReport.Question(
        name: run.name ?? "day", range: run.range, now: now, descriptions: current.signals,
        priorities: current.priorities)
      let record = await monitor.plantRecord
      let report = try await Task.detached(priority: .utility) {
        try ShiftReport(record, question)
      }.value
      let files = try await write(report, of: run, current.plant, record)
      try await monitor.order(
        report.announcement(settings.language, files: files), of: settings.send,
        serial: -run.range.upperBound.nanoseconds / 1_000_000_000)
      try DurableFile.write("\(run.range.upperBound)\n", to: mark)
      note("report of \(question.name) written: \(files.joined(separator: ", "))")
    }
    return due
  }

  private var mark: String { folder + "/.reported" }

  /// The end of the last shift reported, else the first sample on record; nil before that.
  private func lastReported(of monitor: LineMonitor) throws -> Timestamp? {
    if let text = FileManager.default.contents(atPath: mark),
      let time = Timestamp(
        rfc3339: String(decoding: text, as: UTF8.self).trimmingCharacters(
          in: .whitespacesAndNewlines))
    {
      return time
    }
    return try monitor.firstSample()
  }

  /// - Returns: the files' names in the folder.
  private func write(
    _ report: ShiftReport, of run: ShiftRun, _ plant: PlantLayout, _ record: PlantRecord
  ) async throws -> [String] {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let writer = ReportWriter(
      report, settings.language, RejectPictures(folders: site.cameraFolders, record: record))
    var files: [String] = []
    for form in settings.forms {
      let name = run.fileName(in: plant) + "." + form.fileEnding
      do {
        try DurableFile.write(try await writer.bytes(as: form), to: folder + "/" + name)
        files.append(name)
      } catch let error as PDFError {
        // The other forms are worth having without it.
        note("\(name): \(error)")
      }
    }
    return files
  }
}

/// A report's bytes in each form.
package struct ReportWriter: Sendable {
  private let report: ShiftReport
  private let language: ReportLanguage
  private let pictures: RejectPictures

  /// A report as it is to be written.
  package init(_ report: ShiftReport, _ language: ReportLanguage, _ pictures: RejectPictures) {
    self.report = report
    self.language = language
    self.pictures = pictures
  }

  /// - Throws: `PDFError` for a PDF that cannot be printed.
  package func bytes(as form: ReportForm) async throws -> [UInt8] {
    switch form {
    case .html: Array(report.html(language, pictures: pictures).utf8)
    case .markdown: Array(report.markdown(language).utf8)
    case .json: Array(report.json.utf8)
    case .csv: Array(report.csv.utf8)
    case .junit: Array(report.junit.utf8)
    case .pdf:
      try await PDFPrinter().pdf(of: report.html(language, pictures: pictures, forPaper: true))
    }
  }
}

extension ShiftRun {
  /// `2026-03-01-0600-early`: by the plant's clock, fit for every file system.
  fileprivate func fileName(in plant: PlantLayout) -> String {
    let date = Date(timeIntervalSince1970: Double(range.lowerBound.nanoseconds) / 1e9)
    let civil = CivilTime(
      range.lowerBound, offsetSeconds: plant.timeZone.secondsFromGMT(for: date))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let word = (name ?? "day").map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined()
    return "\(civil.year)-\(two(civil.month))-\(two(civil.day))-\(two(civil.hour))"
      + "\(two(civil.minute))-\(word)"
  }
}

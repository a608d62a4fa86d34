import Emissions
import FactoryModel
import Foundation
import Plant
import Reports
import Storage
import TestSupport
import Testing

@Suite("reports of days whose clocks are changed")
struct DaylightSavingReportTests {
  private let folder = TemporaryFolder()

  /// A plant in Berlin that makes a part every ten minutes, with an outlet of hourly means.
  private func record(from start: Timestamp, hours: Int) throws -> PlantRecord {
    var layout = PlantLayout()
    layout.timeZone = try #require(TimeZone(identifier: "Europe/Berlin"))
    layout.parts = [
      PartSource(
        station: "press", signal: try SignalPattern("parts.made"), counting: .event,
        isOutput: true)
    ]
    var outlet = EmissionOutlet(
      name: "stack",
      pollutants: [.init(factor: "a21026", signal: SignalName(path: "cems.so2"), limit: 35)])
    outlet.zoneOffsetSeconds = 3_600
    layout.outlets = [outlet]
    let file = try RecordFile(path: folder.file("\(hours).sqlite"), for: .write)
    var table = SignalTable()
    let made = table.id(of: SignalName(path: "parts.made"))
    var batch = SampleBatch()
    for part in -12..<hours * 6 + 12 {
      batch.append(made, Sample(time: start + .seconds(600 * part), value: 1, quality: .good))
    }
    // A reading a minute, so that nothing looks like a silence.
    let other = table.id(of: SignalName(path: "oven.temp"))
    for minute in 0..<hours * 60 {
      batch.append(other, Sample(time: start + .seconds(60 * minute), value: 80, quality: .good))
    }
    let periods = (0..<hours).map { hour in
      let begin = start + .seconds(3_600 * hour)
      return PeriodValue(
        signal: outlet.signal("a21026"), kind: .hour, start: begin, end: begin + .seconds(3_600),
        mean: 10, converted: 10, count: 60, flag: .normal, capturePercent: 100, limit: 35)
    }
    var writer = try SampleWriter(file)
    writer.append(batch)
    try writer.commit(table, with: RecordEntries(periods: periods))
    return PlantRecord(layout, file)
  }

  private struct Answer: Decodable {
    struct Made: Decodable { var parts: Int }
    struct Sheet: Decodable {
      struct Entry: Decodable { var isMissing: Bool }
      var missing: Int
      var periods: [Entry]
    }
    struct Piece: Decodable { var parts: Int? }
    var from: String
    var to: String
    var production: Made
    var course: [Piece]
    var emissions: [Sheet]
    var silences: [[String: String]]
  }

  @Test(
    "the day has 23 or 25 hours, none of them missing, none twice",
    arguments: [("2026-03-28T23:00:00Z", 23), ("2026-10-24T22:00:00Z", 25)])
  func hasAllHours(_ midnight: String, hours: Int) throws {
    let start = try #require(Timestamp(rfc3339: midnight))
    let record = try record(from: start, hours: hours)
    let noon = start + .seconds(12 * 3_600)
    let stretch = ReportLength.day.stretch(at: noon, ShiftCalendar(record.layout))
    let report = try ShiftReport(
      record,
      .init(name: stretch.name, range: stretch.range, now: stretch.range.upperBound + .seconds(600))
    )
    let found = try JSONDecoder().decode(Answer.self, from: Data(report.json.utf8))
    #expect(found.from == midnight && stretch.range.duration == .seconds(3_600 * hours))
    #expect(found.production.parts == hours * 6)
    #expect(found.course.map(\.parts) == Array(repeating: 6, count: hours))
    let sheet = try #require(found.emissions.first)
    #expect(sheet.periods.count == hours && sheet.missing == 0 && found.silences.isEmpty)
    let html = report.html(.english)
    #expect(html.contains("00:00–24:00 (Europe/Berlin)"))
    // The hour that comes twice is told apart; no other time bears its difference to UTC.
    let marks = ["02:00 (+02:00)", "02:00 (+01:00)"].filter(html.contains)
    #expect(marks.count == (hours == 25 ? 2 : 0))
    #expect(!html.contains("01:00 (") && !html.contains("03:00 ("))
  }
}

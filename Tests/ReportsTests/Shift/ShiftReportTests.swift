import Alarms
import FactoryModel
import Foundation
import Plant
import Reports
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("shift report")
struct ShiftReportTests {
  private struct Answer: Decodable {
    struct Made: Decodable {
      var parts: Int
      var plan: Int?
      var oee: Double?
    }
    struct Sheet: Decodable {
      struct Entry: Decodable {
        var isMissing: Bool
        var mean: Double?
        var total: Double?
      }
      var exceedances: Int
      var missing: Int
      var kilograms: Double?
      var periods: [Entry]
    }
    struct Gap: Decodable {
      var from: String
      var to: String
    }
    struct Signal: Decodable {
      var signal: String
      var captured: Double?
      var gaps: [Gap]
    }
    struct Alarms: Decodable {
      var newAlarms: Int
    }
    var production: Made
    var yield: Double?
    var emissions: [Sheet]
    var alarms: Alarms?
    var signals: [Signal]
    var silences: [Gap]
  }

  private func answer(_ report: ShiftReport) throws -> Answer {
    try JSONDecoder().decode(Answer.self, from: Data(report.json.utf8))
  }

  @Test("figures are those of the plant's record")
  func agreesWithRecord() throws {
    let day = try ReportedDay()
    try day.fill()
    let found = try answer(day.report())
    let range = ReportedDay.day
    let made = try day.record.production(in: range, until: range.upperBound)
    #expect(made.parts == 14 * 60 && found.production.parts == made.parts)
    #expect(made.plan == 800 && found.production.plan == 800)
    #expect(found.production.oee == made.oee?.value)
    // 16 h without the break of half an hour: one hour of changeover, and from 10:30 to 12:00 nobody
    // knows, because nothing was recorded.
    let machine = try #require(made.machines.first)
    #expect(machine.runSeconds == 13 * 3_600 && machine.stopSeconds == 3_600)
    #expect(machine.unknownSeconds == 1.5 * 3_600)
    #expect(try found.yield == day.record.quality(in: range).yield)
    #expect(try found.alarms?.newAlarms == day.record.alarms(in: range) { _ in nil }.newAlarms)
    #expect(found.alarms?.newAlarms == 3)
    let sheet = try #require(found.emissions.first)
    #expect(sheet.periods.count == 24 && sheet.exceedances == 1)
    #expect(sheet.kilograms == 11)
  }

  @Test("an hour without record is missing, never zero")
  func showsMissing() throws {
    let day = try ReportedDay()
    try day.fill()
    let report = try day.report()
    let found = try answer(report)
    let sheet = try #require(found.emissions.first)
    #expect(sheet.missing == 2)
    for (hour, entry) in sheet.periods.enumerated() {
      #expect(entry.isMissing == !ReportedDay.isRecorded(hour), "hour \(hour)")
      #expect((entry.mean == nil) == entry.isMissing && (entry.total == nil) == entry.isMissing)
    }
    #expect(found.silences.map(\.from) == ["1970-01-02T10:00:00Z"])
    #expect(found.silences.map(\.to) == ["1970-01-02T12:00:00Z"])
    let oven = try #require(found.signals.first { $0.signal.hasPrefix("oven") })
    #expect(oven.captured == 22.0 / 24 && oven.gaps.count == 1)
    let html = report.html(.english)
    let row = "<td>1970-01-02 10:00–11:00</td><td class=\"warn\">missing</td>"
    #expect(html.contains(row))
    #expect(html.components(separatedBy: "other missing").count == 3)
    #expect(report.csv.contains("1970-01-02T10:00:00Z,1970-01-02T11:00:00Z,mean,\r\n"))
    #expect(report.markdown(.english).contains("| **missing** |"))
  }

  @Test("what is not due yet is not missing")
  func waits() throws {
    let day = try ReportedDay()
    try day.fill()
    let noon = ReportedDay.day.lowerBound + .seconds(9 * 3_600 + 120)
    let sheet = try #require(day.record.emissionSheets(in: ReportedDay.day, until: noon).first)
    #expect(sheet.missing.isEmpty && sheet.days.isEmpty)
    let report = try day.report(at: ReportedDay.day.lowerBound + .seconds(12 * 3_600))
    #expect(report.html(.english).contains("not over yet, as of 1970-01-02 12:00"))
  }

  @Test("the page is well-formed, has no script, and says first what needs a person")
  func isWellFormed() throws {
    let day = try ReportedDay()
    try day.fill()
    let report = try day.report()
    for language in ReportLanguage.allCases {
      let html = report.html(language)
      #expect(!html.contains("<script") && html.contains("&lt;script&gt;"))
      #expect(html.contains("Plant &amp; Sons") && html.contains("lang=\"\(language.rawValue)\""))
      let parser = XMLParser(data: Data(html.utf8))
      #expect(parser.parse(), "\(parser.lineNumber): \(String(describing: parser.parserError))")
    }
    let html = report.html(.english)
    let order = [
      "What needs a person", "Alarms open: 1", "over its limit: 1 (1970-01-02 04:00)",
      "missing: 2 of 24", "Nothing was recorded", "above its control limit: 1970-01-02 15:00",
      "<h2>Production", "<h2>Yield", "<h2>Emissions", "<h2>Alarms", "<h2>Downtime",
      "<h2>Data quality",
    ]
    let places = order.map { html.range(of: $0)?.lowerBound }
    #expect(!places.contains(nil))
    #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
    #expect(report.html(.chinese).contains("需要处理"))
  }

  @Test("an empty record, and one of another day, say so and show no zeros")
  func saysNothingIsThere() throws {
    let empty = try ReportedDay()
    let text = "The record has nothing of this time."
    #expect(try empty.report().html(.english).contains(text))
    #expect(try answer(empty.report()).emissions.first?.missing == 24)
    let old = try ReportedDay()
    try old.fill()
    let next = ReportedDay.day.upperBound..<ReportedDay.day.upperBound + .seconds(86_400)
    let report = try ShiftReport(
      old.record, .init(name: "day", range: next, now: next.upperBound + .seconds(3_600)))
    #expect(report.html(.english).contains("Alarms open: 1"))
    #expect(report.html(.english).contains("<b>– / 800</b>"))
  }

  @Test("periods whose samples were dropped by age are reported, and only the others are missing")
  func reportsPeriodsAlone() throws {
    let day = try ReportedDay()
    try day.fillPeriodsAlone()
    let report = try day.report()
    let found = try answer(report)
    #expect(found.emissions.first?.missing == 2 && found.emissions.first?.exceedances == 1)
    #expect(found.silences.map(\.from) == ["1970-01-02T10:00:00Z"])
    #expect(found.silences.map(\.to) == ["1970-01-02T12:00:00Z"])
    let html = report.html(.english)
    #expect(html.contains("over its limit: 1") && !html.contains("nothing of this time"))
  }

  @Test("control limits follow p̄ ± 3·√(p̄(1 − p̄)/n)")
  func chartsRejects() throws {
    let day = try ReportedDay()
    try day.fill()
    let pieces = try day.record.course(
      in: ReportedDay.day, until: ReportedDay.day.upperBound, every: .seconds(3_600),
      silences: day.record.capture(in: ReportedDay.day, until: ReportedDay.day.upperBound, [])
        .silences)
    for (hour, piece) in pieces.enumerated() {
      let made = (6..<22).contains(hour) ? 60 : 0
      #expect(piece.parts == (ReportedDay.isRecorded(hour) ? made : nil), "hour \(hour)")
    }
    let chart = try #require(PChart(pieces))
    #expect(pieces.count == 24 && chart.points.count == 14)
    let mean = (13.0 * 6 + 30) / (14 * 60)
    #expect(abs(chart.mean - mean) < 1e-12)
    let reach = 3 * (mean * (1 - mean) / 60).squareRoot()
    #expect(chart.points.allSatisfy { abs($0.upper - (mean + reach)) < 1e-12 })
    #expect(chart.points.filter(\.isOutside).count == 1)
  }
}

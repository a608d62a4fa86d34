import FactoryModel
import Foundation
import Imaging
import Plant
import Reports
import Storage
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("rejects and measurements in a report")
struct ReportQualityTests {
  private static let hostile = "<img src=x onerror=alert(1)>"

  /// A day with a measured bore and `rejects` rejects of 20 parts, whose images lie in a folder.
  private func day(rejects: Int, size: Int = 64) throws -> (day: ReportedDay, folder: String) {
    let day = try ReportedDay()
    let folder = day.folder.file("camera")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var verdicts: [CameraVerdict] = []
    for part in 0..<20 {
      let (name, path) = ("\(part).png", folder + "/\(part).png")
      let plane = Plane(
        width: size, height: size, pixels: (0..<size * size).map { UInt8($0 * 7 % 251) })
      try Data(PNGEncoder.encode(plane)).write(to: URL(fileURLWithPath: path))
      let time = ReportedDay.day.lowerBound + .seconds(28_800 + 60 * part)
      let date = Date(timeIntervalSince1970: Double(time.nanoseconds) / 1e9)
      try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
      let isReject = part < rejects
      let defect = Defect(
        kind: part == 0 ? Self.hostile : "scratch", score: Double(part), x: 8, y: 8, width: 16,
        height: 8, area: 100)
      verdicts.append(
        CameraVerdict(
          time: time, camera: "top",
          verdict: Verdict(
            image: name, outcome: isReject ? .reject : .pass, score: Double(part), threshold: 0,
            defects: isReject ? [defect] : [])))
    }
    try InspectionRecord(day.file).append(verdicts)
    var table = SignalTable()
    let bore = table.id(of: SignalName(path: "gauge.bore", tags: [.init("id", Self.hostile)]))
    let reject = table.id(of: SignalName(path: "inspection.reject", tags: [.init("camera", "top")]))
    var batch = SampleBatch()
    for second in stride(from: 0, to: 86_400, by: 60) {
      let time = ReportedDay.day.lowerBound + .seconds(second)
      let value = 10 + Double(second / 60 % 7) / 100 + (second > 80_000 ? 0.2 : 0)
      batch.append(bore, Sample(time: time, value: value, quality: .good))
    }
    for verdict in verdicts {
      let value = verdict.verdict.outcome == .reject ? 1.0 : 0
      batch.append(reject, Sample(time: verdict.time, value: value, quality: .good))
    }
    var writer = try SampleWriter(day.file)
    writer.append(batch)
    try writer.commit(table)
    return (day, folder)
  }

  private func report(_ day: ReportedDay) throws -> ShiftReport {
    let range = ReportedDay.day
    let bore = SignalDescription(
      pattern: try SignalPattern("gauge.bore{*}"),
      specification: Specification(low: 9.9, high: 10.1))
    return try ShiftReport(
      day.record,
      .init(
        name: "day", range: range, now: range.upperBound + .seconds(3_600), descriptions: [bore]))
  }

  private func isWellFormed(_ html: String) -> Bool {
    XMLParser(data: Data(html.utf8)).parse()
  }

  @Test("the worst rejects are in the page, at most twelve, the worst first")
  func showsWorst() throws {
    let (day, folder) = try day(rejects: 15)
    let html = try report(day).html(.english, pictures: RejectPictures(folders: ["top": folder]))
    #expect(isWellFormed(html))
    #expect(html.components(separatedBy: "<img ").count == 13)
    let first = try #require(html.range(of: "14.00 · scratch · top"))
    let second = try #require(html.range(of: "13.00 · scratch · top"))
    #expect(
      first.lowerBound < second.lowerBound
        && !html.contains("2.00 · scratch · top · 1970-01-02 08:02 · 2.png</fig"))
    #expect(html.contains("20 parts: passed 5, rejected 15"))
  }

  @Test("an image that is gone or written over is said to be, and a class with markup is text")
  func saysWhatIsGone() throws {
    let (day, folder) = try day(rejects: 2)
    try FileManager.default.removeItem(atPath: folder + "/0.png")
    try FileManager.default.setAttributes(
      [.modificationDate: Date()], ofItemAtPath: folder + "/1.png")
    let report = try report(day)
    for language in ReportLanguage.allCases {
      let html = report.html(language, pictures: RejectPictures(folders: ["top": folder]))
      #expect(isWellFormed(html) && !html.contains("<img") && html.contains("&lt;img src=x"))
    }
    let html = report.html(.english, pictures: RejectPictures(folders: ["top": folder]))
    #expect(html.contains("no longer there") && html.contains("written over"))
    #expect(!report.html(.english, pictures: RejectPictures(folders: [:])).contains("<img"))
  }

  @Test("CSV and JSON have every part, subgroup and rule; JUnit has every part")
  func listsAll() throws {
    let (day, _) = try day(rejects: 3)
    let report = try report(day)
    let csv = report.csv.components(separatedBy: "\r\n")
    #expect(csv.count { $0.hasPrefix("part,") && $0.contains(",verdict,") } == 20)
    #expect(csv.count { $0.hasPrefix("subgroup,") && $0.contains(",mean,") } == 48)
    #expect(csv.contains { $0.hasPrefix("subgroup,") && $0.hasSuffix("nelson-1") })
    #expect(csv.contains { $0.hasPrefix("measurement,") && $0.contains(",cpk,") })
    let object = try JSONSerialization.jsonObject(with: Data(report.json.utf8))
    let json = try #require(object as? [String: Any])
    #expect((json["parts"] as? [Any])?.count == 20 && json["partCount"] as? Int == 20)
    let charts = try #require(json["measurements"] as? [[String: Any]])
    #expect((charts.first?["subgroups"] as? [Any])?.count == 48)
    #expect(XMLParser(data: Data(report.junit.utf8)).parse())
    #expect(report.junit.contains("tests=\"20\" failures=\"3\""))
    let html = report.html(.english)
    #expect(html.contains("Measurements not capable") && html.contains("1 (beyond 3σ)"))
  }

  @Test("images too large for a page are left out by name")
  func leavesLargeOut() throws {
    let (day, folder) = try day(rejects: 1)
    let path = folder + "/0.png"
    // The header alone says how large it is: 20,000 columns and rows.
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    bytes.replaceSubrange(16..<24, with: [0, 0, 0x4E, 0x20, 0, 0, 0x4E, 0x20])
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let time = ReportedDay.day.lowerBound + .seconds(28_800)
    let date = Date(timeIntervalSince1970: Double(time.nanoseconds) / 1e9)
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    let html = try report(day).html(.english, pictures: RejectPictures(folders: ["top": folder]))
    #expect(html.contains("too large for this page") && !html.contains("<img "))
  }
}

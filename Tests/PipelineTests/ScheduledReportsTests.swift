import FactoryModel
import Foundation
import Pipeline
import Plant
import Storage
import TestSupport
import Testing

@Suite("reports written by the monitor")
struct ScheduledReportsTests {
  private let folder = TemporaryFolder()

  private func time(_ text: String) throws -> Timestamp {
    try #require(Timestamp(rfc3339: text))
  }

  /// A plant in Shanghai whose parts are counted from 2026-03-02 06:00 to 22:00 there.
  private func site(formats: String) throws -> SiteFile {
    let yaml = """
      plant: Plant
      timeZone: Asia/Shanghai
      shifts:
        - {name: early, start: "06:00", end: "14:00"}
        - {name: "late / night", start: "14:00", end: "22:00"}
      parts: [{station: press, signal: made.value, counting: event, output: true}]
      actions: [{name: office, webhook: "http://127.0.0.1:9/", alarms: []}]
      reports: {folder: out, language: zh, formats: [\(formats)], send: [office]}
      """
    let path = folder.file("site.yaml")
    try yaml.write(toFile: path, atomically: true, encoding: .utf8)
    return try SiteFile(path: path)
  }

  private func fill() throws {
    let file = try RecordFile(path: folder.file("gemba.sqlite"), for: .write)
    var table = SignalTable()
    let made = table.id(of: SignalName(path: "made.value"))
    var batch = SampleBatch()
    let start = try time("2026-03-01T22:00:00Z")
    for minute in 0..<960 {
      batch.append(made, Sample(time: start + .seconds(60 * minute), value: 1, quality: .good))
    }
    var writer = try SampleWriter(file)
    writer.append(batch)
    try writer.commit(table)
    try file.close()
  }

  private var written: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.file("out"))) ?? [])
      .filter { $0 != ".reported" }.sorted()
  }

  @Test("each shift is written once after its end; a start makes up for what was missed")
  func writesEachShift() async throws {
    try fill()
    let site = try site(formats: "html, csv")
    let settings = try #require(site.site.reports)
    let monitor = try LineMonitor(site)
    let first = ScheduledReports(settings, site) { _ in }
    #expect(try await first.writeDue(at: time("2026-03-02T06:01:00Z"), monitor).isEmpty)
    #expect(written.isEmpty)
    _ = try await first.writeDue(at: time("2026-03-02T06:03:00Z"), monitor)
    #expect(written == ["2026-03-02-0600-early.csv", "2026-03-02-0600-early.html"])
    #expect(try await first.writeDue(at: time("2026-03-02T06:04:00Z"), monitor).isEmpty)
    let csv = try String(
      contentsOfFile: folder.file("out/2026-03-02-0600-early.csv"), encoding: .utf8)
    #expect(csv.contains(",parts,480\r\n"))
    // The monitor is down at 14:00 UTC and comes back a day later.
    let second = ScheduledReports(settings, site) { _ in }
    let due = try await second.writeDue(at: time("2026-03-03T12:00:00Z"), monitor)
    #expect(due.map(\.name) == ["late / night", "early"])
    #expect(written.count == 6 && written[3] == "2026-03-02-1400-late---night.html")
    let empty = try String(
      contentsOfFile: folder.file("out/2026-03-03-0600-early.html"), encoding: .utf8)
    #expect(empty.contains("该时段没有任何记录。"))
  }

  @Test("actions are told of each report once, with what needs a person and the files")
  func tellsActions() async throws {
    try fill()
    let site = try site(formats: "json")
    let settings = try #require(site.site.reports)
    let monitor = try LineMonitor(site)
    let now = try time("2026-03-02T06:03:00Z")
    _ = try await ScheduledReports(settings, site) { _ in }.writeDue(at: now, monitor)
    // As if it had ended between the order and the mark.
    try FileManager.default.removeItem(atPath: folder.file("out/.reported"))
    _ = try await ScheduledReports(settings, site) { _ in }.writeDue(at: now, monitor)
    let orders = try monitor.orders(.pending)
    #expect(orders.map(\.action) == ["office"])
    let order = try #require(orders.first)
    #expect(order.serial == -(try time("2026-03-02T06:00:00Z").nanoseconds / 1_000_000_000))
    let object = try JSONSerialization.jsonObject(with: Data(order.payload.utf8))
    let told = try #require(object as? [String: Any])
    #expect(told["files"] as? [String] == ["2026-03-02-0600-early.json"])
    #expect((told["figures"] as? [String: String])?["产量"] == "480")
  }

  @Test("a record without samples has nothing to report")
  func waitsForSamples() async throws {
    let site = try site(formats: "html")
    let monitor = try LineMonitor(site)
    let reports = ScheduledReports(try #require(site.site.reports), site) { _ in }
    #expect(try await reports.writeDue(at: time("2026-03-02T06:03:00Z"), monitor).isEmpty)
    #expect(written.isEmpty)
  }
}

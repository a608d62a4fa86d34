import Foundation
import TestSupport
import Testing

@Suite("the same figures everywhere")
struct EqualFiguresTests {
  private static let site = """
    plant: Plant
    signals: [{name: gauge.bore, specification: {low: 9, high: 11}}]
    shifts: [{name: early, start: "06:00", end: "14:00", breaks: ["10:00-10:15"]}]
    plan: [{quantity: 500}]
    parts:
      - {station: cast, signal: parts.cast, counting: event}
      - {station: press, signal: parts.made, counting: event, output: true}
    machines: [{name: Press, station: press, state: press.state, idealCycleTime: 40s}]
    alarms: [{name: hot, signal: oven.temp, high: 90, priority: high}]
    """
  /// 2026-01-05T06:00:00Z.
  private static let start = 1_767_592_800

  /// Five and a half hours of a shift; nothing came in the third hour.
  private func lines() -> String {
    var lines: [String] = []
    for minute in 0..<330 where minute / 60 != 2 {
      let time = Self.start + 60 * minute
      lines.append("oven temp=\(minute % 50 < 3 ? 95 : 80) \(time)")
      lines.append("parts cast=1 \(time + 1)")
      if minute % 9 != 0 { lines.append("parts made=1 \(time + 5)") }
      let every = minute / 60 == 4 ? 2 : 15
      lines.append("inspection,camera=1 reject=\(minute % every == 0 ? 1 : 0) \(time + 6)")
      lines.append("gauge bore=\(10 + Double(minute % 7) / 100) \(time + 7)")
    }
    for (minute, word) in [(0, "running"), (30, "setup"), (50, "running"), (200, "fault")] {
      lines.append("press state=\"\(word)\" \(Self.start + 60 * minute)")
    }
    return lines.joined(separator: "\n")
  }

  private func object(_ data: Data) throws -> NSDictionary {
    try #require(JSONSerialization.jsonObject(with: data) as? NSDictionary)
  }

  /// Both have the value under their paths, and it is the same and not nil.
  private func expectEqual(
    _ one: NSDictionary, _ path: String, _ other: NSDictionary, _ otherPath: String
  ) {
    let (left, right) = (one.value(at: path), other.value(at: otherPath))
    #expect(left != nil && !(left is NSNull), "\(path)")
    #expect((left as? NSObject) == (right as? NSObject), "\(path) and \(otherPath)")
  }

  @Test("screen, API and report say the same of production, quality and alarms")
  func agrees() async throws {
    let folder = TemporaryFolder()
    let monitor = try MonitorProcess(Self.site, in: folder)
    let written = try await monitor.post("/write?precision=s", lines())
    #expect(written.status == 204)
    let screen = try object(await monitor.get("/api/v1/screen").body)
    let served = try object(await monitor.get("/api/v1/report?form=json").body)
    let file = folder.file("report.json")
    try MonitorProcess.run(
      ["report", "--site", "site.yaml", "--at", "2026-01-05T11:29:07.000000001Z", "--out", file],
      in: folder)
    let report = try object(Data(contentsOf: URL(fileURLWithPath: file)))
    #expect(served == report)
    for key in ["parts", "plan", "taktSeconds", "cycleSeconds", "oee"] {
      expectEqual(screen, "production.figures.\(key)", report, "production.\(key)")
    }
    let machine = try #require(
      (report.value(at: "production.machines") as? [NSDictionary])?.first)
    for key in ["availability", "performance", "changeovers", "changeoverSeconds"] {
      expectEqual(screen, "production.figures.\(key)", machine, key)
    }
    #expect(machine["unknownSeconds"] as? Double == 3_600)
    for key in ["inspected", "rejects", "yield"] {
      expectEqual(screen, "quality.figures.\(key)", report, key)
    }
    expectEqual(screen, "quality.figures.chart", report, "pChart")
    expectEqual(screen, "logistics.stations", report, "stations")
    let waiting = screen.value(at: "logistics.stations.waiting") as? [NSObject]
    #expect(waiting == [NSNull(), NSNumber(value: 31)])
  }

  @Test("alarm measures of the API are those of a report over the same time")
  func agreesOnAlarms() async throws {
    let folder = TemporaryFolder()
    let monitor = try MonitorProcess(Self.site, in: folder)
    _ = try await monitor.post("/write?precision=s", lines())
    let kpis = try object(await monitor.get("/api/v1/kpis?days=1").body)
    let file = folder.file("report.json")
    let end = try #require(kpis["to"] as? String)
    try MonitorProcess.run(
      [
        "report", "--site", "site.yaml", "--from", try #require(kpis["from"] as? String), "--to",
        end,
        "--at", end, "--out", file,
      ], in: folder)
    let report = try object(Data(contentsOf: URL(fileURLWithPath: file)))
    #expect(kpis == report["alarms"] as? NSDictionary)
    #expect(kpis["newAlarms"] as? Int == 6)
    let bad = try await monitor.get("/api/v1/kpis?days=0")
    #expect(bad.status == 400)
  }

  @Test("the report of the API is a page of its own, with a policy that lets nothing in")
  func servesPage() async throws {
    let folder = TemporaryFolder()
    let monitor = try MonitorProcess(Self.site, in: folder)
    _ = try await monitor.post("/write?precision=s", lines())
    let page = try await monitor.get("/api/v1/report?lang=zh&length=day")
    #expect(page.status == 200 && page.text.contains("日报") && !page.text.contains("<script"))
    let policy = try #require(page.headers["content-security-policy"])
    #expect(policy.hasPrefix("default-src 'none'; style-src 'unsafe-inline'"))
    #expect(try await monitor.get("/api/v1/report?form=doc").status == 400)
    #expect(try await monitor.get("/api/v1/report?length=year").status == 400)
  }

  @Test("lines that were refused are in the report of their time, over the monitor's end")
  func reportsRefusals() async throws {
    let folder = TemporaryFolder()
    let monitor = try MonitorProcess(Self.site, in: folder)
    _ = try await monitor.post("/write", "oven temp=80\noven temp=\nnonsense")
    #expect(monitor.end(by: SIGTERM).code == 0)
    let (file, now) = (folder.file("report.json"), Date())
    let times = [-3_600.0, 3_600].map { now.addingTimeInterval($0).formatted(.iso8601) }
    try MonitorProcess.run(
      ["report", "--site", "site.yaml", "--from", times[0], "--to", times[1], "--out", file],
      in: folder)
    let report = try object(Data(contentsOf: URL(fileURLWithPath: file)))
    let refused = try #require(report["refused"] as? [NSDictionary])
    #expect(refused == [["source": "lines", "count": 2]])
    #expect((report["signals"] as? [NSDictionary])?.count == 1)
  }
}

extension NSDictionary {
  /// The value at a path of keys; of a list, the values of its items.
  fileprivate func value(at path: String) -> Any? {
    path.split(separator: ".").reduce(self as Any?) { found, key in
      if let list = found as? [NSDictionary] { return list.compactMap { $0[String(key)] } }
      return (found as? NSDictionary)?[String(key)]
    }
  }
}

import AsyncHTTPClient
import Foundation
import TestSupport
import Testing

@Suite("more, or less, than a screen expects", .serialized)
struct HostileTests {
  private let folder = TemporaryFolder()

  private struct Screen: Decodable {
    var lastSample: String?
    var frozen: Bool
  }

  private static let questions = [
    "/api/v1/screen", "/api/v1/alarms", "/api/v1/journal", "/api/v1/signals", "/api/v1/periods",
    "/api/v1/rejects", "/api/v1/actions", "/api/v1/kpis", "/api/v1/report", "/metrics",
    "/api/v1/report?length=month&form=json",
  ]

  @Test("a million rows of one signal become as many points as were asked for")
  func millionRows() async throws {
    let monitor = try MonitorProcess("", in: folder)
    for part in 0..<20 {
      let lines = (0..<50_000).map { "m value=\($0 % 100) \(1_760_000_000 + part * 50_000 + $0)" }
      let sent = try await monitor.post(
        "/write?precision=s", lines.joined(separator: "\n"))
      #expect(sent.status == 204, "\(sent.text)")
    }
    struct History: Decodable { var points: [[JSONPoint]] }
    struct JSONPoint: Decodable {
      var value: Double?
      init(from decoder: any Decoder) throws {
        value = try? decoder.singleValueContainer().decode(Double.self)
      }
    }
    let history: History = try await monitor.get(
      "/api/v1/history?signal=m.value&points=1000&from=2025-10-09T08:53:20Z&to=2025-10-20T22:40:00Z"
    ).json()
    let means = history.points.compactMap { $0.last?.value }
    // A thousand rows each: ten times 0 to 99.
    #expect(means.count >= 1_000 && means.prefix(1_000).allSatisfy { $0 == 49.5 })
    let all = try await monitor.get(
      "/api/v1/history?signal=m.value&points=5000&from=1970-01-01T00:00:00Z&to=2199-01-01T00:00:00Z"
    )
    #expect(all.status == 200)
    monitor.end(by: SIGTERM)
  }

  @Test("an empty record answers every question, and its page says that there is nothing")
  func empty() async throws {
    let monitor = try MonitorProcess("alarms: [{name: a, signal: m.value, high: 1}]", in: folder)
    for path in Self.questions {
      let answer = try await monitor.get(path)
      #expect(answer.status == 200, "\(path): \(answer.text.prefix(200))")
    }
    #expect(try await monitor.get("/api/v1/history?signal=m.value").status == 404)
    let browser = try await Browser()
    try await browser.open("http://127.0.0.1:\(monitor.ports["http"] ?? 0)/")
    try await browser.wait(until: "document.querySelectorAll('.panel .none').length == 5")
    let clock: String = try await browser.value("document.querySelector('#clock').innerText")
    #expect(clock == "–")
    monitor.end(by: SIGTERM)
  }

  @Test("a record that ended yesterday is shown with its date, and as frozen")
  func yesterday() async throws {
    let site = """
      signals: [{name: m.value, interval: 10s}]
      machines: [{name: Press, state: m.state, running: [on], signals: [m.value]}]
      parts: [{station: press, signal: m.count, counting: counter}]
      """
    let first = try MonitorProcess(site, in: folder)
    let time = Int(Date().timeIntervalSince1970) - 86_400
    let sent = try await first.post(
      "/write?precision=s", "m value=5,state=\"on\",count=7 \(time)")
    #expect(sent.status == 204, "\(sent.text)")
    first.end(by: SIGTERM)
    let second = try MonitorProcess(site, in: folder)
    for path in Self.questions {
      #expect(try await second.get(path).status == 200, "\(path)")
    }
    let screen: Screen = try await second.get("/api/v1/screen").json()
    #expect(screen.lastSample != nil && screen.frozen)
    let browser = try await Browser()
    try await browser.open("http://127.0.0.1:\(second.ports["http"] ?? 0)/")
    try await browser.wait(until: "document.body.classList.contains('frozen')")
    try await browser.wait(until: "document.querySelectorAll('.reading.stale').length == 1")
    let clock: String = try await browser.value("document.querySelector('#clock').innerText")
    let banner: String = try await browser.value("document.querySelector('#banner').innerText")
    #expect(banner.contains("No new data"), "not that all is normal: \(banner)")
    #expect(clock.contains(/\d+ [A-Z][a-z]+ 20\d\d/), "a date beside the time: \(clock)")
    second.end(by: SIGTERM)
  }

  @Test("the hour that comes twice when clocks are put back is told apart, in the plant's zone")
  func clocksPutBack() async throws {
    let monitor = try MonitorProcess("timeZone: Europe/Berlin\n", in: folder)
    let browser = try await Browser()
    for (time, shown) in [
      (1_792_882_800, " 01:00:00"), (1_792_888_200, "02:30:00 GMT+2"),
      (1_792_891_800, "02:30:00 GMT+1"), (1_792_895_400, " 03:30:00"),
    ] {
      _ = try await monitor.post("/write?precision=s", "m value=1 \(time)")
      try await browser.open("about:blank")
      try await browser.open("http://127.0.0.1:\(monitor.ports["http"] ?? 0)/")
      try await browser.wait(until: "/:/.test(document.querySelector('#clock').innerText)")
      let clock: String = try await browser.value("document.querySelector('#clock').innerText")
      #expect(clock.hasSuffix(shown), "\(clock)")
    }
    monitor.end(by: SIGTERM)
  }

  @Test("samples at the ends of time neither end the monitor nor its answers")
  func endsOfTime() async throws {
    let site = """
      machines: [{name: Press, state: m.state, running: [on], signals: [m.value]}]
      shifts: [{name: early, start: "06:00", end: "14:00"}]
      parts: [{station: press, signal: m.count, counting: counter}]
      emissions:
        - {outlet: boiler 1, zone: "+00:00", factors: {nox: {signal: stack.nox, limit: 50}}}
      alarms: [{name: a, signal: m.value, high: 1}]
      """
    for time in [Int64.min, -1, 0, Int64.max - 1, Int64.max] {
      let monitor = try MonitorProcess(site, in: TemporaryFolder())
      _ = try await monitor.post(
        "/write", "m value=5,state=\"on\",count=7 \(time)\nstack nox=1 \(time)")
      for path in Self.questions + ["/api/v1/history?signal=m.value"] {
        let answer = try await monitor.get(path)
        #expect([200, 400, 404].contains(answer.status), "\(time) \(path): \(answer.text)")
      }
      #expect(monitor.end(by: SIGTERM).code == 0, "\(time)")
    }
  }

  @Test("open screens that nobody reads hold nobody up, nor keep the monitor from ending")
  func slowScreens() async throws {
    let monitor = try MonitorProcess("", in: folder)
    _ = try await monitor.post("/write", "m value=1")
    var unread: [HTTPClientResponse] = []
    for _ in 0..<5 { unread.append(try await monitor.web.open("GET", "/api/v1/stream")) }
    for _ in 0..<20 { #expect(try await monitor.get("/api/v1/screen").status == 200) }
    #expect(monitor.end(by: SIGTERM).code == 0)
    #expect(unread.count == 5)
  }
}

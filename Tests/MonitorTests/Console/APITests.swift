import Foundation
import Pipeline
import TestSupport
import Testing
import WebConsole

@Suite("the API and its description", .serialized)
struct APITests {
  private let folder = TemporaryFolder()

  /// Something of everything that an answer can hold.
  private static let site = """
    plant: Press shop
    signals:
      - {name: "machine.temp{*}", label: Temperature, unit: °C, kind: equipment, low: 60, high: 90}
      - {name: hall.noise, kind: environment}
    machines:
      - {name: Press 2, station: press, state: "machine.state{id=m7}", running: [running],
         idealCycleTime: 20s, signals: ["machine.temp{id=m7}"]}
    shifts: [{name: all, start: "00:00", end: "00:00"}]
    plan: [{quantity: 1200}]
    parts:
      - {station: saw, signal: "parts.count{station=saw}", counting: event}
      - {station: press, signal: "parts.count{station=press}", counting: event, output: true}
    emissions:
      - {outlet: boiler 1, zone: "+00:00", factors: {nox: {signal: stack.nox, limit: 50}}}
    alarms:
      - {name: machine hot, signal: "machine.temp{id=m7}", high: 90}
      - {name: machine cold, signal: "machine.temp{id=m7}", low: 10}
    actions:
      - {name: gone, command: [no-such-program], attempts: 1}
    """

  private struct Answer: Encodable {
    var method: String
    var path: String
    var status: Int
    var type: String
    var body: String
  }

  @Test("every route is described, and nothing else is")
  func complete() async throws {
    let path = folder.file("site.yaml")
    try Self.site.write(toFile: path, atomically: true, encoding: .utf8)
    let file = try SiteFile(path: path)
    let monitor = try LineMonitor(file)
    let console = try #require(try Console(monitor, file))
    let script = """
      import sys, yaml
      for path, item in yaml.safe_load(open(sys.argv[1]))["paths"].items():
        for method in item: print(method.upper(), path)
      """
    let described = try Program.run("/usr/bin/python3", ["-c", script, Self.description])
    let routes = Set(console.routes)
    #expect(routes == Set(described.text.split(separator: "\n").map(String.init)))
    try await monitor.close()
  }

  /// The file as it stands in the sources.
  private static let description = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../Sources/WebConsole/API/openapi.yaml").standardized.path

  @Test("the description follows OpenAPI 3.0, and every answer follows the description")
  func answers() async throws {
    let monitor = try MonitorProcess(Self.site, in: folder)
    let hour = Int(Date().timeIntervalSince1970) / 3_600 * 3_600
    let stack = (0..<720).map { "stack nox=\(40 + $0 % 20) \(hour - 3_600 + $0 * 5)" }
    var lines = stack + ["stack nox=41 \(hour)", "hall noise=70 \(hour)"]
    for (place, temperature) in [70, 95, 80, 5].enumerated() {
      lines.append("machine,id=m7 temp=\(temperature),state=\"running\" \(hour + place)")
      lines.append("inspection,camera=c1 reject=\(place % 2) \(hour + place)")
      lines.append("parts,station=saw count=1 \(hour + place)")
      lines.append("parts,station=press count=1 \(hour + place)")
    }
    let fed = try await monitor.post("/write?precision=s", lines.joined(separator: "\n"))
    #expect(fed.status == 204, "\(fed.text)")
    var answers: [Answer] = []
    for (path, query) in Self.questions {
      let answer = try await monitor.get(Self.filled(path) + query)
      answers.append(self.answer("GET", path, answer))
    }
    for (path, body) in Self.orders {
      answers.append(self.answer("POST", path, try await monitor.post(path, body)))
    }
    #expect(Set(answers.map(\.status)) == [200, 204, 303, 400, 404, 409])
    let input = try answers.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
    let served = folder.file("openapi.yaml")
    try await monitor.get("/api/v1/openapi.yaml").body.write(to: URL(fileURLWithPath: served))
    let schema = "/usr/share/openapi-specification/schemas/v3.0/schema.json"
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("check-openapi.py").path
    let checked = try Program.run(
      "/usr/bin/python3", [script, served, schema], input: input.joined(separator: "\n"))
    #expect(checked.code == 0 && checked.text == "", "\(checked.text)")
    monitor.end(by: SIGTERM)
  }

  /// A path with something in the place of its parameters.
  private static func filled(_ path: String) -> String {
    path.replacing("{id}", with: "1").replacing("{file}", with: "console.js")
  }

  private func answer(_ method: String, _ path: String, _ answer: WebAnswer) -> Answer {
    Answer(
      method: method, path: path, status: answer.status,
      type: answer.headers["content-type"] ?? "", body: answer.text)
  }

  private static let questions: [(path: String, query: String)] = [
    ("/api/v1/alarms", ""), ("/api/v1/journal", "?newest=5"), ("/api/v1/journal", "?newest=no"),
    ("/api/v1/actions", ""), ("/api/v1/actions", "?state=done"), ("/api/v1/actions", "?state=x"),
    ("/api/v1/signals", ""), ("/api/v1/screen", ""), ("/api/v1/rejects", ""),
    ("/api/v1/kpis", ""), ("/api/v1/kpis", "?days=x"), ("/api/v1/report", ""),
    ("/api/v1/report", "?form=json&length=day"), ("/api/v1/report", "?form=csv&lang=zh"),
    ("/api/v1/report", "?form=markdown"), ("/api/v1/report", "?form=pdf"),
    ("/api/v1/history", "?signal=machine.temp%7Bid=m7%7D&points=10"), ("/api/v1/history", ""),
    ("/api/v1/history", "?signal=no.such"), ("/api/v1/periods", ""),
    ("/api/v1/periods", "?kind=minute"), ("/api/v1/periods", "?kind=week"),
    ("/api/v1/rejects/{id}/picture.png", ""), ("/api/v1/rejects/{id}/heat.png", ""),
    ("/api/v1/rejects/{id}/small.png", ""), ("/api/v1/rejects", "?newest=1&after=x"),
    ("/api/v1/rejects", "?newest=2&after=1-1"),
    ("/api/v1/texts", "?lang=zh"), ("/api/v1/openapi.yaml", ""), ("/ping", ""), ("/query", ""),
    ("/api/v1/hj212/loggers", ""), ("/api/v1/hj212/commands", ""),
    ("/api/v1/hj212/commands/{id}", ""), ("/healthz", ""), ("/readyz", ""), ("/metrics", ""),
    ("/", ""), ("/login", ""),
    ("/assets/{file}", ""), ("/api/v1/adjustments", ""),
    ("/api/v1/adjustments/inForce", ""), ("/api/v1/alarms", "?first=1"),
    ("/api/v1/alarms", "?first=0"),
    ("/api/v1/alarms", "?group=1%20nowhere"), ("/api/v1/kpis", ""), ("/api/v1/kpis", "?days=0"),
    ("/api/v1/report", ""), ("/api/v1/report", "?form=json&length=month"),
    ("/api/v1/report", "?form=csv"), ("/api/v1/report", "?form=junit"),
    ("/api/v1/report", "?at=2261-12-31T00:00:00Z&form=markdown"),
    ("/api/v1/report", "?at=1678-01-01T00:00:00Z&length=week"), ("/api/v1/report", "?length=x"),
  ]

  private static let orders: [(path: String, body: String)] = [
    ("/api/v1/alarms/acknowledge", #"{"name":"machine cold","who":"Li"}"#),
    ("/api/v1/alarms/acknowledge", #"{"name":"machine cold","who":"Li"}"#),
    ("/api/v1/alarms/acknowledge", #"{"name":"nothing","who":"Li"}"#),
    ("/api/v1/alarms/shelve", #"{"name":"machine hot","who":"Li","minutes":0}"#),
    ("/api/v1/alarms/shelve", #"{"name":"machine hot","who":"Li","minutes":5}"#),
    ("/api/v1/alarms/unshelve", #"{"name":"machine hot","who":"Li"}"#),
    ("/api/v1/alarms/outOfService", #"{"name":"machine hot","who":"Li"}"#),
    ("/api/v1/alarms/returnToService", #"{"name":"machine hot","who":"Li"}"#),
    ("/api/v1/alarms/reset", "{"), ("/write", "no line"), ("/api/v2/write", "a b=1"),
    ("/api/v1/hj212/commands", #"{"mn":"S9","command":"current"}"#),
    ("/api/v1/hj212/commands", "{"), ("/query", ""), ("/login", "name=a&password=b"),
    ("/logout", ""),
  ]

  @Test("ranges that run backwards or out of the calendar are refused, not computed")
  func ranges() async throws {
    let monitor = try MonitorProcess(Self.site, in: folder)
    _ = try await monitor.post("/write?precision=s", "machine,id=m7 temp=95 1760000000")
    for path in ["/api/v1/history?signal=machine.temp%7Bid=m7%7D&", "/api/v1/periods?"] {
      for range in [
        "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to=1901-11-11T01:49:55Z",
        "from=1678-01-01T00:00:00Z&to=2261-01-01T00:00:00Z", "from=2025-10-09T08:53:21Z&to=x",
      ] {
        let answer = try await monitor.get(path + range)
        #expect(answer.status == 400, "\(path)\(range): \(answer.text)")
      }
      let widest = "from=1970-01-01T00:00:00Z&to=2199-12-31T00:00:00Z"
      #expect(try await monitor.get(path + widest).status == 200)
    }
    monitor.end(by: SIGTERM)
  }

  @Test("a method that a path does not know is answered with those that it knows")
  func methods() async throws {
    let monitor = try MonitorProcess(Self.site, in: folder)
    for (method, path, allowed) in [
      ("DELETE", "/write", "POST"), ("POST", "/ping", "GET, HEAD"),
      ("PUT", "/api/v1/alarms", "GET"),
    ] {
      let answer = try await monitor.web.ask(method, path)
      #expect(answer.status == 405 && answer.headers["allow"] == allowed, "\(method) \(path)")
    }
    #expect(try await monitor.web.ask("DELETE", "/nothing").status == 404)
    monitor.end(by: SIGTERM)
  }

  @Test("promtool finds no fault with the metrics")
  func metrics() async throws {
    let monitor = try MonitorProcess(Self.site, in: folder)
    _ = try await monitor.post("/write", "machine,id=m7 temp=95")
    let text = try await monitor.get("/metrics").text
    let checked = try Program.run(
      Program.unpacked + "/usr/bin/promtool", ["check", "metrics"], input: text)
    #expect(checked.code == 0 && checked.text == "", "\(checked.text)")
    monitor.end(by: SIGTERM)
  }
}

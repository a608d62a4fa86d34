import Foundation
import TestSupport
import Testing

@Suite("a whole day through the live path", .serialized)
struct DayTests {
  private let folder = TemporaryFolder()

  private func address(of monitor: MonitorProcess, _ rest: String = "") -> String {
    "http://127.0.0.1:\(monitor.ports["http"] ?? 0)/\(rest)"
  }

  private func send(_ lines: [Substring], to monitor: MonitorProcess) async throws {
    for first in stride(from: 0, to: lines.count, by: 5_000) {
      let piece = lines[first..<min(first + 5_000, lines.count)].joined(separator: "\n")
      let answer = try await monitor.post("/write", piece)
      #expect(answer.status == 204, "\(answer.text)")
    }
  }

  private struct Screen: Decodable {
    struct Group: Decodable {
      var place: String
      var count: Int
      var priority: String
    }
    var lastSample: String?
    var groups: [Group]
  }

  private struct Period: Decodable {
    var signal: String
    var start: String
    var isOverLimit: Bool?
  }

  @Test("the day of the samples ends at caster 2, and its pictures say so")
  func samplesDay() async throws {
    try MonitorProcess.run(["samples", "day", "--out", "."], in: folder)
    let text = try String(contentsOfFile: folder.file("site.yaml"), encoding: .utf8)
    let monitor = try MonitorProcess(
      text.replacing("listen: {http: 127.0.0.1:8080}\n", with: ""), in: folder,
      command: "replay day.lp --screen")
    // The recording has ended when its last alarm is there.
    let journal = try await monitor.wait(for: "/api/v1/journal", as: [JournalLine].self) {
      $0.last?.alarm == "no clamping" && $0.count > 30
    }
    let screen: Screen = try await monitor.get("/api/v1/screen").json()
    #expect(screen.groups.first?.place == "Caster 2" && screen.groups.first?.priority == "critical")
    #expect(screen.lastSample?.hasPrefix("2026-03-02T23:5") == true, "no period counts as a sample")
    for alarm in [
      "die hot", "cooling lost", "stopped", "no clamping", "NOx high", "loud", "rack low",
    ] { #expect(journal.contains { $0.alarm == alarm }, "\(alarm)") }
    let periods: [Period] = try await monitor.get(
      "/api/v1/periods?from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z"
    ).json()
    let over = periods.filter { $0.isOverLimit == true }.map(\.start)
    #expect(over == ["2026-03-02T17:00:00Z"], "the one hour of too much NOx")
    let browser = try await Browser()
    for (name, width, height, scheme, rest) in [
      ("day-light", 1_920, 1_080, "light", ""), ("day-dark", 1_920, 1_080, "dark", ""),
      ("day-chinese", 1_920, 1_080, "light", "?lang=zh"), ("day-phone", 390, 844, "light", ""),
      ("day-alarms", 1_920, 1_080, "light", "#alarms"),
      ("day-alarms-phone", 390, 844, "dark", "?lang=zh#alarms"),
    ] {
      try await browser.look(width: width, height: height, scheme: scheme)
      try await browser.open("about:blank")
      try await browser.open(address(of: monitor, rest))
      try await browser.wait(until: "document.querySelector('main').innerText.length > 200")
      let banner: String = try await browser.value("document.querySelector('#banner').innerText")
      #expect(banner.contains("Caster 2"), "where to walk, in \(name): \(banner)")
      let wide: Int = try await browser.value("document.documentElement.scrollWidth")
      #expect(wide <= width, "\(name)")
      try await expectApart(browser, name)
      try await browser.picture(name)
    }
    monitor.end(by: SIGTERM)
  }

  /// No panel lies over another; on a wall's screen all five begin within sight.
  private func expectApart(_ browser: Browser, _ name: String) async throws {
    let boxes: [[Double]] = try await browser.value(
      """
      [...document.querySelectorAll('.panel')].map((e) => e.getBoundingClientRect())
        .map((r) => [r.left, r.top, r.right, r.bottom])
      """)
    for (place, a) in boxes.enumerated() {
      if name == "day-light" { #expect(a[1] < 1_000, "\(name): panel \(place)") }
      for b in boxes[(place + 1)...] {
        let isApart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1]
        #expect(isApart, "\(name): panel \(place)")
      }
    }
  }

  // MARK: a real machine

  /// Beside the repository, where somebody has put it.
  private static let turbine = URL(fileURLWithPath: #filePath)
    .appendingPathComponent("../../../../../shared/data/gas_turbine/gt_2011.csv").standardized.path

  private static let turbineSite = """
    plant: Gas turbine
    signals:
      - {name: turbine.NOX, label: NOx, unit: mg/m³, kind: environment, high: 100}
      - {name: turbine.CO, label: CO, unit: mg/m³, kind: environment, high: 10}
      - {name: turbine.TEY, label: Energy, unit: MWh, low: 100, high: 180}
    machines:
      - {name: Turbine, running: [], signals: [turbine.TEY, turbine.TIT, turbine.TAT, turbine.CDP]}
    alarms:
      - {name: NOx high, signal: turbine.NOX, high: 100, deadband: 5, priority: high}
      - {name: CO high, signal: turbine.CO, high: 10, deadband: 2}
    """

  @Test(
    "a year of a real gas turbine: alarms as a plain count finds them, and its history drawn",
    .enabled(
      if: FileManager.default.isReadableFile(atPath: turbine),
      "the measuring data is not on this machine (gas_turbine/gt_2011.csv)"))
  func gasTurbine() async throws {
    let text = try String(contentsOfFile: Self.turbine, encoding: .utf8)
    let rows = text.split(whereSeparator: \.isNewline)
    let columns = try #require(rows.first).split(separator: ",")
    let start = 1_293_840_000
    var lines: [Substring] = []
    var (expected, isHigh) = (0, false)
    for (place, row) in rows.dropFirst().enumerated() {
      let values = row.split(separator: ",")
      let fields = zip(columns, values).map { "\($0)=\($1)" }.joined(separator: ",")
      lines.append("turbine \(fields) \(start + 3_600 * place)000000000")
      let nox = try #require(values.last.flatMap { Double($0) })
      if nox > 100, !isHigh { expected += 1 }
      isHigh = isHigh ? nox >= 95 : nox > 100
    }
    let monitor = try MonitorProcess(Self.turbineSite, in: folder)
    try await send(lines, to: monitor)
    let journal: [JournalLine] = try await monitor.get("/api/v1/journal").json()
    let raised = journal.count { $0.alarm == "NOx high" && $0.to == "unacknowledged" }
    #expect(raised == expected && expected > 0)
    let browser = try await Browser()
    try await browser.look(width: 1_440, height: 900)
    try await browser.open(address(of: monitor))
    let names = "[...document.querySelectorAll('button.name')]"
    try await browser.wait(until: "\(names).some(e => /NOx/.test(e.innerText))")
    try await browser.picture("turbine")
    let _: Bool = try await browser.value(
      "(\(names).find(e => /NOx/.test(e.innerText)).click(), true)")
    try await browser.wait(until: "document.querySelector('dialog svg.history')")
    let _: Bool = try await browser.value(
      "([...document.querySelectorAll('dialog button')].find(e => e.innerText === 'Month')"
        + ".click(), true)")
    try await browser.wait(until: "document.querySelector('dialog svg.history title')")
    try await browser.picture("turbine-month")
    // Nearer by keys: the same middle, half as long.
    let ends =
      "[...document.querySelectorAll('dialog svg.history > text')].slice(-5).map(e => e.textContent)"
    let month: [String] = try await browser.value(ends)
    try await browser.tab(to: "e.title === 'Nearer'")
    try await browser.press(Browser.Key.enter)
    try await browser.wait(until: "\(ends).join() !== '\(month.joined(separator: ","))'")
    let half: [String] = try await browser.value(ends)
    #expect(half.dropFirst(2).first == month.dropFirst(2).first, "the middle: \(half), \(month)")
    #expect(try await browser.value("document.activeElement.title", as: String.self) == "Nearer")
    monitor.end(by: SIGTERM)
  }
}

import Foundation
import TestSupport
import Testing

@Suite("a flood of alarms on the screen", .serialized)
struct FloodTests {
  private let folder = TemporaryFolder()

  /// Forty presses with 250 sensors each, and one oven.
  private static let site =
    "machines:\n"
    + (1...40).map { "  - {name: Press \($0), signals: [\"press.value{press=\($0),*}\"]}\n" }
    .joined() + """
      signals: [{name: oven.temp, place: hall 2}]
      alarms:
        - {name: overload, signal: "press.value{*}", high: 90, priority: high}
        - {name: tripped, signal: "press.value{press=7,sensor=0}", high: 500, priority: critical}
        - {name: oven hot, signal: oven.temp, high: 200}
      """

  private struct Screen: Decodable {
    struct Group: Decodable {
      var place: String
      var count: Int
      var unacknowledged: Int
      var priority: String
      var first: AlarmLine
    }
    var alarms: [AlarmLine]
    var groups: [Group]
    var openAlarms: Int
    var alarmsLeftOut: Int
  }

  /// Alarms on so many sensors of each press within a minute, some seconds ago; press 7 trips before
  /// all others.
  private func flood(
    _ monitor: MonitorProcess, sensors: Int = 250, ago: Int = 60
  ) async throws {
    let start = Int(Date().timeIntervalSince1970) - ago
    var lines = ["press,press=7,sensor=0 value=600 \(start)", "oven temp=210 \(start - 7_200)"]
    for press in 1...40 {
      for sensor in 0..<sensors where (press, sensor) != (7, 0) {
        lines.append("press,press=\(press),sensor=\(sensor) value=95 \(start + 1 + sensor / 10)")
      }
    }
    let sent = try await monitor.post("/write?precision=s", lines.joined(separator: "\n"))
    #expect(sent.status == 204, "\(sent.text)")
  }

  @Test("ten thousand alarms become a line for each press: count, worst priority, first cause")
  func folded() async throws {
    let monitor = try MonitorProcess(Self.site, in: folder)
    try await flood(monitor)
    let answer = try await monitor.get("/api/v1/screen")
    let screen: Screen = try answer.json()
    #expect(screen.openAlarms == 10_002 && screen.alarmsLeftOut == 0)
    #expect(screen.alarms.map(\.name) == ["oven hot"], "it came two hours before the flood")
    #expect(screen.groups.count == 40)
    let first = try #require(screen.groups.first)
    #expect(first.place == "Press 7" && first.count == 251 && first.priority == "critical")
    #expect(["tripped", "overload"].contains(first.first.name))
    #expect(first.first.signal == "press.value{press=7,sensor=0}")
    #expect(screen.groups.dropFirst().allSatisfy { $0.count == 250 && $0.priority == "high" })
    #expect(answer.body.count < 250_000, "\(answer.body.count) bytes each second")
    monitor.end(by: SIGTERM)
  }

  @Test("after a restart the same groups stand, also of alarms that were answered hours later")
  func restarted() async throws {
    let monitor = try MonitorProcess(Self.site, in: folder)
    try await flood(monitor, sensors: 3, ago: 7_200)
    let answer = try await monitor.post(
      "/api/v1/alarms/acknowledge",
      #"{"name":"overload","signal":"press.value{press=3,sensor=1}","who":"shift"}"#)
    #expect(answer.status == 204, "\(answer.text)")
    let before: Screen = try await monitor.get("/api/v1/screen").json()
    monitor.end(by: SIGKILL)
    let again = try MonitorProcess(Self.site, in: folder)
    let after: Screen = try await again.get("/api/v1/screen").json()
    #expect(after.groups.map(\.place) == before.groups.map(\.place) && after.groups.count == 40)
    #expect(after.groups.map(\.count) == before.groups.map(\.count))
    #expect(after.groups.map(\.unacknowledged) == before.groups.map(\.unacknowledged))
    #expect(before.groups.map(\.unacknowledged).sorted().prefix(2) == [2, 3])
    again.end(by: SIGTERM)
  }

  @Test("a group opens by click and by keyboard, is acknowledged as a whole; the page stays quick")
  func opened() async throws {
    let monitor = try MonitorProcess(Self.site, in: folder)
    try await flood(monitor)
    let browser = try await Browser()
    try await browser.look(width: 1_440, height: 900)
    try await browser.open("http://127.0.0.1:\(monitor.ports["http"] ?? 0)/#alarms")
    try await browser.wait(until: "document.querySelectorAll('tbody tr').length == 41")
    let banner: String = try await browser.value("document.querySelector('#banner').innerText")
    #expect(banner.contains("Press 7") && banner.contains("251"), "\(banner)")
    #expect(banner.contains("+ 9751 more"), "\(banner)")
    try await browser.picture("alarms-flood")
    try await expectQuick(browser)
    let _: Bool = try await browser.value(
      "(document.querySelectorAll('tr.group button[aria-expanded]')[1].click(), true)")
    try await browser.wait(until: "document.querySelectorAll('tr.member').length == 201")
    try await browser.tab(to: "/Press 7$/.test(e.title) && e.ariaExpanded === 'false'")
    try await browser.press(Browser.Key.enter)
    try await browser.wait(until: "document.querySelectorAll('tr.member').length == 402")
    let state: String = try await browser.value("document.activeElement.ariaExpanded")
    #expect(state == "true", "the keys stay on the line")
    try await browser.picture("alarms-flood-open")
    try await browser.press(Browser.Key.enter)
    try await browser.wait(until: "document.querySelectorAll('tr.member').length == 201")
    try await browser.tab(to: "/^Act… 1 Press 7/.test(e.title)")
    try await browser.press(Browser.Key.enter)
    try await browser.wait(until: "document.querySelector('dialog').open")
    try await browser.press("Li Wei" + Browser.Key.tab + "breaker")
    try await browser.tab(to: "e.innerText === 'Acknowledge'")
    try await browser.press(Browser.Key.enter)
    try await browser.wait(until: "!document.querySelector('dialog').open")
    // The rest of the other group.
    let _: Bool = try await browser.value(
      "([...document.querySelectorAll('button')].find(e => /^more/.test(e.title)).click(), true)")
    try await browser.wait(until: "document.querySelectorAll('tr.member').length == 250")
    let journal: [JournalLine] = try await monitor.get("/api/v1/journal?newest=251").json()
    #expect(journal.allSatisfy { $0.to == "acknowledged" && $0.who == "Li Wei" })
    #expect(journal.allSatisfy { $0.signal.contains("press=7,") })
    try await browser.wait(until: "!/Press 7 /.test(document.querySelector('#banner').innerText)")
    monitor.end(by: SIGTERM)
  }

  /// No more on the page than a person reads; prints how long its events took to draw.
  private func expectQuick(_ browser: Browser) async throws {
    let size: Int = try await browser.value("document.querySelectorAll('*').length")
    #expect(size < 2_000, "elements")
    let tasks: [Double] = try await browser.value(
      """
      new Promise((done) => {
        const long = [];
        new PerformanceObserver((list) => long.push(...list.getEntries().map((e) => e.duration)))
          .observe({ type: 'longtask', buffered: true });
        setTimeout(() => done(long), 2000);
      })
      """)
    print("tasks of the page over 50 ms in a flood: \(tasks.map { Int($0) }) ms")
  }
}

import Foundation
import TestSupport
import Testing

@Suite("the screen in a browser", .serialized)
struct BrowserTests {
  private let folder = TemporaryFolder()

  /// Something in each panel.
  private static let site = """
    plant: Press shop <b>1</b>
    signals:
      - {name: "machine.temp{*}", label: Temperature, unit: °C, low: 60, high: 90}
      - {name: hall.noise, label: Noise, unit: dB, kind: environment, high: 85}
      - {name: store.level, label: Rack, unit: "%", kind: logistics, low: 10, high: 90}
    machines:
      - {name: Press 2, station: press, state: "machine.state{id=m7}", running: [running],
         idealCycleTime: 8s, signals: ["machine.temp{id=m7}"]}
    shifts: [{name: all, start: "00:00", end: "00:00"}]
    plan: [{quantity: 1200}]
    parts: [{station: press, signal: "parts.count{station=press}", counting: event, output: true}]
    emissions:
      - {outlet: boiler 1, zone: "+00:00", factors: {nox: {signal: stack.nox, limit: 50}}}
    alarms:
      - {name: machine hot, signal: "machine.temp{id=m7}", high: 90, priority: critical}
      - {name: loud, signal: hall.noise, high: 85, priority: high}
      - {name: rack low, signal: store.level, low: 10, priority: low}
      - {name: "<img src=x onerror=document.title='broken'>", signal: "evil.value{*}", high: 5}
    """

  /// Half an hour of the plant up to now, ten seconds apart, all normal.
  private func feed(_ monitor: MonitorProcess) async throws {
    let now = Int(Date().timeIntervalSince1970)
    let lines = stride(from: now - 1_800, through: now, by: 10).enumerated().flatMap {
      place, time in
      [
        "machine,id=m7 temp=\(75 + place % 9),state=\"running\" \(time)",
        "machine,id=m8 temp=\(70 + place % 5) \(time)", "stack nox=\(38 + place % 7) \(time)",
        "hall noise=\(70 + place % 3) \(time)", "store level=\(40 + place % 20) \(time)",
        "inspection,camera=c1 reject=\(place % 17 == 0 ? 1 : 0) \(time)",
        "parts,station=press count=1 \(time)",
      ]
    }
    let answer = try await monitor.post("/write?precision=s", lines.joined(separator: "\n"))
    #expect(answer.status == 204, "\(answer.text)")
  }

  private func address(of monitor: MonitorProcess, _ rest: String = "") -> String {
    "http://127.0.0.1:\(monitor.ports["http"] ?? 0)/\(rest)"
  }

  @Test("five panels; an alarm appears without reload and is acknowledged with keys alone")
  func keyboard() async throws {
    let monitor = try MonitorProcess(Self.site, in: folder)
    try await feed(monitor)
    let browser = try await Browser()
    try await browser.look(width: 1_440, height: 900)
    try await browser.open(address(of: monitor))
    try await browser.wait(until: "document.querySelectorAll('.panel').length == 5")
    let empty: Int = try await browser.value(
      "[...document.querySelectorAll('.panel')].filter(p => p.children.length < 2).length")
    #expect(empty == 0)
    let banner: String = try await browser.value("document.querySelector('#banner').innerText")
    #expect(banner == "All normal")
    let _: Bool = try await browser.value("(window.isStillHere = true)")
    _ = try await monitor.post("/write", "machine,id=m7 temp=95")
    try await browser.wait(until: "/machine hot/.test(document.querySelector('#banner').innerText)")
    #expect(try await browser.value("window.isStillHere === true", as: Bool.self))
    try await browser.picture("screen-light")
    try await browser.tab(to: "e.dataset.view === 'alarms'")
    try await browser.press(Browser.Key.enter)
    try await browser.wait(until: "document.querySelector('td button.act')")
    try await browser.tab(to: "/machine hot/.test(e.title)")
    // A redrawn list keeps the place of the keys.
    _ = try await monitor.post("/write", "machine,id=m7 temp=96\nhall noise=90")
    try await browser.wait(until: "document.querySelectorAll('td button.act').length == 2")
    #expect(
      try await browser.value("/machine hot/.test(document.activeElement.title)", as: Bool.self))
    try await browser.press(Browser.Key.enter)
    try await browser.wait(until: "document.querySelector('dialog').open")
    try await browser.tab(to: "e.id === 'who'")
    try await browser.press("Li Wei" + Browser.Key.tab + "fan cleaned")
    try await browser.tab(to: "e.innerText === 'Acknowledge'")
    try await browser.press(Browser.Key.enter)
    try await browser.wait(until: "!document.querySelector('dialog').open")
    let journal: [JournalLine] = try await monitor.get("/api/v1/journal").json()
    #expect(journal.last?.who == "Li Wei" && journal.last?.comment == "fan cleaned")
    #expect(journal.last?.to == "acknowledged" && journal.last?.alarm == "machine hot")
    monitor.end(by: SIGTERM)
  }

  @Test("a silent signal looks stale, and a monitor that is gone is said to be gone")
  func stale() async throws {
    let site = """
      signals:
        - {name: quick.value, interval: 1s}
        - {name: slow.value, interval: 1h}
      """
    let monitor = try MonitorProcess(site, in: folder)
    _ = try await monitor.post("/write", "quick value=1\nslow value=1")
    let browser = try await Browser()
    try await browser.open(address(of: monitor))
    try await browser.wait(until: "document.querySelectorAll('.reading').length == 2")
    try await browser.wait(until: "document.querySelectorAll('.reading.stale').length == 1")
    let look: [String] = try await browser.value(
      """
      ((row) => [row.innerText, getComputedStyle(row.querySelector('.value')).textDecorationLine])
      (document.querySelector('.reading.stale'))
      """)
    #expect(look[0].contains("stale") && look[1] == "line-through", "\(look)")
    _ = try await monitor.post("/write", "quick value=2")
    try await browser.wait(until: "document.querySelectorAll('.reading.stale').length == 0")
    monitor.end(by: SIGKILL)
    try await browser.wait(until: "/No news/.test(document.querySelector('#banner').innerText)")
    #expect(try await browser.value("document.body.classList.contains('frozen')", as: Bool.self))
  }

  @Test("names with markup stay text, and nothing scrolls sideways on a telephone")
  func hostileNames() async throws {
    let monitor = try MonitorProcess(Self.site, in: folder)
    try await feed(monitor)
    let name = #"<img\ src\=x\ onerror\=document.title\='broken'>"#
    let long = String(repeating: "sehr_langer_name_", count: 12)
    let sent = try await monitor.post(
      "/write", "evil,tag=\(name) value=9\nevil,tag=\(long) value=9\nevil,tag=w text=\"<b>x</b>\"")
    #expect(sent.status == 204, "\(sent.text)")
    let browser = try await Browser()
    try await browser.look(width: 390, height: 844)
    for view in ["screen", "alarms", "journal", "signals", "kpis"] {
      try await browser.open(address(of: monitor, "#\(view)"))
      try await browser.wait(until: "/onerror/.test(document.querySelector('main').innerText)")
      let marks: Int = try await browser.value(
        "document.querySelectorAll('main img, main b b, h1 b, td b').length")
      #expect(marks == 0, "\(view)")
      #expect(
        try await browser.value("document.title", as: String.self).hasPrefix("Press shop <b>"))
      let width: Int = try await browser.value("document.documentElement.scrollWidth")
      #expect(width <= 390, "\(view)")
      try await browser.picture("phone-\(view)")
    }
    monitor.end(by: SIGTERM)
  }

  @Test("Chinese from title to button")
  func chinese() async throws {
    let monitor = try MonitorProcess(Self.site, in: folder)
    try await feed(monitor)
    _ = try await monitor.post("/write", "machine,id=m7 temp=95")
    let browser = try await Browser()
    try await browser.look(width: 1_440, height: 900)
    try await browser.open(address(of: monitor, "?lang=zh"))
    try await browser.wait(until: "document.querySelectorAll('.panel').length == 5")
    let titles: [String] = try await browser.value(
      "[...document.querySelectorAll('.panel h2')].map(e => e.lastChild.textContent)")
    #expect(titles == ["设备", "环境与排放", "物流", "生产", "质量"])
    #expect(try await browser.value("document.documentElement.lang", as: String.self) == "zh")
    try await browser.picture("screen-chinese")
    monitor.end(by: SIGTERM)
  }

  @Test("every text stands out from what is behind it (WCAG AA), bright and dark")
  func contrast() async throws {
    let monitor = try MonitorProcess(Self.site, in: folder)
    try await feed(monitor)
    _ = try await monitor.post(
      "/write", "machine,id=m7 temp=95\nhall noise=99\nstore level=1\nevil,tag=w value=9")
    for (action, alarm) in [("acknowledge", "loud"), ("shelve", "rack low")] {
      let body = #"{"name":"\#(alarm)","who":"Li","minutes":5}"#
      #expect(try await monitor.post("/api/v1/alarms/\(action)", body).status == 204)
    }
    struct Result: Decodable {
      var texts: Int
      var faults: [String]
    }
    let script = try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("contrast.js"), encoding: .utf8)
    let browser = try await Browser()
    for scheme in ["light", "dark"] {
      try await browser.look(width: 1_440, height: 900, scheme: scheme)
      for view in ["screen", "alarms", "journal", "signals", "kpis"] {
        try await browser.open(address(of: monitor, "?\(scheme)#\(view)"))
        try await browser.wait(until: "document.querySelector('main').innerText.length > 60")
        let result: Result = try await browser.value(script)
        #expect(result.texts > 20 && result.faults == [], "\(scheme) \(view)")
        if view == "screen" || view == "alarms" {
          try await browser.picture("\(view)-\(scheme)")
        }
      }
      try await browser.open(address(of: monitor, "?\(scheme)#alarms"))
      try await browser.wait(until: "document.querySelector('td button.act')")
      let _: Bool = try await browser.value(
        "(document.querySelector('td button.act').click(), true)")
      let result: Result = try await browser.value(script)
      #expect(result.faults == [], "\(scheme) dialog")
    }
    monitor.end(by: SIGTERM)
  }

  @Test("the whole page is below 300 KB, and asks no other host")
  func weight() async throws {
    let monitor = try MonitorProcess(Self.site, in: folder)
    try await feed(monitor)
    let browser = try await Browser()
    try await browser.open(address(of: monitor))
    try await browser.wait(until: "document.querySelectorAll('.panel').length == 5")
    struct Load: Decodable {
      var bytes: Double
      var hosts: [String]
      var paint: Double
    }
    let load: Load = try await browser.value(
      """
      ((all) => ({
        bytes: all.reduce((sum, e) => sum + (e.transferSize || 0), 0),
        hosts: [...new Set(all.map(e => new URL(e.name).host))],
        paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1 }))
      ([...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')])
      """)
    print("first paint \(Int(load.paint)) ms, page \(Int(load.bytes / 1_000)) KB")
    #expect(load.bytes > 10_000 && load.bytes < 300_000)
    #expect(load.hosts == ["127.0.0.1:\(monitor.ports["http"] ?? 0)"])
    monitor.end(by: SIGTERM)
  }
}

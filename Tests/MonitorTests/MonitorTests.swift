import Foundation
import TestSupport
import Testing

/// The site file of the README.
private let site = """
  database: gemba.sqlite
  signals: auto
  alarms:
    - name: machine hot
      signal: machine.temp{id=m7}
      high: 90
      deadband: 2
  """

@Suite("gemba monitor", .serialized)
struct MonitorTests {
  let folder = TemporaryFolder()

  @Test("a line over HTTP raises the alarm, and the journal has the transition")
  func raises() async throws {
    let monitor = try MonitorProcess(site, in: folder)
    #expect(try await monitor.get("/healthz").status == 200)
    let answer = try await monitor.post(
      "/write?precision=s",
      "machine,id=m7 temp=85 1760000000\nmachine,id=m7 temp=92 1760000010\n")
    #expect(answer.status == 204)
    let alarms: [AlarmLine] = try await monitor.get("/api/v1/alarms").json()
    #expect(
      alarms == [
        AlarmLine(
          name: "machine hot", signal: "machine.temp{id=m7}", state: "unacknowledged", value: 92,
          limit: 90, since: "2025-10-09T08:53:30Z", priority: "medium")
      ])
    let journal: [JournalLine] = try await monitor.get("/api/v1/journal").json()
    #expect(journal.count == 1)
    #expect(journal.first?.serial == 1)
    #expect(journal.first?.from == "normal" && journal.first?.to == "unacknowledged")
    monitor.end(by: SIGTERM)
  }

  @Test("kill -9 and a start later everything stands where it stood, with no transition added")
  func survivesKill() async throws {
    let first = try MonitorProcess(site, in: folder)
    for second in 0..<200 {
      let value = second % 20 < 10 ? 80 : 95
      let answer = try await first.post(
        "/write?precision=s", "machine,id=m7 temp=\(value) \(1_760_000_000 + second)")
      #expect(answer.status == 204)
    }
    let before: [JournalLine] = try await first.get("/api/v1/journal").json()
    let alarms: [AlarmLine] = try await first.get("/api/v1/alarms").json()
    first.end(by: SIGKILL)
    let second = try MonitorProcess(site, in: folder)
    let after: [JournalLine] = try await second.get("/api/v1/journal").json()
    #expect(after == before && before.count >= 10)
    #expect(try await second.get("/api/v1/alarms").json([AlarmLine].self) == alarms)
    #expect(after.map(\.serial) == Array(1...after.count))
    second.end(by: SIGTERM)
  }

  @Test("SIGTERM ends it with exit code 0 and nothing but plain lines on standard error")
  func endsCleanly() async throws {
    let monitor = try MonitorProcess(site, in: folder)
    _ = try await monitor.post("/write", "machine,id=m7 temp=85")
    let (code, errors) = monitor.end(by: SIGTERM)
    #expect(code == 0)
    #expect(errors.split(separator: "\n").allSatisfy { $0.hasPrefix("gemba: ") }, "\(errors)")
  }

  @Test("the log is an object a line on wish, with time and level")
  func logsJSON() async throws {
    struct Entry: Decodable {
      var time: String
      var level: String
      var message: String
    }
    let monitor = try MonitorProcess(
      site, in: folder,
      options: "--log json")
    monitor.send(SIGHUP)
    let (_, errors) = monitor.end(by: SIGTERM)
    let entries = try errors.split(separator: "\n").map {
      try JSONDecoder().decode(Entry.self, from: Data($0.utf8))
    }
    #expect(entries.first?.message.hasPrefix("http on port ") == true)
    #expect(entries.allSatisfy { $0.level == "info" && $0.time.hasPrefix("20") }, "\(errors)")
    #expect(entries.last?.message.hasPrefix("stopped") == true)
  }

  @Test("bad lines are named with number and reason, and the good ones beside them are kept")
  func namesBadLines() async throws {
    let monitor = try MonitorProcess(site, in: folder)
    let answer = try await monitor.post(
      "/write?precision=s",
      "machine,id=m7 temp=85 1760000000\nmachine,id=m7 temp= 1760000001\n"
        + "machine,id=m7 temp=86 1760000002\n")
    #expect(answer.status == 400)
    #expect(answer.text.contains("line 2"), "\(answer.text)")
    struct Signal: Decodable {
      var name: String
      var value: Double
    }
    let signals: [Signal] = try await monitor.get("/api/v1/signals").json()
    // At the turn of a minute the monitor records how much it refused.
    #expect(signals.filter { !$0.name.hasPrefix("monitor.") }.map(\.value) == [86])
    monitor.end(by: SIGTERM)
  }

  @Test("an operator acknowledges with a name and a comment, and both are on record")
  func acknowledges() async throws {
    let monitor = try MonitorProcess(site, in: folder)
    _ = try await monitor.post("/write", "machine,id=m7 temp=95")
    let refused = try await monitor.post(
      "/api/v1/alarms/acknowledge", #"{"name":"machine hot","who":" "}"#)
    #expect(refused.status == 400)
    let done = try await monitor.post(
      "/api/v1/alarms/acknowledge",
      #"{"name":"machine hot","who":"Li Wei","comment":"fan cleaned"}"#)
    #expect(done.status == 204)
    let journal: [JournalLine] = try await monitor.get("/api/v1/journal").json()
    #expect(journal.last?.to == "acknowledged")
    #expect(journal.last?.who == "Li Wei" && journal.last?.comment == "fan cleaned")
    monitor.end(by: SIGTERM)
  }

  @Test("SIGHUP takes new rules over and keeps the state; a faulty file is refused, the old stays")
  func readsSiteAgain() async throws {
    let monitor = try MonitorProcess(site, in: folder)
    _ = try await monitor.post("/write", "machine,id=m7 temp=95")
    let path = folder.file("site.yaml")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing("high: 90", with: "hihg: 90")
      .write(toFile: path, atomically: true, encoding: .utf8)
    monitor.send(SIGHUP)
    let more = text + "\n  - name: machine cold\n    signal: machine.temp{id=m7}\n    low: 5\n"
    try await Task.sleep(for: .milliseconds(200))
    try more.write(toFile: path, atomically: true, encoding: .utf8)
    monitor.send(SIGHUP)
    let alarms: [AlarmLine] = try await monitor.wait(for: "/api/v1/alarms") { $0.count == 2 }
    #expect(alarms.first { $0.name == "machine hot" }?.state == "unacknowledged")
    #expect(alarms.map(\.name).contains("machine cold"))
    let (_, errors) = monitor.end(by: SIGTERM)
    #expect(errors.contains("hihg") && errors.contains("high"), "\(errors)")
  }
}

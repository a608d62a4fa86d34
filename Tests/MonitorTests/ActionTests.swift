import Foundation
import NIOHTTP1
import TestSupport
import Testing

/// One alarm, and what is to be done because of it.
private func site(_ actions: String) -> String {
  """
  database: gemba.sqlite
  alarms:
    - {name: machine hot, signal: "machine.temp{id=m7}", high: 90, deadband: 2}
    - {name: machine cold, signal: "machine.temp{id=m7}", low: 10}
  actions:
  \(actions)
  """
}

/// What a receiver is told.
private struct Word: Decodable {
  var serial: Int
  var alarm: String
  var signal: String
  var from: String
  var to: String
  var value: Double?
  var limit: Double?
  var priority: String
}

/// An order of `/api/v1/actions`.
private struct Order: Decodable {
  var serial: Int
  var action: String
  var state: String
  var attempts: Int
  var fault: String?
}

@Suite("actions of alarms", .serialized)
struct ActionTests {
  private let folder = TemporaryFolder()

  /// The temperatures of machine m7, a second apart.
  private func send(_ values: [Int], from second: Int = 0, to monitor: MonitorProcess) async throws
  {
    for (place, value) in values.enumerated() {
      let time = 1_760_000_000 + second + place
      let answer = try await monitor.post(
        "/write?precision=s", "machine,id=m7 temp=\(value) \(time)")
      #expect(answer.status == 204)
    }
  }

  @Test("a webhook that first refuses is told of every transition in order, until it takes it")
  func webhook() async throws {
    let receiver = try Receiver(refusals: 2)
    let monitor = try MonitorProcess(
      site(
        """
          - {name: hook, webhook: "http://127.0.0.1:\(receiver.port)/alarms", alarms: "*hot",
             headers: {Authorization: Bearer abc}, wait: 10ms}
        """), in: folder)
    try await send([92, 85, 5], to: monitor)
    let posts = try await receiver.posts(4)
    #expect(posts.map(\.status.code) == [503, 503, 200, 200])
    #expect(posts.allSatisfy { $0.path == "/alarms" })
    #expect(posts.allSatisfy { $0.headers["Authorization"] == ["Bearer abc"] })
    let words = try posts.map { try $0.json(Word.self) }
    #expect(words.map(\.serial) == [1, 1, 1, 2])
    #expect(words.map(\.to) == ["unacknowledged", "unacknowledged", "unacknowledged", "returned"])
    #expect(words[0].alarm == "machine hot" && words[0].signal == "machine.temp{id=m7}")
    #expect(words[0].value == 92 && words[0].limit == 90 && words[0].priority == "medium")
    let done = try await monitor.wait(for: "/api/v1/actions?state=done", as: [Order].self) {
      $0.count == 2
    }
    #expect(done.map(\.attempts) == [3, 1])
    let metrics = try await monitor.get("/metrics").text
    #expect(metrics.contains("\ngemba_actions_total 2\n"), "\(metrics)")
    #expect(metrics.contains("\ngemba_actions_failed_total 2\n"), "\(metrics)")
    monitor.end(by: SIGTERM)
  }

  @Test("kill -9 between transition and delivery: the next start delivers it")
  func survivesKill() async throws {
    let port = try FreePort.find()
    let text = site("  - {name: hook, webhook: \"http://127.0.0.1:\(port)/\", wait: 50ms}")
    let first = try MonitorProcess(text, in: folder)
    try await send([92, 85], to: first)
    let waiting: [Order] = try await first.get("/api/v1/actions?state=pending").json()
    #expect(waiting.map(\.serial) == [1, 2])
    first.end(by: SIGKILL)
    let receiver = try Receiver(port: port)
    let second = try MonitorProcess(text, in: folder)
    let posts = try await receiver.posts(2)
    #expect(try posts.map { try $0.json(Word.self).serial } == [1, 2])
    let done = try await second.wait(for: "/api/v1/actions?state=done", as: [Order].self) {
      $0.count == 2
    }
    #expect(done.map(\.serial) == [1, 2])
    #expect(try await second.get("/api/v1/journal").json([JournalLine].self).count == 2)
    second.end(by: SIGTERM)
    // What has been done is not done again.
    let third = try MonitorProcess(text, in: folder)
    try await send([95], from: 10, to: third)
    #expect(try await receiver.posts(3).map { try $0.json(Word.self).serial } == [1, 2, 3])
    third.end(by: SIGTERM)
  }

  @Test("after the last attempt an order is a dead letter, and the next has its turn")
  func deadLetters() async throws {
    let receiver = try Receiver(refusals: 2)
    let monitor = try MonitorProcess(
      site(
        """
          - {name: hook, webhook: "http://127.0.0.1:\(receiver.port)/", attempts: 2, wait: 1ms}
          - {name: gone, command: [no-such-program], attempts: 1}
        """), in: folder)
    try await send([92, 85], to: monitor)
    let dead = try await monitor.wait(for: "/api/v1/actions", as: [Order].self) { $0.count == 3 }
    let letter = try #require(dead.first { $0.action == "hook" })
    #expect(letter.serial == 1 && letter.attempts == 2 && letter.state == "dead")
    #expect(letter.fault?.contains("answered with status 503") == true, "\(letter)")
    let program = try #require(dead.first { $0.action == "gone" })
    #expect(program.fault?.contains("no-such-program: ended with code 127") == true, "\(program)")
    #expect(try await receiver.posts(3).map { try $0.json(Word.self).serial } == [1, 1, 2])
    monitor.end(by: SIGTERM)
  }

  @Test("Alertmanager is told of an alert that lasts, and of its end under the same labels")
  func alertmanager() async throws {
    struct Alert: Decodable {
      var labels: [String: String]
      var annotations: [String: String]
      var startsAt: String?
      var endsAt: String
    }
    let receiver = try Receiver()
    let monitor = try MonitorProcess(
      site("  - {name: am, alertmanager: \"http://127.0.0.1:\(receiver.port)\"}"), in: folder)
    try await send([92, 85], to: monitor)
    let posts = try await receiver.posts(2)
    #expect(posts.allSatisfy { $0.path == "/api/v2/alerts" })
    let alerts = try posts.flatMap { try $0.json([Alert].self) }
    #expect(
      alerts.map(\.labels)
        == Array(
          repeating: [
            "alertname": "machine hot", "signal": "machine.temp{id=m7}", "severity": "medium",
          ], count: 2))
    #expect(alerts[0].startsAt == "2025-10-09T08:53:20Z")
    #expect(alerts[0].endsAt == "2026-10-09T08:53:20Z")
    #expect(alerts[1].startsAt == nil && alerts[1].endsAt == "2025-10-09T08:53:21Z")
    #expect(alerts[0].annotations["value"] == "92" && alerts[0].annotations["limit"] == "90")
    monitor.end(by: SIGTERM)
  }

  @Test("a program reads each transition from standard input; one that hangs is killed")
  func command() async throws {
    let monitor = try MonitorProcess(
      site(
        """
          - {name: note, command: [tee, -a, notes.txt], states: [unacknowledged]}
          - {name: hang, command: [sleep, "600"], attempts: 1, timeout: 50ms}
        """), in: folder)
    try await send([92, 85, 93], to: monitor)
    _ = try await monitor.wait(for: "/api/v1/actions?state=done", as: [Order].self) {
      $0.count == 2
    }
    let notes = try String(contentsOfFile: folder.file("notes.txt"), encoding: .utf8)
    let words = try notes.split(separator: "\n").map {
      try JSONDecoder().decode(Word.self, from: Data($0.utf8))
    }
    #expect(words.map(\.serial) == [1, 3] && words.map(\.value) == [92, 93])
    let dead = try await monitor.wait(for: "/api/v1/actions", as: [Order].self) { $0.count == 3 }
    #expect(dead.allSatisfy { $0.fault?.contains("not done within 0.05 s") == true }, "\(dead)")
    monitor.end(by: SIGTERM)
  }

  @Test("a broker has the message before the order counts as done")
  func publish() async throws {
    struct Signal: Decodable {
      var name: String
      var value: Double?
    }
    let broker = try Broker(in: folder)
    let monitor = try MonitorProcess(
      site(
        """
          - {name: tell, publish: {broker: "127.0.0.1:\(broker.port)", topic: plant/alarms}}
        mqtt:
          - broker: 127.0.0.1:\(broker.port)
            topics: [{topic: plant/alarms, values: {value: "echo.value", serial: "echo.serial"}}]
        """), in: folder)
    _ = try await monitor.wait(for: "/api/v1/signals", as: [Signal].self) { signals in
      signals.contains { $0.name.hasPrefix("mqtt.connected") && $0.value == 1 }
    }
    try await send([92], to: monitor)
    let signals = try await monitor.wait(for: "/api/v1/signals", as: [Signal].self) { signals in
      signals.contains { $0.name == "echo.serial" }
    }
    #expect(signals.first { $0.name == "echo.value" }?.value == 92)
    let done = try await monitor.wait(for: "/api/v1/actions?state=done", as: [Order].self) {
      $0.count == 1
    }
    #expect(done.first?.attempts == 1)
    monitor.end(by: SIGTERM)
  }

  @Test("a lamp and a register follow the alarm; what the device missed is written when it is back")
  func modbusWrite() async throws {
    guard let server = try ModbusServer(in: folder, isStarted: false) else { return }
    let device = "device: \"127.0.0.1:\(server.port)\""
    let monitor = try MonitorProcess(
      site(
        """
          - {name: lamp, modbusWrite: {\(device), coil: 1, value: 1, cleared: 0}, wait: 20ms}
          - name: speed
            modbusWrite: {\(device), holdingRegister: 4, type: float32, order: cdab, value: -1.5}
            alarms: "*hot"
            wait: 20ms
          - {name: none, modbusWrite: {\(device), coil: 99, value: 1}, attempts: 1}
        """), in: folder)
    try await send([92], to: monitor)
    // Nobody listens there yet.
    let failed = try await monitor.wait(for: "/api/v1/actions", as: [Order].self) {
      $0.contains { $0.action == "none" }
    }
    let fault = failed.first { $0.action == "none" }?.fault ?? ""
    #expect(fault.hasPrefix("modbus device 127.0.0.1:\(server.port): no answer, "), "\(fault)")
    server.start()
    _ = try await server.writes(2)
    try await send([85, 93], from: 1, to: monitor)
    let writes = try await server.writes(5)
    #expect(writes.filter { $0.table == "co" }.map(\.values) == [[1], [0], [1]])
    #expect(writes.filter { $0.table == "co" }.allSatisfy { $0.address == 1 })
    // -1.5 is 0xBFC00000; the low register goes first.
    let speeds = writes.filter { $0.table == "hr" }
    #expect(speeds.allSatisfy { $0 == .init(table: "hr", address: 4, values: [0, 0xBFC0]) })
    #expect(speeds.count == 2)
    let dead = try await monitor.wait(for: "/api/v1/actions", as: [Order].self) { $0.count == 2 }
    let refusal = dead.last?.fault ?? ""
    #expect(refusal.contains("coil 99: refused, Illegal data address"), "\(refusal)")
    monitor.end(by: SIGTERM)
  }
}

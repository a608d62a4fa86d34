import Foundation
import TestSupport
import Testing

/// A line of `/api/v1/adjustments`.
private struct Line: Decodable {
  var serial: Int
  var alarm: String
  var kind: String
  var output: String
  var value: Double?
  var previous: Double?
  var outcome: String
  var comment: String?
}

@Suite("adjustments of the process", .serialized)
struct AdjustmentTests {
  private let folder = TemporaryFolder()

  /// Register 3 stands at 300, which is 30; it is written and read back.
  private func site(
    _ server: ModbusServer, armed: Bool = true, change: String = "step: -5",
    limit: String = "1 per 10m", every: String = "20ms"
  ) -> String {
    """
    \(armed ? "armed: true" : "")
    database: gemba.sqlite
    alarms:
      - {name: machine hot, signal: "machine.temp{id=m7}", high: 90, deadband: 2}
      - {name: tank empty, signal: tank.level, low: 10}
    modbus:
      - device: 127.0.0.1:\(server.port)
        every: \(every)
        points: [{signal: oven.set, holdingRegister: 3, scale: 0.1}]
    actions:
      - name: cool
        adjust:
          modbusWrite: {device: "127.0.0.1:\(server.port)", holdingRegister: 3, scale: 0.1}
          readBack: oven.set
          \(change)
          low: 20
          high: 35
          atMost: \(limit)
          undo: previous
        alarms: machine hot
        wait: 20ms
      - name: hand
        modbusWrite: {device: "127.0.0.1:\(server.port)", holdingRegister: 3, value: 222}
        alarms: tank empty
    """
  }

  private struct Signal: Decodable {
    var name: String
    var value: Double?
    var quality: String
  }

  /// Returns when the read-back signal says so.
  private func wait(for value: Double, _ monitor: MonitorProcess) async throws {
    let found = try await monitor.wait(for: "/api/v1/signals", as: [Signal].self) { signals in
      signals.contains {
        $0.name == "oven.set" && $0.quality == "good" && abs(($0.value ?? 0) - value) < 1e-6
      }
    }
    #expect(found.first { $0.name == "oven.set" }?.value.map { abs($0 - value) < 1e-6 } == true)
  }

  private func send(
    _ value: Int, at second: Int, of signal: String = "machine,id=m7 temp",
    to monitor: MonitorProcess
  ) async throws {
    let answer = try await monitor.post(
      "/write?precision=s", "\(signal)=\(value) \(1_760_000_000 + second)")
    #expect(answer.status == 204)
  }

  private func lines(
    _ monitor: MonitorProcess, until isMet: ([Line]) -> Bool
  ) async throws -> [Line] {
    try await monitor.wait(for: "/api/v1/adjustments", as: [Line].self, until: isMet)
  }

  @Test("a step from the read-back value is written, and put back when the alarm clears")
  func armed() async throws {
    guard let server = try ModbusServer(in: folder) else { return }
    let monitor = try MonitorProcess(site(server), in: folder)
    try await wait(for: 30, monitor)
    try await send(92, at: 0, to: monitor)
    #expect(try await server.writes(1).map(\.values) == [[250]])
    try await wait(for: 25, monitor)
    try await send(85, at: 1, to: monitor)
    #expect(try await server.writes(2).map(\.values) == [[250], [300]])
    let journal = try await lines(monitor) { $0.count == 2 && $0[1].outcome == "written" }
    #expect(journal.map(\.kind) == ["adjust", "undo"])
    #expect(journal.map(\.value) == [25, 30] && journal.map(\.serial) == [1, 2])
    #expect(journal.map(\.outcome) == ["written", "written"])
    #expect(journal.allSatisfy { $0.alarm == "machine hot" })
    #expect(journal[0].previous.map { abs($0 - 30) < 1e-9 } == true)
    #expect(journal[0].output == "127.0.0.1:\(server.port) holdingRegister 3")
    // The journal of alarms has its own two lines and no more.
    #expect(try await monitor.get("/api/v1/journal").json([JournalLine].self).count == 2)
    monitor.end(by: SIGTERM)
  }

  @Test("not armed, the journal says what would have been written, and nothing is")
  func dryRun() async throws {
    guard let server = try ModbusServer(in: folder) else { return }
    let monitor = try MonitorProcess(site(server, armed: false), in: folder)
    try await wait(for: 30, monitor)
    try await send(92, at: 0, to: monitor)
    try await send(85, at: 1, to: monitor)
    let journal = try await lines(monitor) { $0.count == 2 }
    #expect(journal.map(\.outcome) == ["dryRun", "dryRun"])
    #expect(journal.map(\.value) == [25, 30])
    // What is written later by another action is the first that the device hears.
    try await send(5, at: 2, of: "tank level", to: monitor)
    #expect(try await server.writes(1).map(\.values) == [[222]])
    let end = monitor.end(by: SIGTERM)
    #expect(end.errors.contains("actions, cool: not armed"), "\(end.errors)")
  }

  @Test("kill -9 while the device is away: after the restart it is put back, once")
  func survivesKill() async throws {
    guard let server = try ModbusServer(in: folder) else { return }
    let first = try MonitorProcess(site(server, change: "value: 21"), in: folder)
    try await wait(for: 30, first)
    try await send(92, at: 0, to: first)
    #expect(try await server.writes(1).map(\.values) == [[210]])
    _ = try await lines(first) { $0.first?.outcome == "written" }
    server.stop()
    try await send(85, at: 1, to: first)
    let waiting = try await lines(first) { $0.count == 2 }
    #expect(waiting.map(\.outcome) == ["written", "pending"])
    first.end(by: SIGKILL)
    server.start()
    let second = try MonitorProcess(site(server, change: "value: 21"), in: folder)
    let journal = try await lines(second) { $0.last?.outcome == "written" }
    #expect(journal.map(\.outcome) == ["written", "written"])
    #expect(try await server.writes(2).map(\.values) == [[210], [300]])
    second.end(by: SIGTERM)
  }

  @Test("an alarm that clears before the device is back: only the last order reaches it")
  func overtaken() async throws {
    guard let server = try ModbusServer(in: folder) else { return }
    // Read once: a poll that fails first would make the read-back bad, and hold the adjustment.
    let monitor = try MonitorProcess(site(server, every: "1h"), in: folder)
    try await wait(for: 30, monitor)
    server.stop()
    try await send(92, at: 0, to: monitor)
    try await send(85, at: 1, to: monitor)
    _ = try await lines(monitor) { $0.count == 2 && $0[0].outcome == "overtaken" }
    server.start()
    let journal = try await lines(monitor) { $0.count == 2 && $0[1].outcome == "written" }
    #expect(journal.map(\.outcome) == ["overtaken", "written"])
    #expect(try await server.writes(1).map(\.values) == [[300]])
    monitor.end(by: SIGTERM)
  }

  @Test("a flapping alarm is held back by the limit, and served once that permits")
  func flapping() async throws {
    guard let server = try ModbusServer(in: folder) else { return }
    let monitor = try MonitorProcess(site(server, limit: "1 per 3s"), in: folder)
    try await wait(for: 30, monitor)
    for (second, value) in [92, 85, 92, 85, 92].enumerated() {
      try await send(value, at: second, to: monitor)
    }
    // In time for the limit or not, the alarm that holds in the end is served in the end.
    let journal = try await lines(monitor) {
      $0.last?.outcome == "written" && $0.last?.kind == "adjust" && $0.count >= 5
    }
    #expect(journal.prefix(2).map(\.kind) == ["adjust", "undo"])
    let delayed = journal.filter { $0.outcome == "delayed" }
    #expect(delayed.allSatisfy { $0.comment?.hasPrefix("at most 1 per 3 s; again at ") == true })
    #expect(journal.last?.value == 25 && journal.last?.outcome == "written")
    let writes = try await server.writes(2).map(\.values)
    #expect(writes.last == [250])
    monitor.end(by: SIGTERM)
  }

  @Test("an adjustment in force does not leave the site file: the old file stays, and undoes it")
  func leavesOnReload() async throws {
    guard let server = try ModbusServer(in: folder) else { return }
    let monitor = try MonitorProcess(site(server), in: folder)
    try await wait(for: 30, monitor)
    try await send(92, at: 0, to: monitor)
    _ = try await lines(monitor) { $0.first?.outcome == "written" }
    let file = folder.file("site.yaml")
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try text.replacing("name: cool", with: "name: warm").write(
      toFile: file, atomically: true, encoding: .utf8)
    monitor.wait(toSay: "the rules in use stay")
    try await send(85, at: 1, to: monitor)
    let journal = try await lines(monitor) { $0.count == 2 && $0[1].outcome == "written" }
    #expect(journal.map(\.kind) == ["adjust", "undo"])
    #expect(try await server.writes(2).map(\.values) == [[250], [300]])
    let said = monitor.end(by: SIGTERM).errors
    #expect(said.contains("actions, cool: the adjustment is in force ("), "\(said)")
  }

  @Test("one that left while nobody ran is said to stay, and undone once it is back in the file")
  func leavesWhileDown() async throws {
    guard let server = try ModbusServer(in: folder) else { return }
    let first = try MonitorProcess(site(server), in: folder)
    try await wait(for: 30, first)
    try await send(92, at: 0, to: first)
    _ = try await lines(first) { $0.first?.outcome == "written" }
    first.end(by: SIGKILL)
    for _ in 0..<2 {
      let other = site(server).replacing("name: cool", with: "name: warm")
      let second = try MonitorProcess(other, in: folder)
      try await send(85, at: 1, to: second)
      let journal = try await lines(second) { $0.count == 2 }
      #expect(journal.map(\.kind) == ["adjust", "left"])
      #expect(
        journal.last?.comment?.hasPrefix(
          "no longer in the site file: 127.0.0.1:\(server.port) holdingRegister 3 stays at 25, "
            + "it was at 30 before; ") == true, "\(journal.last?.comment ?? "")")
      let said = second.end(by: SIGTERM).errors
      #expect(said.contains("actions, cool: no longer in the site file"), "\(said)")
    }
    let third = try MonitorProcess(site(server), in: folder)
    let journal = try await lines(third) { $0.last?.outcome == "written" }
    #expect(journal.map(\.kind) == ["adjust", "left", "undo"])
    #expect(try await server.writes(2).map(\.values) == [[250], [300]])
    third.end(by: SIGTERM)
  }

  @Test("what another hand has changed meanwhile is left alone")
  func otherHand() async throws {
    guard let server = try ModbusServer(in: folder) else { return }
    let monitor = try MonitorProcess(site(server), in: folder)
    try await wait(for: 30, monitor)
    try await send(92, at: 0, to: monitor)
    try await wait(for: 25, monitor)
    try await send(5, at: 1, of: "tank level", to: monitor)
    try await wait(for: 22.2, monitor)
    try await send(85, at: 2, to: monitor)
    let journal = try await lines(monitor) { $0.count == 2 }
    #expect(journal.map(\.outcome) == ["written", "held"])
    #expect(
      journal.last?.comment
        == "oven.set is 22.2, not the 25 that was written: changed by another hand, left alone")
    #expect(try await server.writes(2).map(\.values) == [[250], [222]])
    monitor.end(by: SIGTERM)
  }
}

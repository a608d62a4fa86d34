import Foundation
import TestSupport
import Testing

@Suite("a running monitor: its operators' commands, its site file read again", .serialized)
struct ReloadTests {
  private let folder = TemporaryFolder()

  private func site(_ more: String = "") -> String {
    """
    database: gemba.sqlite
    alarms: [{name: machine hot, signal: "machine.temp{id=m7}", high: 90, latch: true}]
    \(more)
    """
  }

  private func send(_ value: Int, at second: Int, to monitor: MonitorProcess) async throws {
    let answer = try await monitor.post(
      "/write?precision=s", "machine,id=m7 temp=\(value) \(1_760_000_000 + second)")
    #expect(answer.status == 204)
  }

  /// Runs `gemba` and gives its exit code and what it says.
  private func gemba(_ words: [String]) throws -> (code: Int32, said: String) {
    let process = Process()
    process.executableURL = MonitorProcess.gemba
    process.arguments = words
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self))
  }

  @Test("gemba alarms ack, reset, shelve and the others do it and stand in the journal")
  func operators() async throws {
    let monitor = try MonitorProcess(site(), in: folder)
    try await send(92, at: 0, to: monitor)
    let place = ["--monitor", "http://127.0.0.1:\(monitor.ports["http"] ?? 0)", "--who", "ana"]
    func operate(_ words: String...) throws -> (code: Int32, said: String) {
      try gemba(["alarms"] + words + place)
    }
    let acknowledged = try operate("ack", "machine hot", "--comment", "on my way")
    #expect(acknowledged.code == 0 && acknowledged.said == "gemba: machine hot: acknowledged\n")
    try await send(80, at: 1, to: monitor)
    #expect(try operate("reset", "machine hot", "--signal", "machine.temp{id=m7}").code == 0)
    #expect(try operate("shelve", "machine hot", "--for", "30m").code == 0)
    #expect(try operate("unshelve", "machine hot").code == 0)
    #expect(try operate("out-of-service", "machine hot").code == 0)
    #expect(try operate("return-to-service", "machine hot").code == 0)
    let journal: [JournalLine] = try await monitor.get("/api/v1/journal").json()
    #expect(
      journal.map(\.to) == [
        "unacknowledged", "acknowledged", "returned", "normal", "shelved", "normal",
        "outOfService", "normal",
      ])
    #expect(journal[1].who == "ana" && journal[1].comment == "on my way")
    let refused = try operate("ack", "machine hot")
    #expect(refused.code == 1)
    #expect(refused.said.contains("the alarm is normal, expected a state in which"), "\(refused)")
    let unknown = try operate("ack", "machine hto")
    #expect(unknown.said.contains("there is no such alarm"), "\(unknown)")
    monitor.end(by: SIGTERM)
    let gone = try operate("ack", "machine hot")
    #expect(gone.code == 1 && gone.said.contains("no monitor answers"), "\(gone)")
  }

  private struct Signal: Decodable {
    var name: String
    var value: Double?
  }

  @Test("devices, brokers and actions of a changed site file come and go without a restart")
  func reload() async throws {
    guard let server = try ModbusServer(in: folder) else { return }
    let broker = try Broker(in: folder)
    let receiver = try Receiver()
    let monitor = try MonitorProcess(site(), in: folder)
    try await send(92, at: 0, to: monitor)
    let listen = "listen: {http: 127.0.0.1:0}\n"
    func write(_ text: String) throws {
      try (listen + text).write(
        toFile: folder.file("site.yaml"), atomically: true, encoding: .utf8)
    }
    let devices = """
      modbus:
        - {device: "127.0.0.1:\(server.port)", every: 50ms, points: [{signal: oven.count, inputRegister: 1}]}
      mqtt: [{broker: "127.0.0.1:\(broker.port)"}]
      """
    try write(
      site(
        devices + """

          actions: [{name: hook, webhook: "http://127.0.0.1:\(receiver.port)/", states: [acknowledged]}]
          """))
    // Nobody tells the monitor: it looks.
    let found = try await monitor.wait(for: "/api/v1/signals", as: [Signal].self) { signals in
      signals.contains { $0.name == "oven.count" }
        && signals.contains { $0.name.hasPrefix("mqtt.connected") && $0.value == 1 }
    }
    #expect(found.first { $0.name == "oven.count" }?.value == 6)
    let answer = try await monitor.post(
      "/api/v1/alarms/acknowledge", #"{"name": "machine hot", "who": "ana"}"#)
    #expect(answer.status == 204)
    #expect(try await receiver.posts(1).count == 1)
    // A file with a fault is refused, a recipe that cannot be used is one.
    try write(site("inspections: [{camera: c1, folder: in, recipe: nowhere}]"))
    monitor.send(SIGHUP)
    try write(site(devices))
    monitor.send(SIGHUP)
    _ = try await monitor.wait(for: "/api/v1/signals", as: [Signal].self) { signals in
      signals.contains { $0.name.hasPrefix("mqtt.connected") && $0.value == 1 }
    }
    let alarms: [AlarmLine] = try await monitor.get("/api/v1/alarms").json()
    #expect(alarms.map(\.state) == ["acknowledged"])
    let end = monitor.end(by: SIGTERM)
    #expect(end.code == 0 && end.errors.contains("read again"), "\(end.errors)")
  }

  @Test("who may send over HJ 212 counts at once, what needs a restart is said")
  func loggers() async throws {
    let monitor = try MonitorProcess(site(), listeners: ["http", "hj212"], in: folder)
    let peer = try RawPeer(port: try #require(monitor.ports["hj212"]))
    peer.send(hj212Packet(mn: "S1", value: 11, minute: 1))
    #expect(peer.receive(until: "\r\n").contains("CN=9014"))
    let file = folder.file("site.yaml")
    let text = try String(contentsOfFile: file, encoding: .utf8)
      .replacing("listen:\n", with: "listen:\n  lines: 127.0.0.1:0\n")
    try (text + "hj212: {loggers: [{mn: S2}]}\n").write(
      toFile: file, atomically: true, encoding: .utf8)
    monitor.wait(toSay: "read again")
    // S1 is a stranger now, on the connection that it had too; S2 is answered.
    peer.send(hj212Packet(mn: "S1", value: 12, minute: 2))
    peer.send(hj212Packet(mn: "S2", value: 13, minute: 3))
    #expect(peer.receive(until: "\r\n").contains("MN=S2"))
    let signals: [Signal] = try await monitor.get("/api/v1/signals").json()
    #expect(signals.filter { $0.name.hasPrefix("hj212.") }.map(\.value) == [11, 13])
    monitor.wait(toSay: "hj212: refused: HJ 212 packet: S1 is not among the loggers")
    let said = monitor.end(by: SIGTERM).errors
    #expect(
      said.contains("restart needed for listen.lines, which stay as they were"), "\(said)")
  }
}

import Foundation
import TestSupport
import Testing

@Suite("outputs that verdicts drive", .serialized)
struct RejectOutputTests {
  private let folder = TemporaryFolder()

  /// A taught recipe `r`, castings in `s/good` and `s/defect`, and an empty folder `in`.
  init() throws {
    try gemba("samples", "castings", "--out", "s", "--good", "6", "--defective", "2")
    try gemba(
      "teach", "--method", "reference", "--good", "s/good", "--out", "r", "--threshold",
      "value=10")
    try FileManager.default.createDirectory(
      atPath: folder.file("in"), withIntermediateDirectories: true)
  }

  private func gemba(_ words: String...) throws {
    let process = Process()
    process.executableURL = MonitorProcess.gemba
    process.arguments = words
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(words)")
  }

  private func site(_ reject: String) -> String {
    "inspections: [{camera: c1, folder: in, recipe: r, reject: {\(reject)}}]\n"
  }

  /// The camera sees a part: the file is written elsewhere and moved in.
  private func see(_ kind: String, as name: String) throws {
    let images = try FileManager.default.subpathsOfDirectory(atPath: folder.file("s/\(kind)"))
    let image = try #require(images.filter { $0.hasSuffix(".png") }.min())
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file("s/\(kind)/\(image)")))
    try bytes.write(to: URL(fileURLWithPath: folder.file("\(name).png")))
    try FileManager.default.moveItem(
      atPath: folder.file("\(name).png"), toPath: folder.file("in/\(name).png"))
  }

  private struct Signal: Decodable {
    var name: String
    var value: Double?
    var time: String
  }

  private func signals(
    _ monitor: MonitorProcess, until isMet: ([String: Double]) -> Bool
  ) async throws -> [String: Double] {
    func named(_ signals: [Signal]) -> [String: Double] {
      Dictionary(
        uniqueKeysWithValues: signals.compactMap { signal in signal.value.map { (signal.name, $0) }
        })
    }
    return named(
      try await monitor.wait(for: "/api/v1/signals", as: [Signal].self) { isMet(named($0)) })
  }

  @Test("a reject is a pulse on a coil; a good part writes nothing; the output begins at 0")
  func pulse() async throws {
    guard let server = try ModbusServer(in: folder) else { return }
    let monitor = try MonitorProcess(
      site(
        """
        modbusWrite: {device: "127.0.0.1:\(server.port)", coil: 1}, deadline: 30s, pulse: 20ms
        """), in: folder)
    #expect(try await server.writes(1).map(\.values) == [[0]])
    try see("good", as: "a")
    let passed = try await signals(monitor) { $0["inspection.reject{camera=c1}"] == 0 }
    #expect(passed["inspection.late{camera=c1}"] == 0)
    #expect(passed["inspection.outputMilliseconds{camera=c1}"] == nil)
    try see("defect", as: "b")
    #expect(try await server.writes(3).map(\.values) == [[0], [1], [0]])
    let rejected = try await signals(monitor) { $0["inspection.reject{camera=c1}"] == 1 }
    #expect(rejected["inspection.late{camera=c1}"] == 0)
    #expect(rejected["inspection.outputMilliseconds{camera=c1}"].map { $0 > 0 } == true)
    monitor.end(by: SIGTERM)
  }

  @Test("a verdict that comes too late writes nothing and is an alarm until one is in time")
  func late() async throws {
    guard let server = try ModbusServer(in: folder) else { return }
    let monitor = try MonitorProcess(
      site("modbusWrite: {device: \"127.0.0.1:\(server.port)\", coil: 1}, deadline: 1ms"),
      in: folder)
    _ = try await server.writes(1)
    try see("defect", as: "a")
    let alarms = try await monitor.wait(for: "/api/v1/alarms", as: [AlarmLine].self) {
      $0.contains { $0.state == "unacknowledged" }
    }
    let alarm = try #require(alarms.first)
    #expect(alarm.name == "verdict too late" && alarm.signal == "inspection.late{camera=c1}")
    #expect(alarm.priority == "high")
    let journal: [JournalLine] = try await monitor.get("/api/v1/journal").json()
    #expect(journal.map(\.alarm) == ["verdict too late"])
    monitor.end(by: SIGTERM)
    #expect(try await server.writes(1).allSatisfy { $0.values == [0] })
  }

  @Test("a device that is away makes a reject too late, and holds up nothing")
  func away() async throws {
    let port = try FreePort.find()
    let monitor = try MonitorProcess(
      site("modbusWrite: {device: \"127.0.0.1:\(port)\", coil: 1}, deadline: 10s"), in: folder)
    try see("defect", as: "a")
    let found = try await signals(monitor) { $0["inspection.reject{camera=c1}"] == 1 }
    #expect(found["inspection.late{camera=c1}"] == 1)
    monitor.end(by: SIGTERM)
  }

  @Test("over MQTT the output follows each verdict")
  func publish() async throws {
    let broker = try Broker(in: folder)
    let address = "broker: \"127.0.0.1:\(broker.port)\""
    let monitor = try MonitorProcess(
      site(
        """
        publish: {\(address), topic: c1/reject, payload: '{"out": ${value}}'}, deadline: 30s,
          verdicts: [reject, error]
        """)
        + "mqtt: [{\(address), topics: [{topic: c1/reject, values: {out: gate.out}}]}]\n",
      in: folder)
    _ = try await signals(monitor) {
      $0.contains { $0.key.hasPrefix("mqtt.conn") && $0.value == 1 }
    }
    try see("defect", as: "a")
    let rejected = try await signals(monitor) { $0["gate.out"] == 1 }
    #expect(rejected["gate.out"] == 1)
    try see("good", as: "b")
    // The output follows before the verdict is on record.
    let passed = try await signals(monitor) {
      $0["gate.out"] == 0 && $0["inspection.reject{camera=c1}"] == 0
    }
    #expect(passed["gate.out"] == 0 && passed["inspection.late{camera=c1}"] == 0)
    monitor.end(by: SIGTERM)
  }
}

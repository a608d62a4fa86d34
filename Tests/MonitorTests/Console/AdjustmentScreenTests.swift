import Foundation
import TestSupport
import Testing

@Suite("what the monitor writes to the process, on the screen", .serialized)
struct AdjustmentScreenTests {
  private let folder = TemporaryFolder()

  private struct InForce: Decodable {
    var machine: String?
    var value: Double?
    var back: Double?
    var outcome: String
    var isUndone: Bool
  }

  private func site(port: Int, armed: Bool) -> String {
    """
    armed: \(armed)
    machines: [{name: Oven 3, running: [], signals: ["oven.temp"]}]
    alarms: [{name: oven hot, signal: oven.temp, high: 90, deadband: 2}]
    modbus:
      - {device: "127.0.0.1:\(port)", every: 20ms, points: [{signal: oven.set, holdingRegister: 3, scale: 0.1}]}
    actions:
      - name: cool
        alarms: oven hot
        wait: 20ms
        adjust:
          modbusWrite: {device: "127.0.0.1:\(port)", holdingRegister: 3, scale: 0.1}
          \(armed ? "readBack: oven.set\n      step: -5" : "value: 25")
          low: 20
          high: 35
          atMost: 1 per 1s
          undo: \(armed ? "previous" : "30")
    """
  }

  private struct Signal: Decodable {
    var name: String
    var value: Double?
  }

  @Test("in force: machine, what was written, since when, what undoes it; in the report too")
  func inForce() async throws {
    guard let server = try ModbusServer(in: folder) else { return }
    let monitor = try MonitorProcess(site(port: server.port, armed: true), in: folder)
    _ = try await monitor.wait(for: "/api/v1/signals", as: [Signal].self) { signals in
      signals.contains { $0.name == "oven.set" && $0.value.map { abs($0 - 30) < 1e-6 } == true }
    }
    _ = try await monitor.post("/write", "oven temp=95")
    let found = try await monitor.wait(for: "/api/v1/adjustments/inForce", as: [InForce].self) {
      $0.first?.outcome == "written"
    }
    #expect(found.count == 1 && found[0].machine == "Oven 3" && found[0].isUndone)
    #expect(found[0].value == 25 && found[0].back.map { abs($0 - 30) < 1e-6 } == true)
    let browser = try await Browser()
    try await browser.look(width: 1_440, height: 900)
    try await browser.open("http://127.0.0.1:\(monitor.ports["http"] ?? 0)/")
    try await browser.wait(until: "document.querySelector('.adjusted')")
    let text: String = try await browser.value("document.querySelector('.adjusted').innerText")
    for part in ["holds", "holdingRegister 3 at 25", "before 30", "oven hot", "back to 30"] {
      #expect(text.contains(part), "\(part) in \(text)")
    }
    try await browser.picture("adjusted")
    try await browser.open("http://127.0.0.1:\(monitor.ports["http"] ?? 0)/#journal")
    try await browser.wait(until: "/cool/.test(document.querySelector('main').innerText)")
    try await browser.picture("adjusted-journal")
    let open = try await monitor.get("/api/v1/report?length=day").text
    #expect(open.contains("Adjustments in force at the end: cool (127.0.0.1"))
    _ = try await monitor.post("/write", "oven temp=80")
    _ = try await monitor.wait(for: "/api/v1/adjustments/inForce", as: [InForce].self) {
      $0.isEmpty
    }
    let closed = try await monitor.get("/api/v1/report?length=day&form=markdown").text
    #expect(closed.contains("## Adjustments of the process") && closed.contains("Oven 3"))
    #expect(!closed.contains("Adjustments in force at the end"))
    monitor.end(by: SIGTERM)
  }

  @Test("a dry run is shown as one")
  func dryRun() async throws {
    let monitor = try MonitorProcess(site(port: 1, armed: false), in: folder)
    _ = try await monitor.post("/write", "oven temp=95")
    let found: [InForce] = try await monitor.get("/api/v1/adjustments/inForce").json()
    #expect(found.map(\.outcome) == ["dryRun"] && found[0].back == 30)
    let browser = try await Browser()
    try await browser.open("http://127.0.0.1:\(monitor.ports["http"] ?? 0)/")
    try await browser.wait(until: "/Dry run, not written/.test(document.body.innerText)")
    monitor.end(by: SIGTERM)
  }
}

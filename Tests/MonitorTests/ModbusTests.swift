import Foundation
import TestSupport
import Testing

@Suite("Modbus devices", .serialized)
struct ModbusTests {
  private let folder = TemporaryFolder()

  private struct Signal: Decodable {
    var name: String
    var value: Double?
    var quality: String
  }

  private func site(_ port: Int) -> String {
    """
    modbus:
      - device: 127.0.0.1:\(port)
        every: 50ms
        points:
          - {signal: oven.temp, holdingRegister: 0, type: float32, order: cdab}
          - {signal: oven.offset, holdingRegister: 2, type: int16}
          - {signal: oven.force, holdingRegister: 3, scale: 0.1}
          - {signal: oven.door, coil: 2}
          - {signal: oven.lamp, discreteInput: 0}
          - {signal: oven.count, inputRegister: 1}
    """
  }

  @Test("registers become signals; a device that goes away makes them bad, and comes back")
  func polls() async throws {
    guard let server = try ModbusServer(in: folder) else { return }
    let monitor = try MonitorProcess(site(server.port), in: folder)
    func wait(_ isMet: ([String: Signal]) -> Bool) async throws -> [String: Signal] {
      func named(_ signals: [Signal]) -> [String: Signal] {
        Dictionary(uniqueKeysWithValues: signals.map { ($0.name, $0) })
      }
      return named(
        try await monitor.wait(for: "/api/v1/signals", as: [Signal].self) { isMet(named($0)) })
    }
    let found = try await wait { $0["oven.temp"]?.quality == "good" }
    #expect(found["oven.temp"]?.value == 21.5)
    #expect(found["oven.offset"]?.value == -7)
    #expect(abs((found["oven.force"]?.value ?? 0) - 30) < 1e-9)
    #expect(found["oven.door"]?.value == 1 && found["oven.lamp"]?.value == 0)
    #expect(found["oven.count"]?.value == 6)
    server.stop()
    let gone = try await wait { $0["oven.temp"]?.quality == "bad" }
    #expect(gone["oven.temp"]?.quality == "bad" && gone["oven.temp"]?.value == 21.5)
    server.start()
    let back = try await wait { $0["oven.temp"]?.quality == "good" }
    #expect(back["oven.temp"]?.quality == "good")
    monitor.end(by: SIGTERM)
  }
}

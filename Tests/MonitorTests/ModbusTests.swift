import Foundation
import TestSupport
import Testing

/// A Modbus server of its own kind: pymodbus, in a process that is stopped and started.
private final class ModbusServer {
  let port: Int
  private let folder: TemporaryFolder
  private var process = Process()

  private static let script = """
    import asyncio, sys
    from pymodbus.server import StartAsyncTcpServer
    from pymodbus.datastore import (
        ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext)
    # The first place of a block is address 0 plus one.
    device = ModbusSlaveContext(
        di=ModbusSequentialDataBlock(1, [0, 1, 1]), co=ModbusSequentialDataBlock(1, [1, 0, 1]),
        # 21.5 as a float, low register first; -7; 300.
        hr=ModbusSequentialDataBlock(1, [0x0000, 0x41AC, 0xFFF9, 300]),
        ir=ModbusSequentialDataBlock(1, [5, 6]))
    asyncio.run(StartAsyncTcpServer(
        context=ModbusServerContext(slaves={1: device}, single=False),
        address=("127.0.0.1", int(sys.argv[1]))))
    """

  init(in folder: TemporaryFolder, python: URL) throws {
    self.folder = folder
    self.python = python
    port = try FreePort.find()
    try Self.script.write(toFile: folder.file("server.py"), atomically: true, encoding: .utf8)
    start()
  }

  private let python: URL

  deinit { stop() }

  func start() {
    process = Process()
    process.executableURL = python
    process.arguments = [folder.file("server.py"), "\(port)"]
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try? process.run()
  }

  func stop() {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }
}

@Suite("Modbus devices", .serialized)
struct ModbusTests {
  private let folder = TemporaryFolder()

  /// A Python that has pymodbus, nil where none has.
  private static let python: URL? = {
    let candidates = ["/usr/bin/python3", "/usr/local/bin/python3"]
    return candidates.first { path in
      guard FileManager.default.isExecutableFile(atPath: path) else { return false }
      let probe = Process()
      probe.executableURL = URL(fileURLWithPath: path)
      probe.arguments = ["-c", "import pymodbus.server"]
      probe.standardError = FileHandle.nullDevice
      try? probe.run()
      probe.waitUntilExit()
      return probe.terminationStatus == 0
    }.map { URL(fileURLWithPath: $0) }
  }()

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
    guard let python = Self.python else {
      print("skipped: no python3 with pymodbus; Scripts/install tests brings it")
      return
    }
    let server = try ModbusServer(in: folder, python: python)
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

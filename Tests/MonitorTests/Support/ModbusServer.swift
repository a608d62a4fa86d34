import Foundation
import TestSupport

/// A Modbus server of its own kind: pymodbus, in a process that is stopped and started. It begins
/// anew with the same places at each start, and notes every write.
final class ModbusServer {
  /// One write as the server took it.
  struct Write: Decodable, Equatable {
    /// `co` or `hr`.
    var table: String
    var address: Int
    var values: [Int]
  }

  let port: Int
  private let folder: TemporaryFolder
  private let python: URL
  private var process = Process()

  private static let script = """
    import asyncio, json, sys, time
    from pymodbus.server import StartAsyncTcpServer
    from pymodbus.datastore import (
        ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext)
    notes = open(sys.argv[2], "a", buffering=1)
    class Block(ModbusSequentialDataBlock):
        table = ""
        def setValues(self, address, values):
            super().setValues(address, values)
            notes.write(json.dumps({
                "table": self.table, "address": address - 1, "values": [int(v) for v in values],
                "time": time.time()}) + "\\n")
    class Coils(Block):
        table = "co"
    class Registers(Block):
        table = "hr"
    # The first place of a block is address 0 plus one.
    device = ModbusSlaveContext(
        di=ModbusSequentialDataBlock(1, [0, 1, 1]), co=Coils(1, [1, 0, 1]),
        # 21.5 as a float, low register first; -7; 300; and room for what is written.
        hr=Registers(1, [0x0000, 0x41AC, 0xFFF9, 300] + [0] * 16),
        ir=ModbusSequentialDataBlock(1, [5, 6]))
    while True:
        try:
            asyncio.run(StartAsyncTcpServer(
                context=ModbusServerContext(slaves={1: device}, single=False),
                address=("127.0.0.1", int(sys.argv[1])), allow_reuse_address=True))
        except OSError:
            # While it was stopped the port may have become some client's.
            time.sleep(0.05)
    """

  /// A server on a port that nobody listens on; nil, with a word, where there is no pymodbus.
  init?(in folder: TemporaryFolder, isStarted: Bool = true) throws {
    guard let python = Self.python else {
      print("skipped: no python3 with pymodbus; Scripts/install tests brings it")
      return nil
    }
    self.folder = folder
    self.python = python
    port = try FreePort.find()
    try Self.script.write(toFile: folder.file("server.py"), atomically: true, encoding: .utf8)
    if isStarted { start() }
  }

  deinit { stop() }

  func start() {
    process = Process()
    process.executableURL = python
    process.arguments = [folder.file("server.py"), "\(port)", folder.file("writes")]
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try? process.run()
    // Python takes a while to listen; a device that is polled once must be there.
    while process.isRunning, (try? RawPeer(port: port)) == nil { usleep(10_000) }
  }

  func stop() {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  /// What has been written since the first start, once there is so much of it.
  func writes(_ count: Int) async throws -> [Write] {
    for _ in 0..<400 where try noted.count < count { try await Task.sleep(for: .milliseconds(25)) }
    return try noted
  }

  private var noted: [Write] {
    get throws {
      let text = (try? String(contentsOfFile: folder.file("writes"), encoding: .utf8)) ?? ""
      return try text.split(separator: "\n", omittingEmptySubsequences: true).map {
        try JSONDecoder().decode(Write.self, from: Data($0.utf8))
      }
    }
  }

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
}

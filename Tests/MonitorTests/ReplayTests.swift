import Foundation
import Imaging
import TestSupport
import Testing

@Suite("gemba replay")
struct ReplayTests {
  private static let site = """
    alarms:
      - name: hot
        signal: machine.temp{*}
        high: 90
        deadband: 2
        onDelay: 5s
      - name: silent
        signal: machine.temp{*}
        stale: 1m
    """

  private let folder = TemporaryFolder()

  /// Writes a wandering recording of two machines with a silence in it.
  private func record(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var values = [80.0, 80.0]
    var text = ""
    for second in 0..<4_000 where !(2_000..<2_100).contains(second) {
      for machine in values.indices {
        values[machine] += Double.random(in: -2...2, using: &random)
        values[machine] += (82 - values[machine]) * 0.04
        text += "machine,id=m\(machine) temp=\(values[machine]) \(1_760_000_000 + second)\n"
      }
    }
    try text.write(toFile: folder.file("rec.lp"), atomically: true, encoding: .utf8)
    try Self.site.write(toFile: folder.file("site.yaml"), atomically: true, encoding: .utf8)
  }

  private func replay(_ arguments: String...) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = MonitorProcess.gemba
    process.arguments =
      ["replay", "rec.lp", "--site", "site.yaml", "--precision", "s", "--json"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }

  @Test("two replays give the same bytes, however the recording is cut into pieces")
  func repeats() throws {
    try record(seed: 11)
    let whole = try replay()
    #expect(whole.contains("\"alarm\":\"hot\"") && whole.contains("\"alarm\":\"silent\""))
    #expect(try replay() == whole)
    // Paced replays hand the file over in pieces of 4 KiB and not of 1 MiB.
    #expect(try replay("--speed", "100000x") == whole)
  }

  @Test("the site's own record stays as it is, and --database keeps the replay's")
  func keepsRecordsApart() throws {
    try record(seed: 12)
    _ = try replay("--database", "kept.sqlite")
    #expect(FileManager.default.fileExists(atPath: folder.file("kept.sqlite")))
    #expect(!FileManager.default.fileExists(atPath: folder.file("gemba.sqlite")))
  }
}

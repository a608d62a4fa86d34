import Foundation
import Imaging
import TestSupport
import Testing

private let site = """
  database: gemba.sqlite
  alarms:
    - {name: hot, signal: "machine.temp{*}", high: 90}
  """

@Suite("a record that cannot grow", .serialized)
struct FullDiskTests {
  let folder = TemporaryFolder()

  @Test("a full disk is said, nothing ends, and what came meanwhile is recorded when there is room")
  func fullDisk() async throws {
    let monitor = try MonitorProcess(site, in: folder, fileKibibytes: 400)
    var sent = 0
    var status = 204
    // Values that do not compress well, until the file is as large as it may become.
    while status == 204, sent < 400_000 {
      status = try await monitor.post("/write?precision=s", lines(sent, 2_000)).status
      sent += 2_000
    }
    #expect(status == 503)
    let ready = try await monitor.get("/readyz")
    #expect(ready.status == 503 && ready.text.contains("not recording"), "\(ready.text)")
    #expect(try await monitor.get("/healthz").status == 200)
    // Alarms are watched all the same.
    _ = try await monitor.post("/write?precision=s", "machine,id=m7 temp=95 1760000000")
    let alarms: [AlarmLine] = try await monitor.get("/api/v1/alarms").json()
    #expect(alarms.contains { $0.signal == "machine.temp{id=m7}" && $0.state == "unacknowledged" })
    try monitor.allowFiles()
    for _ in 0..<400 where try await monitor.get("/readyz").status != 200 {
      try await Task.sleep(for: .milliseconds(25))
    }
    #expect(try await monitor.get("/readyz").status == 200)
    #expect(try await monitor.get("/metrics").text.contains("gemba_samples_dropped_total 0\n"))
    monitor.end(by: SIGTERM)
    let (_, rows) = try MonitorProcess.run(
      ["query", "noise.level{id=a}", "--database", folder.file("gemba.sqlite"), "--csv"])
    #expect(rows.split(separator: "\n").count == sent + 1)
    let (_, journal) = try MonitorProcess.run(
      ["journal", "--database", folder.file("gemba.sqlite"), "--json"])
    #expect(journal.contains("unacknowledged"), "\(journal)")
  }

  @Test("a file system without room is said, and what came meanwhile is recorded when it has grown")
  func fullFileSystem() async throws {
    let disk = folder.file("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    guard Self.mount(["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]) else {
      print("skipped: mounting a small file system needs root")
      return
    }
    defer { Self.command("/usr/bin/umount", ["--lazy", disk]) }
    let monitor = try MonitorProcess(
      site.replacing("gemba.sqlite", with: "disk/gemba.sqlite"), in: folder)
    var sent = 0
    var answer = try await monitor.post("/write?precision=s", lines(sent, 2_000))
    while answer.status == 204, sent < 400_000 {
      sent += 2_000
      answer = try await monitor.post("/write?precision=s", lines(sent, 2_000))
    }
    sent += 2_000
    #expect(answer.status == 503 && answer.text.contains("full"), "\(answer.text)")
    _ = try await monitor.post("/write?precision=s", "machine,id=m7 temp=95 1760000000")
    let alarms: [AlarmLine] = try await monitor.get("/api/v1/alarms").json()
    #expect(alarms.contains { $0.state == "unacknowledged" })
    #expect(Self.mount(["-o", "remount,size=64m", disk]))
    for _ in 0..<400 where try await monitor.get("/readyz").status != 200 {
      try await Task.sleep(for: .milliseconds(25))
    }
    #expect(try await monitor.get("/readyz").status == 200)
    monitor.end(by: SIGTERM)
    let (_, rows) = try MonitorProcess.run(
      ["query", "noise.level{id=a}", "--database", "\(disk)/gemba.sqlite", "--csv"])
    #expect(rows.split(separator: "\n").count == sent + 1)
    let (_, journal) = try MonitorProcess.run(
      ["journal", "--database", "\(disk)/gemba.sqlite", "--json"])
    #expect(journal.contains("unacknowledged"), "\(journal)")
  }

  private static func mount(_ arguments: [String]) -> Bool {
    command("/usr/bin/mount", arguments) == 0
  }

  @discardableResult
  private static func command(_ path: String, _ arguments: [String]) -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }

  private func lines(_ first: Int, _ count: Int) -> String {
    var generator = SeededGenerator(seed: UInt64(first))
    return (first..<first + count).map { line in
      "noise,id=a level=\(Double.random(in: 0..<1, using: &generator)) \(1_700_000_000 + line)\n"
    }.joined()
  }
}

import Foundation
import TestSupport
import Testing

private let site = """
  database: gemba.sqlite
  alarms:
    - {name: hot, signal: "machine.temp{*}", high: 90}
  """

/// The HJ 212 packet of a current value at a time of 2024, with the right checksum.
func hj212Packet(mn: String, value: Int, minute: Int = 0) -> String {
  let time = "202401011200" + (minute < 10 ? "0\(minute)" : "\(minute)")
  let segment =
    "QN=\(time)123;ST=31;CN=2011;PW=123456;MN=\(mn);Flag=5;"
    + "CP=&&DataTime=\(time);a21026-Rtd=\(value),a21026-Flag=N&&"
  return hj212Frame(segment)
}

/// A packet around a data segment.
func hj212Frame(_ segment: String) -> String {
  var sum: UInt16 = 0xFFFF
  for byte in segment.utf8 {
    sum = sum >> 8 ^ UInt16(byte)
    for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xA001 : sum >> 1 }
  }
  let length = String(10_000 + segment.utf8.count).dropFirst()
  let digits = String(0x10000 + Int(sum), radix: 16, uppercase: true).dropFirst()
  return "##\(length)\(segment)\(digits)\r\n"
}

@Suite("faults of peers", .serialized)
struct FaultTests {
  let folder = TemporaryFolder()

  private struct Signal: Decodable {
    var name: String
    var value: Double?
  }

  private func signals(
    _ monitor: MonitorProcess, until isMet: ([Signal]) -> Bool
  ) async throws -> [Signal] {
    try await monitor.wait(for: "/api/v1/signals", as: [Signal].self, until: isMet)
  }

  @Test("a line without an end costs no memory, and the lines behind it are read")
  func endlessLine() async throws {
    let monitor = try MonitorProcess(site, listeners: ["http", "lines"], in: folder)
    let peer = try RawPeer(port: try #require(monitor.ports["lines"]))
    let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    for _ in 0..<100 { #expect(peer.send(piece)) }
    peer.send("\nmachine,id=m7 temp=85\n")
    let found = try await signals(monitor) { $0.contains { $0.name == "machine.temp{id=m7}" } }
    // At the turn of a minute the monitor records how much it refused.
    #expect(
      found.map(\.name).filter { !$0.hasPrefix("monitor.") } == ["machine.temp{id=m7}"])
    #expect(try await monitor.get("/metrics").text.contains("gemba_lines_refused_total 1\n"))
    #expect(monitor.peakMebibytes < 200, "\(monitor.peakMebibytes) MiB")
    monitor.end(by: SIGTERM)
  }

  @Test("bytes that are no UTF-8, NaN and doubled samples are refused or taken once")
  func badLines() async throws {
    let monitor = try MonitorProcess(site, in: folder)
    let bytes: [UInt8] =
      Array("machine,id=\u{FF}".utf8.dropLast(2)) + [0xFF, 0xFE] + Array(" temp=1 1\n".utf8)
    #expect(try await monitor.post("/write?precision=s", bytes: bytes).status == 400)
    let text = "machine,id=m7 temp=NaN 1760000000\nmachine,id=m7 temp=inf 1760000000\n"
    #expect(try await monitor.post("/write?precision=s", text).status == 400)
    for _ in 0..<2 {
      let answer = try await monitor.post("/write?precision=s", "machine,id=m7 temp=85 1760000001")
      #expect(answer.status == 204)
    }
    monitor.end(by: SIGTERM)
    let (code, rows) = try MonitorProcess.run(
      ["query", "machine.temp{id=m7}", "--database", folder.file("gemba.sqlite"), "--csv"])
    #expect(code == 0 && rows.split(separator: "\n").count == 2, "\(rows)")
  }

  @Test("a logger that is cut off in the middle of a packet harms nobody, itself included")
  func resetInPacket() async throws {
    let monitor = try MonitorProcess(site, listeners: ["http", "hj212"], in: folder)
    let port = try #require(monitor.ports["hj212"])
    let packet = hj212Packet(mn: "S1", value: 12)
    for cut in [1, 7, 80, packet.utf8.count - 3] {
      let peer = try RawPeer(port: port)
      peer.send(Array(packet.utf8.prefix(cut)))
      peer.reset()
    }
    let peer = try RawPeer(port: port)
    peer.send(packet)
    #expect(peer.receive(until: "\r\n").contains("CN=9014"))
    let found = try await signals(monitor) { !$0.isEmpty }
    #expect(found.map(\.value) == [12])
    monitor.end(by: SIGTERM)
  }

  @Test("requests whose headers drip in do not keep others from being answered")
  func slowPeers() async throws {
    let monitor = try MonitorProcess(site, listeners: ["http", "hj212"], in: folder)
    let port = try #require(monitor.ports["http"])
    var slow: [RawPeer] = []
    for _ in 0..<300 {
      let peer = try RawPeer(port: port)
      peer.send("POST /write HTTP/1.1\r\nHost: gemba\r\nX-Slow: ")
      slow.append(peer)
    }
    for _ in 0..<3 {
      for peer in slow { peer.send("x") }
      #expect(try await monitor.post("/write", "machine,id=m7 temp=85").status == 204)
    }
    monitor.end(by: SIGTERM)
  }

  @Test("more connections than allowed are turned away, and the monitor is there for the next one")
  func connectionFlood() async throws {
    let monitor = try MonitorProcess(
      site, listeners: ["http", "hj212"], in: folder, openFiles: 200)
    let port = try #require(monitor.ports["hj212"])
    var peers: [RawPeer] = []
    for _ in 0..<400 { peers.append(try RawPeer(port: port)) }
    for peer in peers { peer.reset() }
    let peer = try RawPeer(port: port)
    peer.send(hj212Packet(mn: "S1", value: 12))
    #expect(peer.receive(until: "\r\n").contains("CN=9014"))
    #expect(try await monitor.get("/healthz").status == 200)
    monitor.end(by: SIGTERM)
  }

  @Test("a sample dated years ahead is refused and does not blind its signal")
  func farFuture() async throws {
    let monitor = try MonitorProcess(site, in: folder)
    let now = Int(Date().timeIntervalSince1970)
    #expect(
      try await monitor.post("/write?precision=s", "machine,id=m7 temp=85 \(now)").status == 204)
    let years = now + 10 * 365 * 86_400
    let answer = try await monitor.post(
      "/write?precision=s", "machine,id=m7 temp=84,load=1 \(years)")
    #expect(answer.status == 400 && answer.text.contains("2 samples"), "\(answer.text)")
    let metrics = try await monitor.get("/metrics").text
    #expect(metrics.contains("gemba_samples_ahead_total 2\n"))
    #expect(
      try await monitor.post("/write?precision=s", "machine,id=m7 temp=95 \(now + 1)").status == 204
    )
    let alarms: [AlarmLine] = try await monitor.get("/api/v1/alarms").json()
    #expect(alarms.map(\.state) == ["unacknowledged"])
    monitor.end(by: SIGTERM)
  }

  @Test("a plant whose clock is ahead of the monitor's is believed from the third time on")
  func clockAhead() async throws {
    let monitor = try MonitorProcess(site, in: folder)
    let start = Int(Date().timeIntervalSince1970) + 86_400
    let lines = (0..<5).map { "machine,id=m7 temp=\(80 + $0) \(start + $0)\n" }.joined()
    #expect(try await monitor.post("/write?precision=s", lines).status == 400)
    let found = try await signals(monitor) { _ in true }
    #expect(found.map(\.value) == [84])
    let answer = try await monitor.post(
      "/write?precision=s", "machine,id=m8 temp=95 \(start + 5)")
    #expect(answer.status == 204)
    monitor.end(by: SIGTERM)
  }
}

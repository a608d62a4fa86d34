import Foundation
import TestSupport
import Testing

/// A data logger on a real connection, which answers as its script says.
private final class Site {
  let mn: String
  private let peer: RawPeer
  private var kept = ""

  /// Connects and sends a current value, so that the centre knows who it is.
  init(_ mn: String, port: Int) throws {
    self.mn = mn
    peer = try RawPeer(port: port)
    peer.send(hj212Packet(mn: mn, value: 12))
    #expect(next().contains("CN=9014"))
  }

  /// The next packet of the centre; empty when the other end has closed.
  func next() -> String {
    while !kept.contains("\r\n") {
      let bytes = peer.receive()
      if bytes.isEmpty { return "" }
      kept += String(decoding: bytes, as: UTF8.self)
    }
    let end = kept.range(of: "\r\n")?.upperBound ?? kept.endIndex
    defer { kept = String(kept[end...]) }
    return String(kept[..<end])
  }

  /// What stands behind `key=` in a packet.
  static func item(_ key: String, of packet: String) -> String {
    guard let start = packet.range(of: key + "=")?.upperBound else { return "" }
    return String(packet[start...].prefix { !";,&".contains($0) })
  }

  func answer(_ command: Int, qn: String, _ data: String) {
    peer.send(
      hj212Frame("QN=\(qn);ST=91;CN=\(command);PW=123456;MN=\(mn);Flag=4;CP=&&\(data)&&"))
  }

  func send(_ command: Int, qn: String, _ data: String) {
    peer.send(
      hj212Frame("QN=\(qn);ST=31;CN=\(command);PW=123456;MN=\(mn);Flag=4;CP=&&\(data)&&"))
  }

  func hangUp() { peer.reset() }
}

@Suite("commands to data loggers", .serialized)
struct LoggerCommandTests {
  let folder = TemporaryFolder()

  private struct Command: Decodable {
    var id: Int
    var qn: String
    var state: String
    var code: Int?
    var packets: Int
    var answers: [String]
  }

  private func monitor(answerTimeout: String = "60s") throws -> MonitorProcess {
    try MonitorProcess(
      "database: gemba.sqlite\nhj212: {answerTimeout: \(answerTimeout)}\n",
      listeners: ["http", "hj212"], in: folder)
  }

  private func ask(_ monitor: MonitorProcess, _ body: String) async throws -> Command {
    let answer = try await monitor.post("/api/v1/hj212/commands", body)
    #expect(answer.status == 202, "\(answer.text)")
    return try answer.json()
  }

  private func end(of command: Command, _ monitor: MonitorProcess) async throws -> Command {
    try await monitor.wait(for: "/api/v1/hj212/commands/\(command.id)") {
      $0.state != "sent" && $0.state != "accepted"
    }
  }

  @Test("history is asked for, accepted, recorded and ended")
  func history() async throws {
    let monitor = try monitor()
    let site = try Site("S1", port: try #require(monitor.ports["hj212"]))
    let sent = try await ask(
      monitor,
      #"{"mn":"S1","command":"hours","from":"2024-01-01T02:00:00Z","to":"2024-01-01T03:00:00Z"}"#)
    let request = site.next()
    #expect(Site.item("CN", of: request) == "2061" && Site.item("ST", of: request) == "31")
    #expect(Site.item("BeginTime", of: request) == "20240101100000")
    #expect(Site.item("QN", of: request) == sent.qn)
    site.answer(9_011, qn: sent.qn, "QnRtn=1")
    for hour in 10...11 {
      site.send(2_061, qn: sent.qn, "DataTime=20240101\(hour)0000;a21026-Avg=\(hour),a21026-Flag=N")
    }
    let accepted: Command = try await monitor.wait(for: "/api/v1/hj212/commands/\(sent.id)") {
      $0.state == "accepted"
    }
    #expect(accepted.state == "accepted")
    site.answer(9_012, qn: sent.qn, "ExeRtn=1")
    let ended = try await end(of: sent, monitor)
    #expect(ended.state == "done" && ended.packets == 2, "\(ended)")
    monitor.end(by: SIGTERM)
    let (_, rows) = try MonitorProcess.run([
      "query", "hj212.a21026-Avg{mn=S1,period=hour}", "--database", folder.file("gemba.sqlite"),
      "--csv",
    ])
    #expect(rows.contains("2024-01-01T02:00:00Z,10") && rows.contains("03:00:00Z,11"), "\(rows)")
  }

  @Test("a request without an answer is sent again, with the same number, and given up in the end")
  func resends() async throws {
    let monitor = try monitor(answerTimeout: "2s")
    let site = try Site("S1", port: try #require(monitor.ports["hj212"]))
    let first = try await ask(monitor, #"{"mn":"S1","command":"current"}"#)
    let packets = [site.next(), site.next()]
    #expect(packets[0] == packets[1] && Site.item("CN", of: packets[0]) == "2011")
    site.answer(9_011, qn: first.qn, "QnRtn=1")
    site.answer(9_012, qn: first.qn, "ExeRtn=5")
    let failed = try await end(of: first, monitor)
    #expect(failed.state == "failed" && failed.code == 5, "\(failed)")
    let second = try await ask(monitor, #"{"mn":"S1","command":"setTime"}"#)
    // On a busy machine the first request may have been sent once more before its answer was read.
    var sendings: [String] = []
    while sendings.count(where: { $0 == second.qn }) < 4, sendings.count < 8 {
      sendings.append(Site.item("QN", of: site.next()))
    }
    #expect(Set(sendings).isSubset(of: [first.qn, second.qn]))
    #expect(try await end(of: second, monitor).state == "noAnswer")
    monitor.end(by: SIGTERM)
  }

  @Test("the command line asks for the clock, and says by its exit code how it went")
  func commandLine() async throws {
    let monitor = try monitor()
    let site = try Site("S1", port: try #require(monitor.ports["hj212"]))
    let address = "http://127.0.0.1:\(monitor.ports["http"] ?? 0)"
    let (_, loggers) = try MonitorProcess.run(["hj212", "loggers", "--monitor", address])
    #expect(loggers.contains(#""mn":"S1""#), "\(loggers)")
    async let asking = Self.run(["hj212", "ask", "S1", "time", "--monitor", address])
    let request = site.next()
    #expect(Site.item("CN", of: request) == "1011")
    let qn = Site.item("QN", of: request)
    site.answer(9_011, qn: qn, "QnRtn=1")
    site.send(1_011, qn: qn, "SystemTime=20240101120000")
    site.answer(9_012, qn: qn, "ExeRtn=1")
    let (code, output) = try await asking
    #expect(code == 0 && output.contains("SystemTime=20240101120000"), "\(output)")
    async let refused = Self.run([
      "hj212", "set-time", "S1", "--time", "2024-01-01T04:00:00Z", "--monitor", address,
    ])
    let order = site.next()
    #expect(Site.item("SystemTime", of: order) == "20240101120000")
    site.answer(9_011, qn: Site.item("QN", of: order), "QnRtn=3")
    let (status, said) = try await refused
    #expect(status == 1 && said.contains(#""state":"refused""#) && said.contains(#""code":3"#))
    monitor.end(by: SIGTERM)
  }

  @Test("who is not connected is not asked; a connection that ends ends its commands")
  func disconnected() async throws {
    let monitor = try monitor()
    let refused = try await monitor.post(
      "/api/v1/hj212/commands", #"{"mn":"S9","command":"current"}"#)
    #expect(refused.status == 404 && refused.text.contains("S9"), "\(refused.text)")
    let wrong = try await monitor.post(
      "/api/v1/hj212/commands", #"{"mn":"S9","command":"curent"}"#)
    #expect(wrong.status == 400 && wrong.text.contains("current"), "\(wrong.text)")
    let site = try Site("S1", port: try #require(monitor.ports["hj212"]))
    let command = try await ask(monitor, #"{"mn":"S1","command":"current"}"#)
    site.hangUp()
    #expect(try await end(of: command, monitor).state == "disconnected")
    monitor.end(by: SIGTERM)
  }

  /// Runs `gemba` without holding up the test.
  private static func run(_ arguments: [String]) async throws -> (code: Int32, output: String) {
    try await withCheckedThrowingContinuation { done in
      DispatchQueue.global().async {
        done.resume(with: Result { try MonitorProcess.run(arguments) })
      }
    }
  }
}

import Foundation
import NIOCore
import NIOPosix
import TestSupport
import Testing

@Suite("emissions in the monitor", .serialized)
struct EmissionTests {
  private let folder = TemporaryFolder()

  private static let outlet = """
    emissions:
      - outlet: boiler 1
        zone: "+00:00"
        factors:
          nox: {signal: stack.nox, limit: 50}
    alarms:
      - name: NOx hour
        signal: emission.nox-hour{outlet=boiler 1}
        high: 50
    """

  /// Readings each five seconds at 40 for an hour, then at 60 for an hour, and a little more.
  private func lines(from start: Int) -> String {
    (0..<1_460).map { place in
      "stack nox=\(place < 720 ? 40 : 60) \(start + place * 5)"
    }.joined(separator: "\n") + "\n"
  }

  @Test("the hour whose mean passes the limit raises the alarm, at its end")
  func raises() async throws {
    let monitor = try MonitorProcess(Self.outlet, in: folder)
    let answer = try await monitor.post(
      "/write?precision=s", lines(from: Int(Date().timeIntervalSince1970) / 3_600 * 3_600 - 7_200))
    #expect(answer.status == 204)
    struct Period: Decodable {
      var mean: Double
      var count: Int
      var flag: String
      var isOverLimit: Bool?
    }
    let periods: [Period] = try await monitor.get("/api/v1/periods?kind=hour").json()
    #expect(periods.map(\.mean) == [40, 60])
    #expect(periods.map(\.isOverLimit) == [false, true])
    #expect(periods.allSatisfy { $0.flag == "N" && $0.count == 60 })
    let alarms: [AlarmLine] = try await monitor.get("/api/v1/alarms").json()
    #expect(alarms.map(\.state) == ["unacknowledged"] && alarms.first?.value == 60)
    monitor.end(by: SIGTERM)
  }

  @Test("after kill -9 in the middle of an hour its mean comes out as without")
  func resumes() async throws {
    let start = Int(Date().timeIntervalSince1970) / 3_600 * 3_600 - 7_200
    let all = lines(from: start).split(separator: "\n")
    let first = try MonitorProcess(Self.outlet, in: folder)
    _ = try await first.post("/write?precision=s", all[..<1_000].joined(separator: "\n"))
    first.end(by: SIGKILL)
    let second = try MonitorProcess(Self.outlet, in: folder)
    _ = try await second.post("/write?precision=s", all[1_000...].joined(separator: "\n"))
    struct Period: Decodable {
      var mean: Double
      var count: Int
    }
    let periods: [Period] = try await second.get("/api/v1/periods?kind=hour").json()
    #expect(periods.map(\.mean) == [40, 60] && periods.map(\.count) == [60, 60])
    second.end(by: SIGTERM)
  }

  @Test("a data logger's packet becomes a signal and is answered; damage closes nothing")
  func takesPackets() async throws {
    let monitor = try MonitorProcess("", listeners: ["http", "hj212"], in: folder)
    let data =
      "QN=20251009085330123;ST=31;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;"
      + "CP=&&DataTime=20251009165330;a21026-Rtd=12.5,a21026-Flag=N&&"
    let packet = "##\(padded(data.utf8.count))\(data)\(checksum(data))\r\n"
    let damaged = packet.replacing("a21026-Rtd=12.5", with: "a21026-Rtd=72.5")
    let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: monitor.ports["hj212"] ?? 0) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    try await client.executeThenClose { incoming, outgoing in
      try await outgoing.write(ByteBuffer(string: damaged + packet))
      var answer = ""
      for try await bytes in incoming {
        answer += String(buffer: bytes)
        if answer.hasSuffix("\r\n") { break }
      }
      #expect(answer.contains("CN=9014") && answer.contains("QN=20251009085330123"), "\(answer)")
    }
    struct Signal: Decodable {
      var name: String
      var value: Double
      var time: String
    }
    let signals: [Signal] = try await monitor.get("/api/v1/signals").json()
    let value = try #require(
      signals.first { $0.name == "hj212.a21026-Rtd{mn=010000A8900016F000169DC0}" })
    #expect(value.value == 12.5 && value.time == "2025-10-09T08:53:30Z")
    let metrics = try await monitor.get("/metrics").text
    #expect(metrics.contains("gemba_packets_refused_total 1\n"), "\(metrics)")
    monitor.end(by: SIGTERM)
  }

  private func padded(_ length: Int) -> String {
    String(repeating: "0", count: 4 - "\(length)".count) + "\(length)"
  }

  /// CRC of HJ 212, bit by bit as the standard writes it.
  private func checksum(_ text: String) -> String {
    var crc: UInt16 = 0xFFFF
    for byte in text.utf8 {
      crc = (crc >> 8) ^ UInt16(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xA001 : crc >> 1 }
    }
    let digits = String(crc, radix: 16, uppercase: true)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}

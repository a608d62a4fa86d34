import Foundation
import TestSupport
import Testing

@Suite("which host a console answers for", .serialized)
struct HostTests {
  private let folder = TemporaryFolder()

  private func status(_ host: String, _ monitor: MonitorProcess, path: String = "/") async throws
    -> Int
  {
    try await monitor.web.get(path, ["Host": host]).status
  }

  @Test("where nobody logs in, a foreign name is refused: it may be made to mean this machine")
  func rebinding() async throws {
    let monitor = try MonitorProcess("", listen: ["hosts: [Gemba.plant.local]"], in: folder)
    let port = monitor.ports["http"] ?? 0
    for host in [
      "127.0.0.1:\(port)", "localhost:\(port)", "LOCALHOST", "[::1]:\(port)", "10.1.2.3",
      "gemba.plant.local:\(port)", "screen.localhost",
    ] { #expect(try await status(host, monitor) == 200, "\(host)") }
    for host in [
      "evil.example", "evil.example:\(port)", "127.0.0.1.evil.example", "localhost.evil.example",
      "gemba.plant.local.evil.example", "999.0.0.1", "1.2.3", "",
    ] {
      for path in ["/", "/api/v1/alarms", "/api/v1/stream", "/metrics"] {
        #expect(try await status(host, monitor, path: path) == 421, "\(host) \(path)")
      }
    }
    let forged = ["Host": "evil.example", "X-Forwarded-Host": "localhost"]
    let write = try await monitor.web.ask("POST", "/write", forged, body: Array("a b=1".utf8))
    #expect(write.status == 421 && write.text.contains("listen: hosts"), "\(write.text)")
    monitor.end(by: SIGTERM)
  }
}

import Hummingbird
import Pipeline

/// What supervisors and scrapers ask.
enum HealthRoutes {
  static func add(to router: Router<ConsoleContext>, monitor: LineMonitor, gate: Gate) {
    router.get("healthz") { _, _ in
      guard await monitor.isListening else {
        return Reply.bytes(
          "starting\n".utf8, type: "text/plain; charset=utf-8", status: .serviceUnavailable)
      }
      return Reply.bytes("ok\n".utf8, type: "text/plain; charset=utf-8")
    }
    router.get("readyz") { _, _ in
      if let fault = await monitor.storageFault {
        return Reply.bytes(
          "not recording: \(fault)\n".utf8, type: "text/plain; charset=utf-8",
          status: .serviceUnavailable)
      }
      return Reply.bytes("ok\n".utf8, type: "text/plain; charset=utf-8")
    }
    router.get("metrics") { _, _ in
      Reply.bytes(
        await Metrics(monitor, loginsRefused: gate.refusals).text.utf8,
        type: "text/plain; version=0.0.4; charset=utf-8")
    }
  }
}

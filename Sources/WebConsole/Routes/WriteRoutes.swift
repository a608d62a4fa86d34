import HTTPTypes
import Hummingbird
import NIOCore
import Pipeline
import Telemetry

/// Line protocol in, as agents that know InfluxDB send it.
enum WriteRoutes {
  /// Bytes of a body, and of what a compressed one unpacks to.
  static let bodyLimit = 64 << 20

  static func add(to router: Router<ConsoleContext>, monitor: LineMonitor) {
    for path in ["write", "api/v2/write"] as [RouterPath] {
      router.post(path) { request, _ in try await write(request, to: monitor) }
    }
    router.get("ping") { _, _ in ping() }
    router.head("ping") { _, _ in ping() }
    // Agents create their database first: there is one, and it is there.
    router.post("query") { request, _ in try query(request) }
    router.get("query") { request, _ in try query(request) }
  }

  private static func ping() -> Response {
    var response = Response(status: .noContent)
    response.headers[.influxVersion] = "1.8-gemba"
    return response
  }

  private static func query(_ request: Request) throws -> Response {
    Reply.bytes("{\"results\":[{\"statement_id\":0}]}\n".utf8, type: "application/json")
  }

  private static func write(_ request: Request, to monitor: LineMonitor) async throws -> Response {
    let text = request.uri.queryParameters["precision"].map(String.init) ?? "ns"
    guard let precision = TimePrecision(parameter: text) else {
      throw RequestFault.badRequest("precision \(text): use ns, us, ms, s, m or h")
    }
    var body: [UInt8]
    do {
      let buffer = try await request.body.collect(upTo: bodyLimit)
      body = Array(buffer.readableBytesView)
    } catch {
      throw RequestFault(
        status: .contentTooLarge,
        message: "the body is larger than \(bodyLimit >> 20) MiB; send fewer lines at once")
    }
    if request.headers[.contentEncoding]?.lowercased() == "gzip" {
      guard let plain = Gzip.unpack(body, limit: bodyLimit) else {
        throw RequestFault.badRequest(
          "the body is not gzip, or unpacks to more than \(bodyLimit >> 20) MiB")
      }
      body = plain
    }
    let receipt = try await monitor.write(lines: body, precision: precision)
    var faults: [String] = []
    if receipt.refused > 0 {
      let first = receipt.faults.joined(separator: "; ")
      faults.append("\(receipt.refused) of \(receipt.lines) lines refused: \(first)")
    }
    if receipt.ahead > 0 {
      faults.append(
        "\(receipt.ahead) samples refused: dated too far ahead of this machine's clock; set the "
          + "sender's clock, or `ahead:` in the site file")
    }
    guard !faults.isEmpty else { return Response(status: .noContent) }
    return Reply.error("partial write: " + faults.joined(separator: "; "), status: .badRequest)
  }
}

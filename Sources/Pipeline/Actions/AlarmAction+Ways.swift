import AsyncHTTPClient
import FactoryModel
import Foundation
import NIOCore
import NIOHTTP1

extension AlarmAction {
  /// Makes one attempt; returns when the receiver has confirmed it.
  func carryOut(_ payload: String) async throws {
    switch way {
    case .webhook(let url, let headers):
      try await post(payload, to: url, headers)
    case .alertmanager(let url):
      let root = url.hasSuffix("/") ? String(url.dropLast()) : url
      try await post(payload, to: root + "/api/v2/alerts", [:])
    case .publish(let settings, let topic):
      try await within(timeout) { try await settings.publish(payload, to: topic) }
    case .command(let words):
      try await RunningProgram(words).run(input: payload, within: timeout)
    case .modbusWrite(let output, _, _):
      try await output.write(try Self.number(payload), within: timeout)
    case .adjust(let adjustment):
      try await adjustment.output.write(try Self.number(payload), within: timeout)
    }
  }

  /// The number that an order says is to be written.
  private static func number(_ payload: String) throws -> Double {
    struct Order: Decodable { var write: Double }
    let order = try? JSONDecoder().decode(Order.self, from: Data(payload.utf8))
    guard let order else { throw ActionFault.noNumber(payload: payload) }
    return order.write
  }

  private func post(_ payload: String, to url: String, _ headers: [String: String]) async throws {
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json")
    request.headers.add(name: "User-Agent", value: "gemba")
    for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
    request.body = .bytes(ByteBuffer(string: payload))
    let status: UInt
    do {
      let limit = TimeAmount.nanoseconds(timeout.inNanoseconds)
      status = try await httpClient.execute(request, timeout: limit).status.code
    } catch {
      throw ActionFault.notReached(url: url, reason: "\(error)")
    }
    guard (200..<300).contains(status) else {
      throw ActionFault.answered(url: url, status: status)
    }
  }
}

/// Follows no redirect: what answers a redirected POST has not taken it.
let httpClient = HTTPClient(
  eventLoopGroup: HTTPClient.defaultEventLoopGroup,
  configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))

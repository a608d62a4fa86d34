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
      try await within(timeout) { try await publish(payload, to: topic, settings) }
    case .command(let words):
      try await RunningProgram(words).run(input: payload, within: timeout)
    }
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

  /// Connects for this one message: what a client holds back for a broker that is away would come
  /// twice after the next attempt.
  private func publish(
    _ payload: String, to topic: String, _ settings: MQTTSettings
  ) async throws {
    let broker = "\(settings.host):\(settings.port)"
    let client = try MQTTClient(settings, subscribing: [])
    defer { client.stop() }
    for await event in client.events {
      switch event {
      case .connected: try client.publish(Array(payload.utf8), to: topic)
      case .delivered: return
      case .disconnected(let reason):
        throw ActionFault.noBroker(broker: broker, reason: reason)
      case .message: client.done()
      }
    }
    throw ActionFault.noBroker(broker: broker, reason: "the connection has ended")
  }
}

/// Follows no redirect: what answers a redirected POST has not taken it.
private let httpClient = HTTPClient(
  eventLoopGroup: HTTPClient.defaultEventLoopGroup,
  configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))

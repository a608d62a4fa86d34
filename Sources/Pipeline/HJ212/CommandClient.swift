import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Reaches the data loggers of a running monitor over its HTTP API.
public struct CommandClient: Sendable {
  /// What is asked: the body of `POST /api/v1/hj212/commands`.
  public struct Order: Encodable, Sendable {
    public var mn: String
    /// current, minutes, hours, days, time or setTime.
    public var command: String
    /// RFC 3339.
    public var from: String?
    public var to: String?
    public var time: String?

    /// An order without times.
    public init(mn: String, command: String) {
      self.mn = mn
      self.command = command
    }
  }

  /// A command as the monitor tells of it.
  public struct Standing: Decodable, Sendable {
    public var id: Int
    public var state: String
    public var code: Int?
    public var packets: Int
    public var answers: [String]
  }

  private let monitor: String
  private let authorization: String?

  /// - Parameters:
  ///   - monitor: its address, `http://127.0.0.1:8080`.
  ///   - operator: name and password, where it asks for them.
  public init(_ monitor: String, operator person: (name: String, password: String)? = nil) {
    self.monitor = monitor.hasSuffix("/") ? String(monitor.dropLast()) : monitor
    authorization = person.map {
      "Basic " + Data("\($0.name):\($0.password)".utf8).base64EncodedString()
    }
  }

  /// Asks, and follows the command to its end.
  /// - Returns: the last standing, as the monitor wrote it and decoded.
  /// - Throws: `CommandError`.
  public func carryOut(_ order: Order) async throws -> (text: String, standing: Standing) {
    let body = try JSONEncoder().encode(order)
    var answer = try await ask(.POST, "/api/v1/hj212/commands", body)
    while true {
      guard let standing = try? JSONDecoder().decode(Standing.self, from: Data(answer.utf8)),
        let state = LoggerCommand.State(rawValue: standing.state)
      else { throw CommandError(monitor: monitor, reason: "answered what is no command") }
      if state.isEnd { return (answer, standing) }
      try await Task.sleep(for: .milliseconds(200))
      answer = try await ask(.GET, "/api/v1/hj212/commands/\(standing.id)")
    }
  }

  /// The connected loggers, a JSON list.
  /// - Throws: `CommandError`.
  public func loggers() async throws -> String {
    try await ask(.GET, "/api/v1/hj212/loggers")
  }

  private func ask(
    _ method: HTTPMethod, _ path: String, _ body: Data? = nil
  ) async throws -> String {
    var request = HTTPClientRequest(url: monitor + path)
    request.method = method
    if let authorization { request.headers.add(name: "Authorization", value: authorization) }
    if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
    let status: HTTPResponseStatus
    let text: String
    do {
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
      status = response.status
      text = String(buffer: try await response.body.collect(upTo: 16 << 20))
    } catch {
      throw CommandError(
        monitor: monitor, reason: "cannot be reached (\(error)); is the monitor running there?")
    }
    guard (200..<300).contains(status.code) else {
      struct Fault: Decodable { var error: String }
      let fault = try? JSONDecoder().decode(Fault.self, from: Data(text.utf8))
      throw CommandError(monitor: monitor, reason: fault?.error ?? "answered \(status)")
    }
    return text
  }
}

/// Why a command did not reach a logger.
public struct CommandError: Error, CustomStringConvertible {
  var monitor: String
  var reason: String

  public var description: String { "\(monitor): \(reason)" }
}

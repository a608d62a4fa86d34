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

  private let connection: MonitorConnection

  /// - Parameters:
  ///   - monitor: its address, `http://127.0.0.1:8080`.
  ///   - login: where it asks for one.
  public init(_ monitor: String, login: MonitorLogin? = nil) {
    connection = MonitorConnection(monitor, login)
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
      else { throw fault("answered what is no command") }
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
    let answer: MonitorAnswer
    do {
      answer = try await connection.exchange(method, path, body, within: .seconds(30))
    } catch {
      throw fault("cannot be reached (\(error)); is the monitor running there?")
    }
    guard answer.isSuccess else { throw fault(answer.reason ?? "answered \(answer.status)") }
    return answer.text
  }

  private func fault(_ reason: String) -> CommandError {
    CommandError(monitor: connection.address, reason: reason)
  }
}

/// Why a command did not reach a logger.
public struct CommandError: Error, CustomStringConvertible {
  var monitor: String
  var reason: String

  public var description: String { "\(monitor): \(reason)" }
}

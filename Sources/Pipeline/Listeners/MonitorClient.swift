import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// What an operator wants of a running monitor.
package struct OperatorRequest: Encodable, Sendable {
  /// By the last part of the API's path.
  package enum Act: String, Sendable {
    case acknowledge, reset, shelve, unshelve, outOfService, returnToService
  }

  package var act: Act
  package var alarm: String
  package var signal: String?
  package var who: String
  package var comment: String?
  package var minutes: Double?

  /// A wish; `minutes` for `shelve` alone.
  package init(
    act: Act, alarm: String, signal: String?, who: String, comment: String?, minutes: Double?
  ) {
    self.act = act
    self.alarm = alarm
    self.signal = signal
    self.who = who
    self.comment = comment
    self.minutes = minutes
  }

  private enum CodingKeys: String, CodingKey {
    case alarm = "name"
    case signal, who, comment, minutes
  }
}

/// Who asks something of a monitor; told to it by HTTP Basic.
public struct MonitorLogin: Sendable {
  public var name: String
  public var password: String

  /// An operator's name and password.
  public init(name: String, password: String) {
    self.name = name
    self.password = password
  }
}

/// Requests to a monitor that runs, over its HTTP interface.
struct MonitorConnection: Sendable {
  /// Without a slash at its end.
  let address: String
  private let authorization: String?

  /// A connection; without a login nobody is told to the monitor.
  init(_ address: String, _ login: MonitorLogin?) {
    self.address = address.hasSuffix("/") ? String(address.dropLast()) : address
    authorization = login.map { login in
      "Basic " + Data("\(login.name):\(login.password)".utf8).base64EncodedString()
    }
  }

  /// What the monitor answers to one request. Throws when it cannot be reached within `limit`.
  func exchange(
    _ method: HTTPMethod, _ path: String, _ body: Data? = nil, within limit: TimeAmount
  ) async throws -> MonitorAnswer {
    var request = HTTPClientRequest(url: address + path)
    request.method = method
    request.headers.add(name: "User-Agent", value: "gemba")
    if let authorization { request.headers.add(name: "Authorization", value: authorization) }
    if let body {
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(ByteBuffer(bytes: body))
    }
    let response = try await httpClient.execute(request, timeout: limit)
    let text = String(buffer: try await response.body.collect(upTo: 16 << 20))
    return MonitorAnswer(status: response.status, text: text)
  }
}

/// An answer of a monitor.
struct MonitorAnswer: Sendable {
  let status: HTTPResponseStatus
  let text: String

  var isSuccess: Bool { (200..<300).contains(status.code) }

  /// Why it refuses, in its own words; nil where it gives none.
  var reason: String? {
    struct Refusal: Decodable { var error: String }
    return (try? JSONDecoder().decode(Refusal.self, from: Data(text.utf8)))?.error
  }
}

/// Has a running monitor do what an operator wants.
package struct MonitorClient: Sendable {
  private let connection: MonitorConnection

  /// A client; nothing is sent before `send`.
  package init(_ address: String, login: MonitorLogin?) throws {
    guard let url = URL(string: address), url.host() != nil, url.scheme?.hasPrefix("http") == true
    else { throw MonitorClientFault.notAnAddress(address) }
    connection = MonitorConnection(address, login)
  }

  /// Returns when the monitor has done it.
  package func send(_ wish: OperatorRequest) async throws {
    let body = try JSONEncoder().encode(wish)
    let answer: MonitorAnswer
    do {
      answer = try await connection.exchange(
        .POST, "/api/v1/alarms/\(wish.act.rawValue)", body, within: .seconds(10))
    } catch {
      throw MonitorClientFault.notReached(connection.address, reason: "\(error)")
    }
    guard !answer.isSuccess else { return }
    throw MonitorClientFault.refused(
      connection.address, status: answer.status.code,
      reason: answer.reason ?? "it gave no reason")
  }
}

/// Why a monitor has not done what was asked.
enum MonitorClientFault: Error, CustomStringConvertible {
  case notAnAddress(String)
  case notReached(String, reason: String)
  case refused(String, status: UInt, reason: String)

  var description: String {
    switch self {
    case .notAnAddress(let address):
      "--monitor \(address): not an address; give it as http://127.0.0.1:8080"
    case .notReached(let address, let reason):
      "\(address): no monitor answers, \(reason); start gemba monitor, or give its address by "
        + "--monitor"
    case .refused(let address, 401, _):
      "\(address): the monitor wants to know who you are; give --operator NAME"
    case .refused(let address, 403, let reason): "\(address): not allowed: \(reason)"
    case .refused(_, _, let reason): reason
    }
  }
}

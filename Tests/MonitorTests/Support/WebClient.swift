import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// What a server answered.
struct WebAnswer {
  var status: Int
  /// By lower-case name.
  var headers: [String: String]
  var body: Data

  var text: String { String(decoding: body, as: UTF8.self) }

  /// The body as JSON.
  func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(Value.self, from: body)
  }
}

/// Asks a server of this machine, without following redirections and without keeping cookies.
struct WebClient: Sendable {
  var port: Int

  func get(_ path: String, _ headers: [String: String] = [:]) async throws -> WebAnswer {
    try await ask("GET", path, headers)
  }

  func ask(
    _ method: String, _ path: String, _ headers: [String: String] = [:], body: [UInt8]? = nil
  ) async throws -> WebAnswer {
    let answer = try await open(method, path, headers, body: body)
    var fields: [String: String] = [:]
    for (name, value) in answer.headers { fields[name.lowercased()] = value }
    let bytes = try await answer.body.collect(upTo: 256 << 20)
    return WebAnswer(
      status: Int(answer.status.code), headers: fields, body: Data(bytes.readableBytesView))
  }

  /// An answer whose body is still to come.
  func open(
    _ method: String, _ path: String, _ headers: [String: String] = [:], body: [UInt8]? = nil
  ) async throws -> HTTPClientResponse {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
    request.method = HTTPMethod(rawValue: method)
    if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    return try await Self.client.execute(request, timeout: .seconds(60))
  }

  private static let client: HTTPClient = {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    return HTTPClient(configuration: configuration)
  }()
}

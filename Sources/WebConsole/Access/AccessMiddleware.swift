import Access
import FactoryModel
import Foundation
import HTTPTypes
import Hummingbird
import Pipeline

/// Finds out who asks, and lets the request through only when that one may do it.
struct AccessMiddleware: RouterMiddleware {
  let gate: Gate
  let proxies: [String]

  func handle(
    _ request: Request, context: ConsoleContext,
    next: (Request, ConsoleContext) async throws -> Response
  ) async throws -> Response {
    let client = Client(of: request, peer: context.peer, proxies: proxies)
    var context = context
    // The route's own path, however the request spelled it.
    let path = context.endpointPath ?? request.uri.path
    let needed = AccessRules.permission(for: request.method, path)
    context.visitor = try await visitor(
      of: request, client, port: context.port, mustBeKnown: needed != nil)
    if let needed, !context.visitor.permissions.contains(needed) {
      return refusal(request, context.visitor, needed)
    }
    if needed != nil, request.method != .get, request.method != .head,
      let session = context.visitor.session
    {
      guard sameBytes(request.headers[.csrfToken] ?? "", session.formToken) else {
        throw RequestFault(
          status: .forbidden, message: "X-CSRF-Token: not this session's; load the page again")
      }
    }
    return try await next(request, context)
  }

  private func visitor(
    of request: Request, _ client: Client, port: Int, mustBeKnown: Bool
  ) async throws -> Visitor {
    let now = Timestamp.now
    if mustBeKnown, let credentials = Credentials(request.headers[.authorization]) {
      do {
        return try await gate.visitor(
          name: credentials.name, password: credentials.password, from: client.address, at: now)
      } catch {
        throw error.fault
      }
    }
    return await gate.visitor(
      cookie: request.cookies[SessionCookie.name(port: port)]?.value ?? "", at: now)
  }

  /// Nobody is asked to log in; somebody is told what is missing.
  private func refusal(
    _ request: Request, _ visitor: Visitor, _ needed: Permission
  ) -> Response {
    if let name = visitor.name {
      return Reply.error(
        "\(name) may not do this: it needs the permission \(needed.rawValue)", status: .forbidden)
    }
    if request.uri.path == "/" {
      return Response(
        status: .seeOther, headers: [.location: "login?lang=\(request.language.rawValue)"])
    }
    var response = Reply.error(
      "log in, or send name and password by HTTP Basic", status: .unauthorized)
    // A browser would open a window of its own over the page.
    let isBrowser = request.headers.contains(.fetchMode)
    response.headers[.wwwAuthenticate] = isBrowser ? "Session" : "Basic realm=\"gemba\""
    return response
  }
}

extension LoginRefusal {
  /// As an answer to a program.
  var fault: RequestFault {
    switch self {
    case .wrong: RequestFault(status: .unauthorized, message: "name or password is wrong")
    case .wait(let wait):
      RequestFault(
        status: .tooManyRequests,
        message: "too many wrong passwords; wait \(max(1, wait.components.seconds)) s")
    }
  }
}

/// Name and password of a program.
struct Credentials {
  var name: String
  var password: String

  /// Reads `Basic …`, or `Token NAME:PASSWORD` as clients of InfluxDB 2 send it.
  init?(_ authorization: String?) {
    guard let authorization, let space = authorization.firstIndex(of: " ") else { return nil }
    let value = authorization[authorization.index(after: space)...]
    let pair: String
    switch authorization[..<space].lowercased() {
    case "basic":
      guard let data = Data(base64Encoded: String(value)) else { return nil }
      pair = String(decoding: data, as: UTF8.self)
    case "token": pair = String(value)
    default: return nil
    }
    guard let colon = pair.firstIndex(of: ":") else { return nil }
    name = String(pair[..<colon])
    password = String(pair[pair.index(after: colon)...])
  }
}

/// The cookie that names a session.
enum SessionCookie {
  /// A browser sends a host's cookies to every port: each monitor of a host has a name of its own.
  static func name(port: Int) -> String { "gemba-session-\(port)" }

  /// - Parameters:
  ///   - port: that the monitor listens on.
  ///   - prefix: where the console lies, so that others on that host do not see it.
  static func made(
    _ session: Session, port: Int, prefix: String, isSecure: Bool, at now: Timestamp
  ) -> String {
    "\(name(port: port))=\(session.token); Path=\(prefix)/; HttpOnly; SameSite=Strict; "
      + "Max-Age=\((session.end - now).components.seconds)" + (isSecure ? "; Secure" : "")
  }

  static func ended(port: Int, prefix: String) -> String {
    "\(name(port: port))=; Path=\(prefix)/; HttpOnly; SameSite=Strict; Max-Age=0"
  }
}

extension HTTPField.Name {
  /// Names that are not among the library's. All are valid.
  static let csrfToken = known("X-CSRF-Token")
  static let fetchMode = known("Sec-Fetch-Mode")
  static let fetchSite = known("Sec-Fetch-Site")
  static let referrerPolicy = known("Referrer-Policy")
  static let accelBuffering = known("X-Accel-Buffering")
  static let influxVersion = known("X-Influxdb-Version")

  private static func known(_ text: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(text) else { preconditionFailure("\(text): no field name") }
    return name
  }
}

import HTTPTypes
import Hummingbird

/// Says on every answer what a browser may do with it, and refuses writes that another site's page
/// makes a browser send.
struct SecurityHeaders: RouterMiddleware {
  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

  let proxies: [String]

  func handle(
    _ request: Request, context: ConsoleContext,
    next: (Request, ConsoleContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    if request.method != .get, request.method != .head, let site = otherSite(of: request, context) {
      response = Reply.error("a page of \(site) may not write here", status: .forbidden)
    } else {
      do {
        response = try await next(request, context)
      } catch {
        response = Reply.fault(error)
      }
    }
    if response.headers[.contentSecurityPolicy] == nil {
      response.headers[.contentSecurityPolicy] = Self.policy
    }
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[.referrerPolicy] = "no-referrer"
    return response
  }

  /// The origin a browser names when it is not this server.
  private func otherSite(of request: Request, _ context: ConsoleContext) -> String? {
    // Newer browsers say it themselves, whatever a proxy makes of the host.
    if let site = request.headers[.fetchSite] {
      return site == "same-origin" || site == "none"
        ? nil : request.headers[.origin] ?? "another site"
    }
    guard let origin = request.headers[.origin] else { return nil }
    let host = origin.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first
    let client = Client(of: request, peer: context.peer, proxies: proxies)
    return host.map(String.init) == client.host ? nil : origin
  }
}

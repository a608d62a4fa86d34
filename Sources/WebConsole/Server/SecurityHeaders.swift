import HTTPTypes
import Hummingbird

/// Says on every answer what a browser may do with it, and refuses writes that another site's page
/// makes a browser send.
struct SecurityHeaders<Context: RequestContext>: RouterMiddleware {
  private static var policy: String {
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
      + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
  }

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    var response: Response
    if request.method != .get, request.method != .head, let site = otherSite(of: request) {
      response = Reply.error("a page of \(site) may not write here", status: .forbidden)
    } else {
      do {
        response = try await next(request, context)
      } catch let fault as RequestFault {
        response = Reply.error(fault.message, status: fault.status)
      } catch let error as any HTTPResponseError {
        response = Reply.error(error.status.reasonPhrase, status: error.status)
      } catch {
        response = Reply.error("\(error)", status: .internalServerError)
      }
    }
    response.headers[.contentSecurityPolicy] = Self.policy
    response.headers[.xContentTypeOptions] = "nosniff"
    if let name = HTTPField.Name("Referrer-Policy") { response.headers[name] = "no-referrer" }
    return response
  }

  /// The origin a browser names when it is not this server.
  private func otherSite(of request: Request) -> String? {
    guard let origin = request.headers[.origin] else { return nil }
    let host = origin.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first
    return host.map(String.init) == request.head.authority ? nil : origin
  }
}

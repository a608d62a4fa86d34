import HTTPTypes
import Hummingbird

/// Answers a method that a path does not know with the ones that it knows.
struct AllowedMethods: RouterMiddleware {
  /// By path; those with a parameter are left out.
  private let methods: [String: [HTTPRequest.Method]]

  init(_ router: Router<ConsoleContext>) {
    methods = router.routes.reduce(into: [:]) { known, route in
      known[route.path.description, default: []].append(route.method)
    }
  }

  func handle(
    _ request: Request, context: ConsoleContext,
    next: (Request, ConsoleContext) async throws -> Response
  ) async throws -> Response {
    guard context.endpointPath == nil, let known = methods[request.uri.path] else {
      return try await next(request, context)
    }
    var response = Reply.error(
      "\(request.method) \(request.uri.path): no such method here", status: .methodNotAllowed)
    response.headers[.allow] = known.map(\.rawValue).sorted().joined(separator: ", ")
    return response
  }
}

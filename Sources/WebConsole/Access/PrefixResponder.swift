import Hummingbird

/// Takes the prefix off the path before the routes see it, where a proxy left it on.
struct PrefixResponder<Inner: HTTPResponder>: HTTPResponder {
  typealias Context = Inner.Context

  let inner: Inner
  /// `/gemba`, or empty.
  let prefix: String

  func respond(to request: Request, context: Context) async throws -> Response {
    let path = request.uri.description
    guard !prefix.isEmpty, path.hasPrefix(prefix) else {
      return try await inner.respond(to: request, context: context)
    }
    let rest = path.dropFirst(prefix.count)
    if rest.isEmpty || rest.first == "?" {
      // The page's own links are relative to a folder.
      return Response(status: .permanentRedirect, headers: [.location: "\(prefix)/\(rest)"])
    }
    guard rest.first == "/" else {
      return try await inner.respond(to: request, context: context)
    }
    var head = request.head
    head.path = String(rest)
    return try await inner.respond(to: Request(head: head, body: request.body), context: context)
  }
}

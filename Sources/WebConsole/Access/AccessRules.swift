import Access
import HTTPTypes

/// Which permission a request needs. A path that is not named here needs most.
enum AccessRules {
  /// nil: none.
  static func permission(for method: HTTPRequest.Method, _ path: String) -> Permission? {
    let isQuestion = method == .get || method == .head
    switch path {
    case "/login", "/healthz", "/readyz", "/ping", "/api/v1/texts", "/api/v1/openapi.yaml",
      "/assets/{file}":
      return nil
    // Leaving is everybody's right; the route looks at the session's token.
    case "/logout": return nil
    case "/write", "/api/v2/write", "/query": return .sendData
    case "/api/v1/alarms/acknowledge", "/api/v1/alarms/reset", "/api/v1/alarms/shelve",
      "/api/v1/alarms/unshelve":
      return .handleAlarms
    default: return isQuestion ? .read : .changeService
    }
  }
}

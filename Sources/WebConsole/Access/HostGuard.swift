import HTTPTypes
import Hummingbird

/// Where nobody has to log in, answers only requests for a host that is known to be this one.
///
/// Else a page anywhere could have its own name resolve to this machine's address (DNS rebinding)
/// and read and write as if it came from here. An address cannot be made to mean another machine.
struct HostGuard: RouterMiddleware {
  let gate: Gate
  /// The address listened on, and the names of `listen: hosts`.
  let names: Set<String>

  init(gate: Gate, listening host: String, hosts: [String]) {
    self.gate = gate
    names = Set(([host] + hosts).map { $0.lowercased() })
  }

  func handle(
    _ request: Request, context: ConsoleContext,
    next: (Request, ConsoleContext) async throws -> Response
  ) async throws -> Response {
    // Not what a proxy says: a script sets such headers too.
    if let host = request.head.authority, !isKnown(host), await gate.operators == nil {
      throw RequestFault(
        status: .misdirectedRequest,
        message: "host \(host.prefix(100)): not known to be this monitor; add it to listen: hosts "
          + "in the site file, or name operators")
    }
    return try await next(request, context)
  }

  /// - Parameter authority: a host with or without its port.
  func isKnown(_ authority: String) -> Bool {
    if authority.hasPrefix("[") { return true }
    let host = authority.prefix { $0 != ":" }.lowercased()
    let isAddress =
      host.split(separator: ".", omittingEmptySubsequences: false).count == 4
      && host.split(separator: ".").allSatisfy { UInt8($0) != nil }
    return isAddress || host == "localhost" || host.hasSuffix(".localhost") || names.contains(host)
  }
}

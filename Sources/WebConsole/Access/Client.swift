import HTTPTypes
import Hummingbird

/// The client of a request as far as the connection, or a proxy that is believed, tells.
struct Client {
  /// Its address.
  var address: String
  /// The host that it asked for.
  var host: String?
  /// Whether its own connection is encrypted.
  var isSecure: Bool

  /// - Parameter proxies: addresses of other machines whose forwarding headers count; this
  ///   machine's always do.
  init(of request: Request, peer: String, proxies: [String]) {
    let isProxy = peer == "::1" || peer.hasPrefix("127.") || proxies.contains(peer)
    func forwarded(_ name: String) -> String? {
      guard isProxy, let field = HTTPField.Name(name), let value = request.headers[field] else {
        return nil
      }
      // Each proxy appends what it saw itself: the last is the nearest one's word.
      let last = value.split(separator: ",").last?.drop { $0 == " " }
      return last.map { String($0.prefix(100)) }
    }
    address = forwarded("X-Forwarded-For") ?? peer
    host = forwarded("X-Forwarded-Host") ?? request.head.authority
    isSecure = forwarded("X-Forwarded-Proto") == "https"
  }
}

import Hummingbird
import NIOCore

/// What is known of a request beside what it says itself.
struct ConsoleContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// Set by `AccessMiddleware`.
  var visitor = Visitor.nobody
  /// Address at the other end of the connection: the client's, or its proxy's.
  let peer: String
  /// That the monitor listens on.
  let port: Int

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    peer = source.channel.remoteAddress?.ipAddress ?? ""
    port = source.channel.localAddress?.port ?? 0
  }
}

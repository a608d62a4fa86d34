import NIOCore
import NIOPosix

/// Ports of loopback that nobody listens on.
enum FreePort {
  static func find() throws -> Int {
    let server = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).wait()
    let port = server.localAddress?.port ?? 0
    try server.close().wait()
    return port
  }
}

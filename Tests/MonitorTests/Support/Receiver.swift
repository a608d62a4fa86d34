import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A real HTTP server that keeps what is posted to it.
final class Receiver: Sendable {
  /// A request as it came.
  struct Post: Sendable {
    var path: String
    var headers: HTTPHeaders
    var body: String
    /// What it was answered with.
    var status: HTTPResponseStatus

    /// The body as JSON.
    func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
      try JSONDecoder().decode(Value.self, from: Data(body.utf8))
    }
  }

  let port: Int
  private let inbox: Inbox
  private let server: any Channel

  /// Serves on a port of loopback, by default one that nobody listens on.
  /// - Parameter refusals: how many requests are answered with 503 before the first 200.
  init(port: Int = 0, refusals: Int = 0) throws {
    let inbox = Inbox(refusals: refusals)
    self.inbox = inbox
    server = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
          try channel.pipeline.syncOperations.addHandler(Conversation(inbox: inbox))
        }
      }
      .bind(host: "127.0.0.1", port: port).wait()
    self.port = server.localAddress?.port ?? 0
  }

  deinit { server.close(promise: nil) }

  /// What has been posted, once there is so much of it.
  func posts(_ count: Int) async throws -> [Post] {
    for _ in 0..<400 where inbox.posts.count < count {
      try await Task.sleep(for: .milliseconds(25))
    }
    return inbox.posts
  }

  fileprivate final class Inbox: Sendable {
    private let refusals: Int
    private let kept = Mutex<[Post]>([])

    init(refusals: Int) {
      self.refusals = refusals
    }

    var posts: [Post] { kept.withLock { $0 } }

    func take(_ head: HTTPRequestHead, _ body: String) -> HTTPResponseStatus {
      kept.withLock { posts in
        let status: HTTPResponseStatus = posts.count < refusals ? .serviceUnavailable : .ok
        posts.append(
          Post(path: head.uri, headers: head.headers, body: body, status: status))
        return status
      }
    }
  }
}

/// One connection.
private final class Conversation: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let inbox: Receiver.Inbox
  private var head: HTTPRequestHead?
  private var body = ""

  init(inbox: Receiver.Inbox) {
    self.inbox = inbox
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body = ""
    case .body(let bytes): body += String(buffer: bytes)
    case .end:
      guard let head else { return }
      let status = inbox.take(head, body)
      let answer = HTTPResponseHead(
        version: .http1_1, status: status, headers: ["Content-Length": "0"])
      context.write(wrapOutboundOut(.head(answer)), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}

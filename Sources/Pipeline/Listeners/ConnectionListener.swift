import NIOCore
import NIOPosix

/// What a listener does with one connection: bytes in, answers out. One value per connection.
package protocol ConnectionConversation: Sendable {
  /// The connection stands.
  /// - Parameter send: sends bytes that are no answer; throws when the connection has ended.
  mutating func begin(_ send: @escaping @Sendable (ByteBuffer) async throws -> Void) async

  /// Takes what arrived and gives what to send back, nil for nothing.
  mutating func answer(to bytes: ByteBuffer) async throws -> ByteBuffer?

  /// The peer has closed its side.
  mutating func finish() async throws
}

extension ConnectionConversation {
  package mutating func begin(
    _ send: @escaping @Sendable (ByteBuffer) async throws -> Void
  ) async {}
}

/// Waits on a TCP address and holds one conversation per connection.
///
/// Connections beyond `limit` are closed at once; one that sends nothing for `idleTimeout` is closed.
/// Reading waits while a conversation works, so a fast peer is slowed instead of filling memory.
package struct ConnectionListener: Sendable {
  package let address: ListenAddress
  private let limit: Int
  private let idleTimeout: TimeAmount
  private let group: any EventLoopGroup

  /// A listener; nothing is bound before `run`.
  package init(
    on address: ListenAddress, limit: Int = 4_096, idleTimeout: TimeAmount = .minutes(30),
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) {
    self.address = address
    self.limit = limit
    self.idleTimeout = idleTimeout
    self.group = group
  }

  /// Binds the address and serves until the task is cancelled.
  /// - Parameter bound: is told the port once connections are accepted.
  /// - Throws: `ListenError` when the address cannot be bound.
  package func run<Conversation: ConnectionConversation>(
    bound: @Sendable (Int) async -> Void, conversation: @escaping @Sendable () -> Conversation
  ) async throws {
    let server = try await bind()
    await bound(server.channel.localAddress?.port ?? address.port)
    let count = ConnectionCount(limit: limit)
    try await withThrowingDiscardingTaskGroup { tasks in
      try await server.executeThenClose { connections in
        for try await connection in connections {
          guard count.enter() else {
            try? await connection.channel.close()
            continue
          }
          tasks.addTask {
            await Self.serve(connection, conversation())
            count.leave()
          }
        }
      }
      tasks.cancelAll()
    }
  }

  private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  private func bind() async throws -> NIOAsyncChannel<Connection, Never> {
    let idle = idleTimeout
    do {
      return try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 1_024)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .serverChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(OutlastFailedAccepts())
          }
        }
        .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        .bind(host: address.host, port: address.port) { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers([
              IdleStateHandler(readTimeout: idle), CloseWhenIdle(),
            ])
            return try Connection(
              wrappingChannelSynchronously: channel,
              configuration: .init(isOutboundHalfClosureEnabled: true))
          }
        }
    } catch {
      throw ListenError(address: address, error)
    }
  }

  private static func serve(
    _ connection: Connection, _ conversation: consuming some ConnectionConversation
  ) async {
    var conversation = conversation
    // A peer that resets, or a conversation that fails, ends this connection and no other.
    try? await connection.executeThenClose { incoming, outgoing in
      await conversation.begin { try await outgoing.write($0) }
      for try await bytes in incoming {
        if let answer = try await conversation.answer(to: bytes) {
          try await outgoing.write(answer)
        }
      }
    }
    try? await conversation.finish()
  }
}

/// Why an address cannot be listened on.
package struct ListenError: Error, CustomStringConvertible {
  private var address: ListenAddress
  private var reason: String

  /// - Parameter error: what binding the address ended with.
  package init(address: ListenAddress, _ error: any Error) {
    self.address = address
    reason = socketReason(of: error)
  }

  package var description: String {
    "\(address): cannot listen there (\(reason)); free the port or change it under `listen:`"
  }
}

/// Keeps a listener alive when one connection cannot be taken, because too many files are open or
/// the peer was gone already: the error would end the sequence of connections.
private final class OutlastFailedAccepts: ChannelInboundHandler {
  typealias InboundIn = Channel

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if !(error is IOError) || !context.channel.isActive { context.fireErrorCaught(error) }
  }
}

/// Closes a connection that has sent nothing for too long.
private final class CloseWhenIdle: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent {
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }
}

import FactoryModel
import NIOCore
import NIOPosix
import Telemetry

/// Sends uploads to a monitoring centre over TCP, and answers what the centre asks for.
///
/// A connection that cannot be made or breaks is made again after 1, 2, 4 … 30 seconds, and what had
/// no answer is sent again.
public struct HJ212Sender: Sendable {
  private let centre: ListenAddress
  private let site: HJ212Address
  private let settings: HJ212Settings
  private let attempts: Int
  private let firstPause: Duration

  /// A sender; nothing is connected before `send`.
  /// - Parameter attempts: connections in a row that may bring no answer before the rest is given up;
  ///   a sender that follows a record never gives up.
  public init(
    to centre: ListenAddress, as site: HJ212Address, settings: HJ212Settings = HJ212Settings(),
    attempts: Int = 5, firstPause: Duration = .seconds(1)
  ) {
    self.centre = centre
    self.site = site
    self.settings = settings
    self.attempts = attempts
    self.firstPause = firstPause
  }

  /// Sends uploads and returns when each has come to its end.
  /// - Parameters:
  ///   - source: answers the centre's requests; nil has nothing.
  ///   - follow: sends periods of the source that begin from this moment on as they are recorded,
  ///     until the task is cancelled.
  ///   - report: is told what became of each upload.
  /// - Throws: `HJ212SendError` when the centre cannot be reached.
  public func send(
    _ uploads: [HJ212Upload], source: PeriodUploads? = nil, follow: Timestamp? = nil,
    report: @escaping @Sendable (HJ212Upload, HJ212Site.Result) -> Void
  ) async throws {
    let end = SiteEnd(
      HJ212Site(address: site, settings: settings), source: source, follow: follow,
      report: report)
    await end.upload(uploads, at: .now)
    var failures = 0
    while !(await end.isDone) {
      var reason = "it closed the connection"
      do { try await converse(end) } catch let error where Self.isOfNetwork(error) {
        reason = socketReason(of: error)
      }
      if await end.isDone { return }
      failures = await end.takeProgress() ? 1 : failures + 1
      guard follow != nil || failures < attempts else {
        throw HJ212SendError(centre: centre, reason: reason, waiting: await end.waiting)
      }
      try await Task.sleep(for: min(.seconds(30), firstPause * (1 << min(failures - 1, 10))))
    }
  }

  /// Holds one connection until everything is sent or it breaks.
  private func converse(_ end: SiteEnd) async throws {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(.seconds(10))
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .connect(host: centre.host, port: centre.port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    try await channel.executeThenClose { incoming, outgoing in
      try await Self.write(await end.connected(at: .now), to: outgoing)
      try await withThrowingTaskGroup { tasks in
        tasks.addTask {
          for try await bytes in incoming {
            let answer = try await end.receive(Array(bytes.readableBytesView), at: .now)
            try await Self.write(answer, to: outgoing)
            if await end.isDone { return }
          }
        }
        tasks.addTask {
          while !(await end.isDone) {
            try await Self.write(await end.advance(to: .now), to: outgoing)
            try await Task.sleep(for: await end.pause(at: .now))
          }
        }
        // The first to end has nothing left to send, or has lost the centre.
        try await tasks.next()
        tasks.cancelAll()
      }
    }
  }

  /// Whether another connection may mend it; a record that cannot be read is not mended so.
  private static func isOfNetwork(_ error: any Error) -> Bool {
    error is IOError || error is ChannelError || error is NIOConnectionError
      || error is NIOAsyncWriterError
  }

  private static func write(
    _ bytes: [UInt8], to outgoing: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) async throws {
    if !bytes.isEmpty { try await outgoing.write(ByteBuffer(bytes: bytes)) }
  }
}

/// Why uploads were not sent.
public struct HJ212SendError: Error, Hashable, CustomStringConvertible {
  public var centre: ListenAddress
  public var reason: String
  /// Uploads that the centre has not answered.
  public var waiting: Int

  public var description: String {
    "\(centre): \(waiting) uploads were not answered (\(reason)); "
      + "check address and network, then send them again"
  }
}

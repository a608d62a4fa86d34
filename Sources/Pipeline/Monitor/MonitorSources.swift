import NIOCore
import Telemetry

/// Where a site's data come from: data loggers, plain lines, brokers, controllers, cameras; and
/// where word of its alarms and its reports go.
public struct MonitorSources: Sendable {
  private let site: Site
  private let monitor: LineMonitor
  private let feeds: AsyncStream<SiteFeeds>
  private let next: AsyncStream<SiteFeeds>.Continuation

  /// Sources that hand what they hear to `monitor`.
  public init(_ file: SiteFile, _ monitor: LineMonitor, _ feeds: SiteFeeds) {
    site = file.site
    self.monitor = monitor
    (self.feeds, next) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    next.yield(feeds)
  }

  /// Goes on with the feeds of another site file; listeners stay.
  public func take(_ feeds: SiteFeeds) { next.yield(feeds) }

  /// Serves until the task is cancelled.
  /// - Parameter bound: is told each listener's name and port.
  public func run(bound: @escaping @Sendable (String, Int) async -> Void) async throws {
    let (monitor, feeds) = (monitor, feeds)
    try await withThrowingTaskGroup { tasks in
      if let address = site.hj212 {
        tasks.addTask {
          try await ConnectionListener(on: address).run { port in
            await bound("hj212", port)
          } conversation: {
            LoggerConversation(monitor: monitor)
          }
        }
      }
      if let address = site.lines {
        tasks.addTask {
          try await ConnectionListener(on: address).run { port in
            await bound("lines", port)
          } conversation: {
            LineConversation(monitor: monitor)
          }
        }
      }
      tasks.addTask { try await SiteFeeds.run(feeds) }
      try await tasks.next()
      tasks.cancelAll()
    }
  }
}

/// A data logger at the other end.
private struct LoggerConversation: ConnectionConversation {
  let monitor: LineMonitor
  private var number = 0

  init(monitor: LineMonitor) {
    self.monitor = monitor
  }

  mutating func begin(_ send: @escaping @Sendable (ByteBuffer) async throws -> Void) async {
    number = await monitor.openLogger { bytes in
      // Requests are few; one that the peer does not take ends with the connection.
      Task { try? await send(ByteBuffer(bytes: bytes)) }
    }
  }

  mutating func answer(to bytes: ByteBuffer) async throws -> ByteBuffer? {
    let answers = try await monitor.read(hj212: Array(bytes.readableBytesView), of: number)
    return answers.isEmpty ? nil : ByteBuffer(bytes: answers)
  }

  mutating func finish() async throws {
    try await monitor.closeLogger(number)
  }
}

/// A sender of line protocol at the other end.
private struct LineConversation: ConnectionConversation {
  let monitor: LineMonitor
  var stream = LineStream()

  mutating func answer(to bytes: ByteBuffer) async throws -> ByteBuffer? {
    try await monitor.read(lines: Array(bytes.readableBytesView), of: &stream, isEnd: false)
    return nil
  }

  mutating func finish() async throws {
    try await monitor.read(lines: [], of: &stream, isEnd: true)
  }
}

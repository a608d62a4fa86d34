import FactoryModel
import Foundation
import NIOCore
import NIOPosix
import Pipeline
import Storage
import Synchronization
import Telemetry

/// A thousand data loggers, each with its own connection and a packet every second, into a monitor
/// that records them; server and loggers share this process.
///
/// A packet's time counts from the moment it was due to the arrival of its 9014, whether or not the
/// one before was answered (no coordinated omission).
enum LoggerCases {
  private static let loggers = 1_000
  private static let factors = [
    "a34013", "a21026", "a21002", "a21005", "a19001", "a01011", "a01012", "a01013", "a00000",
  ]

  /// Both schedules, each for so many seconds.
  static func run(seconds: Int) async throws {
    try await measure(seconds: seconds, isSpread: true)
    try await measure(seconds: seconds, isSpread: false)
  }

  /// - Parameter isSpread: whether the loggers' packets are spread over the second, or all are due
  ///   at its beginning.
  private static func measure(seconds: Int, isSpread: Bool) async throws {
    let folder = try ScratchFolder("loggers")
    defer { folder.remove() }
    let site = try folder.siteFile("listen: {hj212: 0}\ndatabase: record.sqlite\n")
    let monitor = try LineMonitor(site)
    let start = Machine.processorSeconds
    let schedule = Schedule(packets: seconds, isSpread: isSpread)
    let latencies = try await listen(site, monitor) { try await speak(to: $0, schedule) }
    let spent = Machine.processorSeconds - start
    let counts = await monitor.counts
    try await monitor.close()
    let measured = Measurement(milliseconds: latencies)
    let sent = loggers * seconds
    let record = try RecordFile(path: folder.path + "/record.sqlite", for: .read)
    let figures: [(String, Double)] = [
      ("p99Milliseconds", measured.percentile(0.99)),
      ("largestMilliseconds", measured.percentile(1)),
      ("lostPackets", Double(sent - counts.packets)),
      ("lostAnswers", Double(sent - latencies.count)),
      ("lostSamples", Double(sent * factors.count - counts.samples)),
      ("samplesNotOnRecord", Double(try missing(record, samples: seconds))),
      ("processorSeconds", spent),
    ]
    let due = isSpread ? "spread over the second" : "all at once"
    Line.print(
      "\(loggers) HJ 212 loggers, a packet a second each for \(seconds) s, \(due)",
      measured, figures)
  }

  /// Serves the site's HJ 212 listener while `body` speaks to its port.
  private static func listen(
    _ site: SiteFile, _ monitor: LineMonitor, _ body: (Int) async throws -> [Double]
  ) async throws -> [Double] {
    let sources = MonitorSources(site, monitor, try SiteFeeds(site, monitor) { _ in })
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await monitor.keepTime() }
      tasks.addTask { try await sources.run { _, number in port.yield(number) } }
      defer { tasks.cancelAll() }
      for await number in ports { return try await body(number) }
      return []
    }
  }

  /// Samples of all signals that were sent and are not on record with their time and value.
  private static func missing(_ record: RecordFile, samples count: Int) throws -> Int {
    let names = (0..<loggers).flatMap { logger in
      factors.map { factor in
        SignalName(
          measurement: "hj212", field: "\(factor)-Rtd", tags: [.init("mn", siteName(logger))])
      }
    }
    var missing = names.count * count
    try SampleHistory(record).visit(names) { found in
      for (place, sample) in found.map({ ($0.place, $0.sample) }) {
        let packet = Int((sample.time - time(0)) / .seconds(1))
        if sample == Sample(time: time(packet), value: value(place % factors.count, packet)) {
          missing -= 1
        }
      }
    }
    return missing
  }

  /// Connects all loggers, lets each send its packets, and gives the milliseconds of each answer.
  ///
  /// Two threads, and no more done with answers than to count their lines: what the loggers' side
  /// takes counts as latency too.
  private static func speak(to port: Int, _ schedule: Schedule) async throws -> [Double] {
    let latencies = Mutex<[Double]>([])
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let begin = NIODeadline.now() + .seconds(5)
    var channels: [any Channel] = []
    for logger in 0..<loggers {
      let first =
        schedule.isSpread
        ? begin + .microseconds(Int64(logger) * 1_000_000 / Int64(loggers)) : begin
      let channel = try await ClientBootstrap(group: group)
        .channelOption(.socketOption(.tcp_nodelay), value: 1)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(
              Logger(siteName(logger), from: first, packets: schedule.packets) { milliseconds in
                latencies.withLock { $0.append(milliseconds) }
              })
          }
        }
        .connect(host: "127.0.0.1", port: port).get()
      channels.append(channel)
    }
    for channel in channels { try await channel.closeFuture.get() }
    try await group.shutdownGracefully()
    return latencies.withLock { $0 }
  }

  private struct Schedule {
    var packets: Int
    var isSpread: Bool
  }

  private static func siteName(_ logger: Int) -> String {
    "A110000_000" + String(logger + 1_000)
  }

  /// When the values of a packet were measured, a while ago.
  private static func time(_ packet: Int) -> Timestamp {
    Timestamp(seconds: 1_772_352_000 + Int64(packet))
  }

  private static func value(_ factor: Int, _ packet: Int) -> Double {
    Double(factor * 100 + packet) / 8
  }

  /// One logger: sends on its schedule, whether or not the last packet is answered, and hangs up
  /// when all are answered or ten seconds after the last.
  private final class Logger: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// Of all packets, made before the first is due.
    private var packets: [ByteBuffer] = []
    private let begin: NIODeadline
    private let answered: @Sendable (Double) -> Void
    private var sent = 0
    private var answers = 0

    init(
      _ name: String, from begin: NIODeadline, packets count: Int,
      answered: @escaping @Sendable (Double) -> Void
    ) {
      var settings = HJ212Settings()
      settings.answerTimeout = .seconds(600)
      var site = HJ212Site(address: HJ212Address(site: name), settings: settings, window: count)
      self.begin = begin
      self.answered = answered
      for packet in 0..<count {
        let values = factors.enumerated().map { place, code in
          HJ212Upload.Factor(code: code, fields: [.init("Rtd", value(place, packet))])
        }
        let upload = HJ212Upload(kind: .current, time: time(packet), factors: values)
        site.upload(upload, at: time(packet))
        packets.append(ByteBuffer(bytes: site.advance(to: time(packet))))
      }
    }

    func channelActive(context: ChannelHandlerContext) { schedule(context) }

    private func due(_ packet: Int) -> NIODeadline { begin + .seconds(Int64(packet)) }

    private func schedule(_ context: ChannelHandlerContext) {
      let isOver = sent == packets.count
      let moment = isOver ? due(sent) + .seconds(9) : due(sent)
      let loop = context.eventLoop.assumeIsolated()
      loop.scheduleTask(deadline: moment) { [self] in
        if isOver { return context.close(promise: nil) }
        send(context)
        schedule(context)
      }
    }

    private func send(_ context: ChannelHandlerContext) {
      context.writeAndFlush(NIOAny(packets[sent]), promise: nil)
      sent += 1
    }

    /// Answers come in the order of the packets, each a line.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let now = NIODeadline.now()
      for byte in unwrapInboundIn(data).readableBytesView where byte == UInt8(ascii: "\n") {
        answered(Double((now - due(answers)).nanoseconds) / 1e6)
        answers += 1
      }
      if answers == packets.count { context.close(promise: nil) }
    }
  }
}

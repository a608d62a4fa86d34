import FactoryModel
import NIOCore
import Pipeline
import Storage
import Synchronization
import Telemetry
import TestSupport
import Testing

/// A monitoring centre on a loopback port, which may hang up after some chunks of bytes.
private final class Centre: Sendable {
  struct Heard {
    var signals = SignalTable()
    var batch = SampleBatch()
    var connections = 0
    /// What is asked of the site at the first bytes of a connection.
    var request: HJ212Request?
    var outcomes: [HJ212Outcome] = []
    /// Uploads that the site knows to have arrived.
    var reports = 0

    /// `field@time` of every sample.
    var samples: Set<String> {
      Set((0..<batch.count).map { "\(signals[batch[$0].signal])@\(batch[$0].sample.time)" })
    }
  }

  let heard = Mutex(Heard())
  let hangsUpAfter: Int?

  init(hangsUpAfter: Int? = nil, asks request: HJ212Request? = nil) {
    self.hangsUpAfter = hangsUpAfter
    heard.withLock { $0.request = request }
  }

  struct Conversation: ConnectionConversation {
    let centre: Centre
    var receiver = HJ212Receiver()
    var chunks = 0

    mutating func answer(to bytes: ByteBuffer) async throws -> ByteBuffer? {
      chunks += 1
      if let most = centre.hangsUpAfter, chunks > most { throw CancellationError() }
      let isFirst = chunks == 1
      let answer = centre.heard.withLock { heard in
        var answer = receiver.receive(
          Array(bytes.readableBytesView), at: .now, signals: &heard.signals, into: &heard.batch)
        if isFirst, let request = heard.request {
          let site = HJ212Address(site: "S1", password: "123456")
          answer += receiver.ask(request, of: site, at: .now).bytes
        }
        heard.outcomes += receiver.takeOutcomes()
        return answer
      }
      return ByteBuffer(bytes: answer)
    }

    mutating func finish() async throws {
      centre.heard.withLock { $0.connections += 1 }
    }
  }

  /// Runs `body` with the centre's address.
  func serve(_ body: @escaping @Sendable (ListenAddress) async throws -> Void) async throws {
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    try await withThrowingTaskGroup { tasks in
      tasks.addTask {
        try await ConnectionListener(on: ListenAddress(port: 0)).run {
          port.yield($0)
        } conversation: {
          Conversation(centre: self)
        }
      }
      for await number in ports {
        try await body(ListenAddress(port: number))
        break
      }
      tasks.cancelAll()
    }
  }
}

@Suite("sending to a monitoring centre", .timeLimit(.minutes(1)))
struct HJ212SenderTests {
  private let start = CivilTime(year: 2026, month: 3, day: 1).timestamp()
  private let address = HJ212Address(site: "S1")

  private func rows(_ kind: PeriodKind, _ count: Int) -> [PeriodValue] {
    var start = start
    return (0..<count).flatMap { place in
      defer { start = kind.end(of: start, offsetSeconds: 0) }
      return ["a21026", "a34013"].map { factor in
        PeriodValue(
          signal: SignalName(path: "emission.\(factor)", tags: [.init("outlet", "boiler")]),
          kind: kind, start: start, end: kind.end(of: start, offsetSeconds: 0),
          mean: Double(place), count: 60, flag: .normal)
      }
    }
  }

  private func uploads(_ count: Int) -> [HJ212Upload] {
    (0..<count).compactMap { HJ212Upload(Array(rows(.hour, count)[2 * $0..<2 * $0 + 2])) }
  }

  @Test(
    "everything is delivered, over one connection or over many that break", arguments: [nil, 2, 1])
  func delivery(_ hangsUpAfter: Int?) async throws {
    let centre = Centre(hangsUpAfter: hangsUpAfter)
    let delivered = Mutex<[HJ212Upload]>([])
    let all = uploads(50)
    try await centre.serve { [address] port in
      try await HJ212Sender(to: port, as: address, attempts: 100, firstPause: .milliseconds(1))
        .send(all) { upload, result in
          if result == .delivered { delivered.withLock { $0.append(upload) } }
        }
    }
    #expect(Set(delivered.withLock { $0 }) == Set(all))
    #expect(delivered.withLock { $0.count } == 50)
    let heard = centre.heard.withLock { $0 }
    #expect(heard.samples.count == 100)
    #expect(heard.samples.contains("hj212.a21026-Avg{mn=S1,period=hour}@2026-03-02T01:00:00Z"))
  }

  @Test("a centre that is not there is said, with what is left to send")
  func unreachable() async throws {
    let sender = HJ212Sender(
      to: ListenAddress(port: 1), as: address, attempts: 3, firstPause: .milliseconds(1))
    let error = await #expect(throws: HJ212SendError.self) {
      try await sender.send(uploads(2)) { _, _ in }
    }
    #expect(error?.waiting == 2)
    #expect(error?.description.hasPrefix("127.0.0.1:1: 2 uploads were not answered (") == true)
  }

  private func record(_ rows: [PeriodValue]) throws -> (folder: TemporaryFolder, path: String) {
    let folder = TemporaryFolder()
    let path = folder.file("record.sqlite")
    let file = try RecordFile(path: path, for: .write)
    var writer = try SampleWriter(file)
    try writer.commit(SignalTable(), with: RecordEntries(periods: rows))
    return (folder, path)
  }

  @Test("recorded periods go in the order of their ends, those of other outlets do not")
  func recorded() throws {
    var all = rows(.hour, 24) + rows(.day, 1)
    var other = all[0]
    other.signal = SignalName(path: "emission.a21026", tags: [.init("outlet", "kiln")])
    all.append(other)
    let (folder, path) = try record(all)
    let source = try PeriodUploads(record: path, outlet: "boiler", kinds: [.hour, .day])
    let uploads = try source.uploads(in: start..<start + .seconds(86_400))
    #expect(uploads.map(\.kind) == Array(repeating: .hour, count: 24) + [.day])
    #expect(uploads.allSatisfy { $0.factors.map(\.code) == ["a21026", "a34013"] })
    #expect(try source.uploads(in: start + .seconds(1)..<start + .seconds(3_601)).count == 1)
    _ = folder
  }

  @Test("what the centre asks for is sent from the record; its wish to set the clock is refused")
  func requests() async throws {
    let (folder, path) = try record(rows(.hour, 24))
    for (request, samples, result) in [
      (
        HJ212Request.hours(from: start, to: start + .seconds(3 * 3_600)), 8,
        HJ212Outcome.Result.done
      ),
      (.days(from: start, to: start), 2, .failed(code: 100)),
      (.setTime(start), 2, .failed(code: 3)),
    ] {
      let source = try PeriodUploads(record: path, outlet: "boiler", kinds: [.hour])
      let centre = Centre(asks: request)
      try await centre.serve { [address, uploads = uploads(1)] port in
        await withTaskGroup { tasks in
          tasks.addTask {
            // Follows nothing new, so that the connection stays until the centre has its answer.
            try? await HJ212Sender(to: port, as: address).send(
              uploads, source: source, follow: Timestamp.now
            ) { _, _ in
              centre.heard.withLock { $0.reports += 1 }
            }
          }
          while centre.heard.withLock({ $0.outcomes.isEmpty || $0.reports == 0 }) {
            await Task.yield()
          }
          tasks.cancelAll()
        }
      }
      let heard = centre.heard.withLock { $0 }
      #expect(heard.outcomes.map(\.result) == [result])
      #expect(heard.samples.count == samples)
    }
    _ = folder
  }
}

import Alarms
import FactoryModel
import Foundation
import Pipeline
import Telemetry

/// Sample to alarm: every ten milliseconds 100 lines come in, one of which passes its limit or
/// returns.
///
/// Times count from when the lines were due, so that lines that wait behind slow ones show their
/// wait (no coordinated omission).
enum EventCases {
  private static let bodies = 1_000
  private static let interval = Duration.milliseconds(10)
  private static let signals = 100
  private static let site = """
    listen: {}
    database: record.sqlite
    alarms:
      - {name: hot, signal: "machine.temp{*}", high: 90}
    """

  static func run() async throws {
    try inMemory()
    try await recorded()
  }

  /// Lines to the transition in hand: codec and alarm engine, as the monitor calls them.
  private static func inMemory() throws {
    var reader = LineProtocolReader()
    var table = SignalTable()
    var batch = SampleBatch()
    var transitions: [AlarmTransition] = []
    var engine = AlarmEngine(rules: [
      AlarmRule(name: "hot", signals: try SignalPattern("machine.temp{*}"), condition: .above(90))
    ])
    var spent: [Double] = []
    let times = schedule { lines, body in
      let start = Machine.threadSeconds
      defer { spent.append((Machine.threadSeconds - start) * 1e3) }
      let now = Timestamp(nanoseconds: time(body))
      var stream = LineStream()
      reader.read(lines, of: &stream, receivedAt: now, table: &table, into: &batch)
      engine.take(
        batch, places: 0..<batch.count, arrivedAt: now, table: table, into: &transitions)
      batch.removeAll()
      precondition(transitions.count == 1, "\(transitions.count) transitions of body \(body)")
      transitions.removeAll()
    }
    print("lines to alarm event, before the journal's sync", times)
    print("the same, processor time alone", spent)
  }

  /// Lines to the answer: their samples and the transition are on the disk.
  private static func recorded() async throws {
    let folder = try ScratchFolder("events")
    defer { folder.remove() }
    let monitor = try LineMonitor(folder.siteFile(site))
    let clock = ContinuousClock()
    let start = clock.now
    var times: [Double] = []
    var levels = Levels()
    for body in 0..<bodies {
      let lines = levels.lines(body)
      let due = start + interval * body
      try await Task.sleep(until: due, clock: clock)
      _ = try await monitor.write(lines: lines, precision: .nanoseconds)
      times.append((clock.now - due) / .milliseconds(1))
    }
    let transitions = await monitor.counts.transitions
    precondition(transitions == bodies, "\(transitions) transitions of \(bodies) bodies")
    try await monitor.close()
    print("lines to alarm event on record, after the journal's sync", times)
  }

  private static func schedule(_ take: ([UInt8], Int) -> Void) -> [Double] {
    let clock = ContinuousClock()
    let start = clock.now
    var levels = Levels()
    return (0..<bodies).map { body in
      let lines = levels.lines(body)
      let due = start + interval * body
      Thread.sleep(forTimeInterval: max(0, (due - clock.now) / .seconds(1)))
      take(lines, body)
      return (clock.now - due) / .milliseconds(1)
    }
  }

  private static func print(_ name: String, _ times: [Double]) {
    let measured = Measurement(milliseconds: times)
    Line.print(
      "\(name), 100 lines every 10 ms", measured,
      [
        ("p99Milliseconds", measured.percentile(0.99)),
        ("p99.9Milliseconds", measured.percentile(0.999)),
        ("largestMilliseconds", measured.percentile(1)),
      ])
  }

  private static func time(_ body: Int) -> Int64 {
    1_772_352_000_000_000_000 + Int64(body) * 10_000_000
  }

  /// What the signals stand at.
  private struct Levels {
    private var isHot = [Bool](repeating: false, count: signals)

    /// The lines of one body: the signal whose turn it is goes beyond its limit, or comes back.
    mutating func lines(_ body: Int) -> [UInt8] {
      isHot[body % signals].toggle()
      var lines: [UInt8] = []
      for signal in 0..<signals {
        let value = isHot[signal] ? "95.25" : "85.25"
        lines += Array("machine,id=m\(signal) temp=\(value) \(time(body))\n".utf8)
      }
      return lines
    }
  }
}

import FactoryModel
import Imaging
import SparkplugMessages
import SwiftProtobuf
import Telemetry
import TestSupport
import Testing

@Suite("Sparkplug: births, deaths and order")
struct SparkplugOrderTests {
  private let temp = "sparkplug.temp{group=G,node=N}"

  private func data(_ value: Double) -> [SparkplugMetric] {
    [metric(alias: 1, .doubleValue(value))]
  }

  @Test("data by alias after a birth becomes samples of the metric's name")
  func alias() {
    var bench = SparkplugBench()
    bench.bearNode()
    bench.receive("G/NDATA/N", seq: 1, data(21.5))
    #expect(bench.takeSamples() == ["\(temp)=20.0", "\(temp)=21.5"])
    #expect(bench.published.isEmpty)
  }

  @Test("messages out of order are taken in order once the missing one arrives")
  func reorder() {
    var bench = SparkplugBench()
    bench.bearNode()
    bench.receive("G/NDATA/N", seq: 3, data(3), at: 0.1)
    bench.receive("G/NDATA/N", seq: 2, data(2), at: 0.2)
    #expect(bench.host.deadline == bench.at(2.1))
    bench.receive("G/NDATA/N", seq: 1, data(1), at: 0.3)
    #expect(bench.takeSamples().map { $0.suffix(4) } == ["20.0", "=1.0", "=2.0", "=3.0"])
    #expect(bench.host.deadline == nil)
    bench.advance(to: 60)
    #expect(bench.published.isEmpty)
  }

  @Test("a gap that does not close lets the later data through and asks for a rebirth once")
  func gap() throws {
    var bench = SparkplugBench()
    bench.bearNode()
    _ = bench.takeSamples()
    bench.receive("G/NDATA/N", seq: 2, data(2), at: 0.1)
    bench.receive("G/NDATA/N", seq: 3, data(3), at: 1)
    bench.advance(to: 2)
    #expect(bench.takeSamples().isEmpty)
    bench.advance(to: 2.1)
    #expect(bench.takeSamples() == ["\(temp)=2.0", "\(temp)=3.0"])
    let command = try #require(bench.published.first)
    #expect(bench.published.count == 1 && command.topic == "spBv1.0/G/NCMD/N")
    #expect(command.qos == 0 && !command.isRetained)
    let payload = try SparkplugPayload(serializedBytes: command.payload)
    #expect(payload.metrics.map(\.name) == ["Node Control/Rebirth"])
    #expect(payload.metrics.first?.booleanValue == true && payload.metrics.first?.datatype == 11)
    // The next number is taken at once.
    bench.receive("G/NDATA/N", seq: 4, data(4), at: 2.2)
    #expect(bench.takeSamples() == ["\(temp)=4.0"])
    // Another gap at once: the node has ten seconds to be born again.
    bench.receive("G/NDATA/N", seq: 9, data(9), at: 2.3)
    bench.advance(to: 12)
    #expect(bench.published.count == 1)
    bench.advance(to: 12.2)
    #expect(bench.published.count == 2)
  }

  @Test("numbers go from 255 to 0")
  func wrap() {
    var bench = SparkplugBench()
    bench.bearNode()
    for number in 1...600 { bench.receive("G/NDATA/N", seq: number % 256, data(Double(number))) }
    #expect(bench.host.counts.gaps == 0 && bench.host.counts.samples == 601)
  }

  @Test("data before a birth is not recorded; the node is asked for one, and its birth mends all")
  func unborn() {
    var bench = SparkplugBench()
    bench.receive("G/NDATA/N", seq: 7, data(7))
    bench.receive("G/DDATA/N/D", seq: 8, data(8), at: 1)
    bench.advance(to: 2)
    #expect(bench.takeSamples().isEmpty && bench.published.count == 1)
    bench.bearNode(at: 2.5)
    #expect(bench.host.deadline == nil)
    bench.receive("G/NDATA/N", seq: 1, data(1), at: 3)
    #expect(bench.takeSamples() == ["\(temp)=20.0", "\(temp)=1.0"])
  }

  @Test("an alias that no birth announced asks for a rebirth, and so does an unborn device")
  func unknown() {
    for (topic, metrics) in [
      ("G/NDATA/N", [metric(alias: 9, .intValue(1))]),
      ("G/NDATA/N", [metric("new", .intValue(1), datatype: 3)]),
      ("G/DDATA/N/D", [metric(alias: 1, .doubleValue(1))]),
    ] {
      var bench = SparkplugBench()
      bench.bearNode()
      _ = bench.takeSamples()
      bench.receive(topic, seq: 1, metrics)
      bench.receive("G/NDATA/N", seq: 2, data(2), at: 1)
      bench.advance(to: 2)
      #expect(bench.published.count == 1, "\(topic)")
      #expect(bench.takeSamples() == ["\(temp)=2.0"], "\(topic)")
    }
  }

  @Test("a death makes every signal bad with its last value, until the next birth")
  func death() {
    var bench = SparkplugBench()
    bench.bearNode(bdSeq: 4)
    bench.receive("G/DBIRTH/N/D", seq: 1, [metric("on", alias: 2, .booleanValue(true))])
    bench.receive("G/NDATA/N", seq: 2, data(25))
    _ = bench.takeSamples()
    // The will of the connection before says nothing of this one.
    bench.receive("G/NDEATH/N", seq: nil, [metric("bdSeq", .longValue(3))], at: 5)
    #expect(bench.takeSamples().isEmpty && bench.host.counts.oldDeaths == 1)
    bench.receive("G/NDEATH/N", seq: nil, [metric("bdSeq", .longValue(4))], at: 6)
    #expect(bench.batch[0].sample.time == bench.at(6))
    let device = "sparkplug.on{device=D,group=G,node=N}"
    #expect(bench.takeSamples() == ["\(temp)=25.0!", "\(device)=1.0!"])
    bench.bearNode(bdSeq: 5, at: 9)
    #expect(bench.takeSamples() == ["\(temp)=20.0"])
  }

  @Test("a device's death concerns its own signals, and its birth brings them back")
  func deviceDeath() {
    var bench = SparkplugBench()
    bench.bearNode()
    bench.receive("G/DBIRTH/N/D", seq: 1, [metric("speed", alias: 2, .intValue(5), datatype: 7)])
    _ = bench.takeSamples()
    let speed = "sparkplug.speed{device=D,group=G,node=N}"
    bench.receive("G/DDEATH/N/D", seq: 2, at: 1)
    #expect(bench.takeSamples() == ["\(speed)=5.0!"])
    bench.receive("G/DDATA/N/D", seq: 3, [metric(alias: 2, .intValue(6))], at: 2)
    #expect(bench.takeSamples().isEmpty && bench.host.counts.unborn == 1)
    bench.receive(
      "G/DBIRTH/N/D", seq: 4, [metric("speed", alias: 2, .intValue(7), datatype: 7)], at: 3)
    #expect(bench.takeSamples() == ["\(speed)=7.0"])
  }

  @Test("a will of our own that says we are off-line is set right")
  func state() {
    var bench = SparkplugBench()
    let (will, birth) = bench.host.connect(at: bench.start)
    let milliseconds = bench.start.nanoseconds / 1_000_000
    #expect(will.topic == "spBv1.0/STATE/gemba" && will.qos == 1 && will.isRetained)
    #expect(
      String(decoding: will.payload, as: UTF8.self)
        == "{\"online\":false,\"timestamp\":\(milliseconds)}")
    #expect(
      String(decoding: birth.payload, as: UTF8.self)
        == "{\"online\":true,\"timestamp\":\(milliseconds)}")
    bench.receive("STATE/gemba", birth.payload)
    bench.receive("STATE/other", will.payload)
    #expect(bench.published.isEmpty)
    bench.receive("STATE/gemba", will.payload)
    #expect(bench.published == [birth])
  }

  @Test("any order of arrival within the time-out gives the same samples", arguments: propertySeeds)
  func shuffled(_ seed: UInt64) {
    var numbers = SeededGenerator(seed: seed)
    var wanted = SparkplugBench()
    var found = SparkplugBench()
    wanted.bearNode()
    found.bearNode()
    for block in 0..<40 {
      let messages = (0..<10).map { place in (block * 10 + place + 1) }
      for number in messages {
        wanted.receive("G/NDATA/N", seq: number % 256, data(Double(number)))
      }
      for number in messages.shuffled(using: &numbers) {
        found.receive("G/NDATA/N", seq: number % 256, data(Double(number)))
      }
    }
    #expect(wanted.takeSamples() == found.takeSamples(), "seed \(seed)")
    #expect(found.published.isEmpty && found.host.deadline == nil, "seed \(seed)")
  }
}

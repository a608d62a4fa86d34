import FactoryModel
import Imaging
import SparkplugMessages
import SwiftProtobuf
import Telemetry
import TestSupport
import Testing

@Suite("Sparkplug: metrics to samples")
struct SparkplugValueTests {
  @Test(
    "values of each type",
    arguments: [
      (.intValue(0xFE), 1, "=-2.0"), (.intValue(0xFFFE), 2, "=-2.0"),
      (.intValue(0xFFFF_FFFE), 3, "=-2.0"), (.longValue(.max), 4, "=-1.0"),
      (.intValue(0xFE), 5, "=254.0"), (.intValue(0xFFFF_FFFE), 7, "=4294967294.0"),
      (.longValue(1 << 40), 8, "=1099511627776.0"), (.floatValue(0.5), 9, "=0.5"),
      (.doubleValue(-1e9), 10, "=-1000000000.0"), (.booleanValue(true), 11, "=1.0"),
      (.stringValue("running"), 12, "=0.0"),
      (.longValue(1_700_000_000_000), 13, "=1700000000000.0"),
      (.doubleValue(.nan), 10, "=nan!"),
    ] as [(SparkplugMetric.OneOf_Value, UInt32, String)])
  func types(_ value: SparkplugMetric.OneOf_Value, datatype: UInt32, text: String) {
    var bench = SparkplugBench()
    bench.receive("G/NBIRTH/N", seq: 0, [metric("x", value, datatype: datatype)])
    #expect(bench.takeSamples() == ["sparkplug.x{group=G,node=N}\(text)"])
  }

  @Test("texts are words of their signal, structures are left out, null is bad")
  func others() {
    var bench = SparkplugBench()
    var null = metric("x", nil, datatype: 10)
    null.isNull = true
    bench.receive(
      "G/NBIRTH/N", seq: 0,
      [
        metric("state", .stringValue("idle"), datatype: 12), null,
        metric("file", nil, datatype: 18), metric("set", nil, datatype: 16),
      ])
    bench.receive("G/NDATA/N", seq: 1, [metric("state", .stringValue("run"))])
    bench.receive("G/NDATA/N", seq: 2, [metric("state", .stringValue("idle"))])
    let state = "sparkplug.state{group=G,node=N}"
    #expect(
      bench.takeSamples() == [
        "\(state)=0.0", "sparkplug.x{group=G,node=N}=nan!", "\(state)=1.0", "\(state)=0.0",
      ])
    #expect(bench.signals.texts(of: SignalID(index: 0)) == ["idle", "run"])
    #expect(bench.host.counts.unreadable == 2)
  }

  @Test(
    "the property Quality is the sample's quality",
    arguments: [(192, ""), (0, "!"), (500, "!"), (64, "?")])
  func quality(_ code: UInt32, mark: String) {
    var bench = SparkplugBench()
    var value = metric("x", .doubleValue(1), datatype: 10)
    var property = SparkplugPropertyValue()
    property.intValue = code
    value.properties.keys = ["Unit", "Quality"]
    value.properties.values = [SparkplugPropertyValue(), property]
    bench.receive("G/NBIRTH/N", seq: 0, [value])
    #expect(bench.takeSamples() == ["sparkplug.x{group=G,node=N}=1.0\(mark)"])
  }

  @Test("times are the metric's, else the message's, else that of arrival")
  func times() {
    var bench = SparkplugBench()
    bench.bearNode()
    bench.batch.removeAll()
    var own = metric("temp", .doubleValue(1))
    own.timestamp = 1_000
    var absurd = metric("temp", .doubleValue(2))
    absurd.timestamp = .max
    bench.receive("G/NDATA/N", seq: 1, [own, absurd], at: 3)
    var payload = SparkplugPayload()
    payload.seq = 2
    payload.timestamp = 2_000
    payload.metrics = [metric("temp", .doubleValue(3))]
    bench.receive("G/NDATA/N", (try? payload.serializedBytes()) ?? [], at: 4)
    #expect(bench.batch.times == [1_000_000_000, bench.at(3).nanoseconds, 2_000_000_000])
    #expect(bench.host.counts.badTimes == 1)
  }

  @Test("what is not Sparkplug is counted and changes nothing")
  func strangers() {
    var bench = SparkplugBench()
    bench.bearNode()
    _ = bench.takeSamples()
    bench.receive("G/NDATA/N", [0xFF, 0xFF, 0xFF])
    bench.receive("G/NDATA/N", seq: nil, [metric(alias: 1, .doubleValue(1))])
    bench.receive("G/NDATA/N", seq: 256, [metric(alias: 1, .doubleValue(1))])
    #expect(bench.host.counts.malformed == 3)
    for topic in ["G/NDATA", "G/NDATA/N/D", "G/DDATA/N", "G//N", "G/WHAT/N"] {
      bench.receive(topic, seq: 1)
    }
    #expect(bench.host.counts.strangers == 5)
    #expect(bench.takeSamples().isEmpty && bench.host.deadline == nil)
  }

  @Test("what is remembered is bounded")
  func bounds() {
    var settings = SparkplugSettings()
    settings.mostNodes = 2
    settings.mostSignals = 3
    settings.mostWords = 2
    var bench = SparkplugBench(settings)
    for node in 0..<5 {
      bench.receive("G/NBIRTH/N\(node)", seq: 0, [metric("x", .stringValue("a"), datatype: 12)])
    }
    #expect(bench.signals.count == 2 && bench.host.counts.refused == 3)
    for (place, text) in ["b", "c", "a"].enumerated() {
      bench.receive("G/NDATA/N0", seq: place + 1, [metric("x", .stringValue(text))])
    }
    #expect(bench.takeSamples().count == 4)
  }

  @Test("payloads with bytes changed, cut or added never trap", arguments: propertySeeds)
  func mutated(_ seed: UInt64) {
    var numbers = SeededGenerator(seed: seed)
    var bench = SparkplugBench()
    let birth = SparkplugBench.payload(
      seq: 0,
      [metric("bdSeq", .longValue(0)), metric("temp", alias: 1, .doubleValue(1), datatype: 10)])
    let kinds = ["NBIRTH", "NDATA", "NDEATH"]
    for round in 0..<2_000 {
      var payload = birth
      for _ in 0..<Int.random(in: 0...3, using: &numbers) where !payload.isEmpty {
        let place = Int.random(in: 0..<payload.count, using: &numbers)
        switch Int.random(in: 0..<3, using: &numbers) {
        case 0: payload[place] = UInt8.random(in: 0...255, using: &numbers)
        case 1: payload.removeSubrange(place...)
        default: payload.insert(UInt8.random(in: 0...255, using: &numbers), at: place)
        }
      }
      let kind = kinds.randomElement(using: &numbers)!
      bench.receive("G/\(kind)/N", payload, at: Double(round))
    }
    #expect(bench.host.counts.messages + bench.host.counts.malformed >= 2_000, "seed \(seed)")
  }
}

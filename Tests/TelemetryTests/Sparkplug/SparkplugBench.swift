import FactoryModel
import SparkplugMessages
import SwiftProtobuf
import Telemetry

/// A host with its tables, and messages of a node to feed it.
struct SparkplugBench {
  var host: SparkplugHost
  var signals = SignalTable()
  var batch = SampleBatch()
  var published: [SparkplugPublication] = []
  let start = CivilTime(year: 2024, month: 3, day: 14).timestamp()

  init(_ settings: SparkplugSettings = SparkplugSettings()) {
    host = SparkplugHost(settings: settings)
  }

  func at(_ seconds: Double) -> Timestamp { start + .seconds(seconds) }

  mutating func receive(_ topic: String, _ payload: [UInt8], at seconds: Double = 0) {
    published += host.receive(
      topic: "spBv1.0/" + topic, payload: payload, at: at(seconds), signals: &signals,
      into: &batch)
  }

  mutating func receive(
    _ topic: String, seq: Int?, _ metrics: [SparkplugMetric] = [], at seconds: Double = 0
  ) {
    receive(topic, Self.payload(seq: seq, metrics), at: seconds)
  }

  mutating func advance(to seconds: Double) {
    published += host.advance(to: at(seconds), signals: &signals, into: &batch)
  }

  static func payload(seq: Int?, _ metrics: [SparkplugMetric]) -> [UInt8] {
    var payload = SparkplugPayload()
    if let seq { payload.seq = UInt64(seq) }
    payload.metrics = metrics
    return (try? payload.serializedBytes()) ?? []
  }

  /// The node's birth with a temperature under alias 1.
  mutating func bearNode(bdSeq: Int = 0, at seconds: Double = 0) {
    receive(
      "G/NBIRTH/N", seq: 0,
      [
        metric("bdSeq", .longValue(UInt64(bdSeq))),
        metric("Node Control/Rebirth", .booleanValue(false), datatype: 11),
        metric("temp", alias: 1, .doubleValue(20), datatype: 10),
      ], at: seconds)
  }

  /// Everything recorded, as `signal=value` with `?` and `!` for uncertain and bad.
  mutating func takeSamples() -> [String] {
    defer { batch.removeAll() }
    return (0..<batch.count).map { place in
      let (signal, sample) = batch[place]
      let mark = ["", "?", "!"][Int(sample.quality.rawValue)]
      return "\(signals[signal].description)=\(sample.value)\(mark)"
    }
  }
}

func metric(
  _ name: String? = nil, alias: Int? = nil, _ value: SparkplugMetric.OneOf_Value?,
  datatype: UInt32? = nil
) -> SparkplugMetric {
  var metric = SparkplugMetric()
  if let name { metric.name = name }
  if let alias { metric.alias = UInt64(alias) }
  if let datatype { metric.datatype = datatype }
  metric.value = value
  return metric
}

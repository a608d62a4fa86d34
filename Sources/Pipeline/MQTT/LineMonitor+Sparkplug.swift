import FactoryModel
import Telemetry

/// What a Sparkplug host asks of its connection.
struct SparkplugOpening: Sendable {
  var filters: [String]
  var will: SparkplugPublication
  /// To be published whenever connected.
  var birth: SparkplugPublication
}

extension LineMonitor {
  /// Begins a host application on a broker; nil without settings.
  func beginSparkplug(_ settings: SparkplugSettings?, at broker: String) -> SparkplugOpening? {
    guard let settings else { return nil }
    var host = SparkplugHost(settings: settings)
    let (will, birth) = host.connect(at: now)
    sparkplugHosts[broker] = host
    return SparkplugOpening(filters: host.subscriptions, will: will, birth: birth)
  }

  /// Takes a Sparkplug message; gives what to publish.
  func readSparkplug(_ message: MQTTMessage, at broker: String) async -> [SparkplugPublication] {
    guard var host = sparkplugHosts[broker] else { return [] }
    let before = host.counts.malformed + host.counts.refused
    let answers = host.receive(
      topic: message.topic, payload: message.payload, at: now, signals: &table, into: &batch)
    counts.messages += 1
    counts.messagesRefused += host.counts.malformed + host.counts.refused - before
    sparkplugHosts[broker] = host
    takeBatch()
    try? await commit()
    return answers
  }

  /// Lets time pass for a host: gives what to publish.
  func advanceSparkplug(at broker: String) async -> [SparkplugPublication] {
    guard var host = sparkplugHosts[broker], let deadline = host.deadline, deadline <= now
    else { return [] }
    let answers = host.advance(to: now, signals: &table, into: &batch)
    sparkplugHosts[broker] = host
    takeBatch()
    try? await commit()
    return answers
  }
}

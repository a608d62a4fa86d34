import FactoryModel
import SparkplugMessages
import SwiftProtobuf

/// A host application of MQTT Sparkplug B 3.0 as a state machine: messages and the time go in,
/// samples and messages to publish come out.
///
/// Metric `Inputs/Temp` of device D at node N of group G is the signal
/// `sparkplug.Inputs/Temp{device=D,group=G,node=N}`; a metric of the node itself has no tag `device`.
/// Texts are words of their signal, truth values 0 and 1, dates milliseconds since 1970.
///
/// Messages of a node are taken in the order of their numbers (seq): one that is ahead waits. When
/// what is missing has not come within the reorder time-out, those waiting are taken all the same and
/// the node is asked for a rebirth, as it is for data before its birth and for metrics that no birth
/// announced. After the death of a node or device its signals get their last value again, bad.
public struct SparkplugHost: Sendable {
  let settings: SparkplugSettings
  public internal(set) var counts = SparkplugCounts()
  private var nodes: [SparkplugTopic.Node: SparkplugNode] = [:]
  /// Nodes that are to be asked for a rebirth.
  private var suspects: Set<SparkplugTopic.Node> = []
  var signalCount = 0
  private var onlineSince: Timestamp?

  /// A host that is not connected.
  public init(settings: SparkplugSettings = SparkplugSettings()) {
    self.settings = settings
  }

  /// What to subscribe to, with QoS 1.
  public var subscriptions: [String] {
    let own = "\(SparkplugTopic.version)/STATE/\(settings.hostID)"
    guard !settings.groups.isEmpty else { return [own, "\(SparkplugTopic.version)/#"] }
    return [own] + settings.groups.map { "\(SparkplugTopic.version)/\($0)/#" }
  }

  /// When `advance` wants to be called, nil when nothing waits.
  public var deadline: Timestamp? { suspects.compactMap { nodes[$0]?.askAt }.min() }

  /// Begins a connection: the will to connect with, and what to publish once connected and
  /// subscribed. Both carry the time of this call, by which others tell an old will from this one.
  public mutating func connect(
    at now: Timestamp
  ) -> (will: SparkplugPublication, birth: SparkplugPublication) {
    onlineSince = now
    return (state(isOnline: false, now), state(isOnline: true, now))
  }

  /// Takes a message that arrived, adds its samples, and gives the messages to publish.
  ///
  /// `signals` must be the same table at every call: the numbers of signals are remembered.
  public mutating func receive(
    topic: String, payload: [UInt8], at now: Timestamp, signals: inout SignalTable,
    into batch: inout SampleBatch
  ) -> [SparkplugPublication] {
    if let answer = ownState(topic, payload) { return answer }
    guard let address = SparkplugTopic(topic),
      settings.groups.isEmpty || settings.groups.contains(address.node.group)
    else {
      counts.strangers += 1
      return []
    }
    guard address.kind != .nodeCommand, address.kind != .deviceCommand else { return [] }
    guard let message = try? SparkplugPayload(serializedBytes: payload) else {
      counts.malformed += 1
      return []
    }
    guard nodes[address.node] != nil || nodes.count < settings.mostNodes else {
      counts.refused += 1
      return []
    }
    counts.messages += 1
    let before = batch.count
    var node = nodes.removeValue(forKey: address.node) ?? SparkplugNode()
    let held = SparkplugNode.Held(topic: address, payload: message, bytes: payload.count)
    order(held, &node, at: now, &signals, &batch)
    nodes[address.node] = node
    if node.askAt == nil {
      suspects.remove(address.node)
    } else {
      suspects.insert(address.node)
    }
    counts.samples += batch.count - before
    return advance(to: now, signals: &signals, into: &batch)
  }

  /// Lets time pass: gives up what is missing and asks for rebirths.
  public mutating func advance(
    to now: Timestamp, signals: inout SignalTable, into batch: inout SampleBatch
  ) -> [SparkplugPublication] {
    guard let deadline, now >= deadline else { return [] }
    var output: [SparkplugPublication] = []
    let before = batch.count
    for name in suspects.sorted(by: { ($0.group, $0.node) < ($1.group, $1.node) }) {
      guard let askAt = nodes[name]?.askAt, now >= askAt,
        var node = nodes.removeValue(forKey: name)
      else { continue }
      node.askAt = nil
      releaseAll(&node, at: now, &signals, &batch)
      node.askAt = nil
      node.nextAsk = now + settings.rebirthInterval
      nodes[name] = node
      suspects.remove(name)
      counts.rebirthsAsked += 1
      output.append(Self.rebirth(name, at: now))
    }
    counts.samples += batch.count - before
    return output
  }

  /// NCMD `Node Control/Rebirth` = true.
  private static func rebirth(
    _ node: SparkplugTopic.Node, at now: Timestamp
  ) -> SparkplugPublication {
    let time = UInt64(max(0, now.nanoseconds / 1_000_000))
    var metric = SparkplugMetric()
    metric.name = "Node Control/Rebirth"
    metric.timestamp = time
    metric.datatype = 11
    metric.booleanValue = true
    var payload = SparkplugPayload()
    payload.timestamp = time
    payload.metrics = [metric]
    // Encoding a message without required fields cannot fail.
    let bytes: [UInt8] = (try? payload.serializedBytes()) ?? []
    let topic = "\(SparkplugTopic.version)/\(node.group)/NCMD/\(node.node)"
    return SparkplugPublication(topic: topic, payload: bytes, qos: 0, isRetained: false)
  }

  private func state(isOnline: Bool, _ time: Timestamp) -> SparkplugPublication {
    let text = "{\"online\":\(isOnline),\"timestamp\":\(time.nanoseconds / 1_000_000)}"
    return SparkplugPublication(
      topic: "\(SparkplugTopic.version)/STATE/\(settings.hostID)", payload: Array(text.utf8),
      qos: 1, isRetained: true)
  }

  /// What to publish upon a STATE message, nil when it is none: an old will of our own that says we
  /// are off-line is set right.
  private func ownState(_ topic: String, _ payload: [UInt8]) -> [SparkplugPublication]? {
    let prefix = "\(SparkplugTopic.version)/STATE/"
    guard topic.hasPrefix(prefix) else { return nil }
    let text = String(decoding: payload, as: UTF8.self).filter { !$0.isWhitespace }
    guard topic == prefix + settings.hostID, text.contains("\"online\":false"), let onlineSince
    else { return [] }
    return [state(isOnline: true, onlineSince)]
  }
}

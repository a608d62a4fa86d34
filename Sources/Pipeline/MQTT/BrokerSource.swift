import CMosquitto
import FactoryModel
import Telemetry

/// Takes the messages of one broker into the monitor.
struct BrokerSource: Sendable {
  private let settings: BrokerSettings

  /// A source; nothing connects before `run`.
  init(_ settings: BrokerSettings) {
    self.settings = settings
  }

  /// Listens until cancelled; interruptions are mended, and told by `mqtt.connected{broker=…}`.
  /// - Throws: `MQTTError` for settings that can never work.
  func run(_ monitor: LineMonitor) async throws {
    let broker = "\(settings.connection.host):\(settings.connection.port)"
    let host = await monitor.beginSparkplug(settings.sparkplug, at: broker)
    let client = try MQTTClient(
      settings.connection, subscribing: settings.topics.map(\.filter) + (host?.filters ?? []),
      will: host?.will)
    try await withThrowingTaskGroup { tasks in
      tasks.addTask {
        await withTaskCancellationHandler {
          await listen(to: client, broker, birth: host?.birth, monitor)
        } onCancel: {
          client.stop()
        }
      }
      if host != nil {
        tasks.addTask {
          while !Task.isCancelled {
            try await Task.sleep(for: .milliseconds(500))
            for message in await monitor.advanceSparkplug(at: broker) {
              try? client.publish(message)
            }
          }
        }
      }
      try await tasks.next()
      tasks.cancelAll()
    }
  }

  /// What a failed commit could not write waits in the monitor for the next one; a message that the
  /// broker keeps is acknowledged after the commit that wrote it.
  private func listen(
    to client: MQTTClient, _ broker: String, birth: SparkplugPublication?, _ monitor: LineMonitor
  ) async {
    var readers = TopicReaders(settings.topics)
    for await event in client.events {
      switch event {
      case .connected:
        if let birth { try? client.publish(birth) }
        try? await monitor.note(connected: true, to: broker)
      case .disconnected(let reason):
        try? await monitor.note(connected: false, to: broker, because: reason)
      case .message(let message):
        if settings.sparkplug != nil, message.topic.hasPrefix("spBv1.0/") {
          for answer in await monitor.readSparkplug(message, at: broker) {
            try? client.publish(answer)
          }
        } else {
          try? await monitor.read(message, with: &readers)
        }
        while message.isKept, await monitor.storageFault != nil, !Task.isCancelled {
          try? await Task.sleep(for: .milliseconds(500))
        }
        client.done(message)
      case .delivered: break
      }
    }
  }
}

extension MQTTClient {
  fileprivate func publish(_ message: SparkplugPublication) throws {
    try publish(
      message.payload, to: message.topic, quality: Int32(message.qos),
      isRetained: message.isRetained)
  }
}

/// A reader for each topic rule of a broker.
struct TopicReaders {
  fileprivate var rules: [(rule: BrokerSettings.TopicRule, reader: JSONSignalReader)]

  init(_ rules: [BrokerSettings.TopicRule]) {
    self.rules = rules.map { ($0, JSONSignalReader($0.mapping)) }
  }

  /// Reads a message by every rule that its topic fits. Throws when one of them cannot.
  mutating func read(
    _ message: MQTTMessage, at now: Timestamp, table: inout SignalTable,
    into batch: inout SampleBatch
  ) throws(EntryFault) {
    let levels = message.topic.split(separator: "/", omittingEmptySubsequences: false)
      .map(String.init)
    for place in rules.indices
    where MQTTClient.matches(message.topic, filter: rules[place].rule.filter) {
      do {
        try rules[place].reader.read(
          message.payload[...], topic: levels, receivedAt: now, table: &table, into: &batch)
      } catch {
        guard rules[place].rule.takesWords, case .badJSON = error,
          let word = String(validating: message.payload, as: UTF8.self)
        else { throw error }
        try rules[place].reader.read(
          Array(JSONText.string(word).utf8)[...], topic: levels, receivedAt: now, table: &table,
          into: &batch)
      }
    }
  }
}

extension LineMonitor {
  /// Takes a message of a broker.
  func read(_ message: MQTTMessage, with readers: inout TopicReaders) async throws {
    counts.messages += 1
    do {
      try readers.read(message, at: now, table: &table, into: &batch)
    } catch {
      counts.messagesRefused += 1
      troubles.note("mqtt", "refused on \(message.topic): \(error)")
    }
    takeBatch()
    try await commit()
  }

  /// Takes that a broker came or went: 1 or 0 of a signal that rules can watch.
  func note(connected: Bool, to broker: String, because reason: String? = nil) async throws {
    if let reason { troubles.note("mqtt broker", "\(broker) is not connected: \(reason)") }
    let name = SignalName(measurement: "mqtt", field: "connected", tags: [.init("broker", broker)])
    batch.append(
      table.id(of: name), Sample(time: now, value: connected ? 1 : 0, quality: .good))
    takeBatch()
    try await commit()
  }
}

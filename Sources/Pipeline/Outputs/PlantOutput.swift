import Dispatch
import FactoryModel
import Telemetry

/// Where Gemba writes a number on the plant.
public enum PlantOutput: Hashable, Sendable, CustomStringConvertible {
  /// A coil or holding registers.
  case modbus(ModbusAddress, ModbusOutput)
  /// A message of quality 1; `${value}` in the payload stands for the number.
  case publish(MQTTSettings, topic: String, payload: String)

  public var description: String {
    switch self {
    case .modbus(let address, let output):
      "\(address) \(output.table.rawValue) \(output.address)"
    case .publish(let settings, let topic, _): "\(settings.host):\(settings.port) \(topic)"
    }
  }

  /// Whether it can take a value.
  func takes(_ value: Double) -> Bool {
    guard case .modbus(_, let output) = self else { return value.isFinite }
    return output.places(of: value) != nil
  }

  /// What is sent for a value to a topic.
  static func text(_ payload: String, _ value: Double) -> String {
    payload.replacing("${value}", with: JSONText.number(value))
  }

  /// Writes a value over a connection of its own; returns when the receiver has confirmed it.
  /// - Throws: `ModbusFault` or `ActionFault` when it has not within `limit`.
  func write(_ value: Double, within limit: Duration) async throws {
    switch self {
    case .modbus(let address, let output):
      guard let places = output.places(of: value) else {
        throw ActionFault.cannotHold(output: "\(self)", value: value)
      }
      try await Self.besides {
        let connection = ModbusConnection(address)
        connection.wait(for: limit)
        try connection.write(places, to: output)
      }
    case .publish(let settings, let topic, let payload):
      let text = Self.text(payload, value)
      try await within(limit) { try await settings.publish(text, to: topic) }
    }
  }

  /// Runs what waits for a device on a thread of its own.
  private static func besides(_ body: @escaping @Sendable () throws -> Void) async throws {
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      DispatchQueue.global().async { done.resume(with: Result(catching: body)) }
    }
  }
}

extension MQTTSettings {
  /// Connects for this one message: what a client holds back for a broker that is away would come
  /// twice after the next attempt. Returns when the broker has it.
  func publish(_ payload: String, to topic: String) async throws {
    let broker = "\(host):\(port)"
    let client = try MQTTClient(self, subscribing: [])
    defer { client.stop() }
    for await event in client.events {
      switch event {
      case .connected: try client.publish(Array(payload.utf8), to: topic)
      case .delivered: return
      case .disconnected(let reason):
        throw ActionFault.noBroker(broker: broker, reason: reason)
      case .message(let message): client.done(message)
      }
    }
    throw ActionFault.noBroker(broker: broker, reason: "the connection has ended")
  }
}

/// Gives up on `body` after `limit`.
func within(
  _ limit: Duration, _ body: @escaping @Sendable () async throws -> Void
) async throws {
  try await withThrowingTaskGroup { tasks in
    tasks.addTask(operation: body)
    tasks.addTask {
      try await Task.sleep(for: limit)
      throw ActionFault.timedOut(limit)
    }
    defer { tasks.cancelAll() }
    try await tasks.next()
    // A stream that is cancelled ends as if all had been said.
    try Task.checkCancellation()
  }
}

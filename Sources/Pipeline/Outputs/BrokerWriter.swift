import Dispatch
import FactoryModel
import Foundation
import Synchronization

/// Publishes numbers over a connection that stays open.
///
/// The library would keep a message for a broker that is away and send it when it is back, which is
/// too late; so a connection that is interrupted is given up with all it holds.
final class BrokerWriter: OutputWriter {
  private let settings: MQTTSettings
  private let topic: String
  private let payload: String
  private var line: Line

  /// Starts to connect.
  init(_ settings: MQTTSettings, topic: String, payload: String) {
    (self.settings, self.topic, self.payload) = (settings, topic, payload)
    line = Line(settings)
  }

  deinit { line.end() }

  func write(_ value: Double, within limit: Duration) throws {
    let end = DispatchTime.now() + .nanoseconds(Int(limit.inNanoseconds))
    if line.isOver { line = Line(settings) }
    guard line.wait(until: end, for: \.isConnected), let client = line.client else {
      throw giveUp(limit)
    }
    let before = line.state.withLock { $0.delivered }
    try client.publish(Array(PlantOutput.text(payload, value).utf8), to: topic)
    guard line.wait(until: end, for: { $0.delivered > before }) else { throw giveUp(limit) }
  }

  private func giveUp(_ limit: Duration) -> ActionFault {
    line.end()
    return .timedOut(limit)
  }

  /// One connection, until its first interruption.
  private final class Line: Sendable {
    struct State {
      var isConnected = false
      var isOver = false
      /// Messages that the broker has confirmed.
      var delivered = 0
    }

    let client: MQTTClient?
    let state = Mutex(State())
    /// Rings with every change.
    private let bell = DispatchSemaphore(value: 0)

    init(_ settings: MQTTSettings) {
      client = try? MQTTClient(settings, subscribing: [])
      guard let events = client?.events else {
        end()
        return
      }
      Task { [self] in
        for await event in events {
          switch event {
          case .connected: state.withLock { $0.isConnected = true }
          case .delivered: state.withLock { $0.delivered += 1 }
          case .disconnected: end()
          case .message(let message): client?.done(message)
          }
          bell.signal()
        }
      }
    }

    var isOver: Bool { state.withLock { $0.isOver } }

    /// False when it does not hold in time.
    func wait(until end: DispatchTime, for isMet: (State) -> Bool) -> Bool {
      while true {
        let now = state.withLock { $0 }
        if now.isOver { return false }
        if isMet(now) { return true }
        if bell.wait(timeout: end) == .timedOut { return false }
      }
    }

    func end() {
      state.withLock { $0.isOver = true }
      // Saying goodbye waits for the library's thread.
      if let client { DispatchQueue.global().async { client.stop() } }
    }
  }
}

import Dispatch
import FactoryModel
import Telemetry

/// Polls one device into the monitor; each device has a thread of its own, so that one that does not
/// answer keeps nobody waiting.
struct ModbusSource: Sendable {
  private let settings: ModbusSettings

  /// A source; nothing connects before `run`.
  init(_ settings: ModbusSettings) {
    self.settings = settings
  }

  /// Polls until cancelled.
  func run(_ monitor: LineMonitor) async throws {
    var device = ModbusDevice(points: settings.points, every: settings.interval, from: .now)
    let line = PollingThread(settings.address)
    while !Task.isCancelled {
      let wait = device.due - Timestamp.now
      if wait > .zero { try await Task.sleep(for: wait) }
      let replies = await line.poll(device.reads)
      // What a failed commit could not write waits in the monitor for the next one.
      try? await monitor.take(replies, of: &device)
    }
  }
}

/// Where the calls that wait for a device run.
private final class PollingThread: @unchecked Sendable {
  private let queue = DispatchQueue(label: "gemba.modbus")
  /// Only ever touched on `queue`.
  private let connection: ModbusConnection

  init(_ address: ModbusAddress) {
    connection = ModbusConnection(address)
  }

  func poll(_ reads: [ModbusRead]) async -> [[UInt16]?]? {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: self.connection.poll(reads)) }
    }
  }
}

extension LineMonitor {
  /// Takes what a device answered to a poll, nil when it did not.
  func take(_ replies: [[UInt16]?]?, of device: inout ModbusDevice) async throws {
    if let replies {
      device.take(replies, at: now, signals: &table, into: &batch)
    } else {
      device.miss(at: now, signals: &table, into: &batch)
    }
    takeBatch()
    try await commit()
  }
}

import Dispatch
import FactoryModel
import Foundation
import Telemetry

/// Drives the output of one camera over a connection that stays open. For the camera's thread.
///
/// A reject that comes after its deadline would hit another part, so it is not written any more. The
/// output begins at 0, whatever an earlier process left it at.
final class RejectLine: @unchecked Sendable {
  /// What became of a verdict.
  struct Answer: Hashable, Sendable {
    /// The verdict, or the output that it drives, was not in time.
    var isLate: Bool
    /// From the frame's time to the receiver's confirmation; nil when nothing was written.
    var delay: Duration?
  }

  /// How long to wait before the end of a pulse is tried again.
  private static let pause = DispatchTimeInterval.milliseconds(100)

  private let settings: RejectOutput
  private let queue: DispatchQueue
  // Only ever touched on `queue`.
  private let writer: any OutputWriter
  private var stands: Double?
  /// Counts what was written because of verdicts.
  private var turn = 0

  /// Starts to connect.
  init(_ settings: RejectOutput, camera: String) {
    self.settings = settings
    queue = DispatchQueue(label: "gemba.reject.\(camera)", qos: .userInteractive)
    writer = settings.output.writer()
    queue.async { self.reset(after: 0) }
  }

  /// Writes what follows from a verdict, if it is in time.
  /// - Parameter frame: when the image was written.
  func answer(_ outcome: Outcome, frame: Timestamp) -> Answer {
    queue.sync {
      let start = Timestamp.now
      // A frame from the future, by another machine's clock, gives no more time than any other.
      let end = min(frame, start) + settings.deadline
      guard start < end else { return Answer(isLate: true) }
      let value = settings.outcomes.contains(outcome) ? 1.0 : 0.0
      if value == 0, settings.pulse != nil || stands == 0 { return Answer(isLate: false) }
      turn += 1
      let isWritten = write(value, within: end - start)
      // One that was not confirmed may have been taken all the same.
      if value == 1, let pulse = settings.pulse {
        endTurn(turn, after: .nanoseconds(Int(pulse.inNanoseconds)))
      }
      guard isWritten else { return Answer(isLate: true) }
      let now = Timestamp.now
      return Answer(isLate: now > end, delay: now - frame)
    }
  }

  /// Puts the output back to 0 before the process ends.
  func close() {
    queue.sync { if stands != 0 { _ = write(0, within: settings.deadline) } }
  }

  private func endTurn(_ turn: Int, after time: DispatchTimeInterval) {
    queue.asyncAfter(deadline: .now() + time) { [weak self] in self?.reset(after: turn) }
  }

  /// Writes 0 until it is taken, unless another verdict has been answered meanwhile.
  private func reset(after turn: Int) {
    guard turn == self.turn, !write(0, within: settings.deadline) else { return }
    endTurn(turn, after: Self.pause)
  }

  private func write(_ value: Double, within limit: Duration) -> Bool {
    do {
      try writer.write(value, within: limit)
      stands = value
      return true
    } catch {
      stands = nil
      return false
    }
  }
}

/// An open connection over which numbers are written, by one thread at a time.
protocol OutputWriter: AnyObject {
  /// Returns when the receiver has confirmed the value.
  /// - Throws: when it has not within `limit`; the value is not sent later.
  func write(_ value: Double, within limit: Duration) throws
}

extension PlantOutput {
  /// A connection of its own, opened with the first value at the latest.
  fileprivate func writer() -> any OutputWriter {
    switch self {
    case .modbus(let address, let output): ModbusWriter(address, output)
    case .publish(let settings, let topic, let payload):
      BrokerWriter(settings, topic: topic, payload: payload)
    }
  }
}

private final class ModbusWriter: OutputWriter {
  private let connection: ModbusConnection
  private let output: ModbusOutput

  init(_ address: ModbusAddress, _ output: ModbusOutput) {
    connection = ModbusConnection(address)
    self.output = output
  }

  func write(_ value: Double, within limit: Duration) throws {
    let places = output.places(of: value) ?? []
    let end = ContinuousClock.now + limit
    // Devices close connections that are quiet for long: then it is opened again at once.
    let wasOpen = connection.isConnected
    do { try attempt(places, until: end) } catch {
      guard wasOpen, !connection.isConnected else { throw error }
      try attempt(places, until: end)
    }
  }

  private func attempt(_ places: [UInt16], until end: ContinuousClock.Instant) throws {
    connection.wait(for: end - .now)
    _ = connection.connect()
    connection.wait(for: end - .now)
    guard .now < end else { throw ActionFault.timedOut(.zero) }
    try connection.write(places, to: output)
  }
}

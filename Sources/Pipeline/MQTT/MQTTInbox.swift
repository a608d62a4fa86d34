import Foundation
import Synchronization

/// Where the thread of a broker's connection puts what it hears.
final class MQTTInbox: Sendable {
  let filters: [String]
  let settings: MQTTSettings
  /// Messages that may still come before the reader has dealt with one.
  let room: DispatchSemaphore
  /// Signalled when the reader has dealt with a message that the broker keeps.
  let turn = DispatchSemaphore(value: 0)
  private let continuation: AsyncStream<MQTTEvent>.Continuation
  private let state = Mutex(State())
  /// Signalled at the end.
  private let bell = DispatchSemaphore(value: 0)

  private struct State {
    var isEnded = false
    /// Of the connection in hand: whether it came to stand, and whether its end has been told.
    var isConnected = false
    var isToldOff = false
  }

  init(
    _ filters: [String], _ continuation: AsyncStream<MQTTEvent>.Continuation,
    _ room: DispatchSemaphore, _ settings: MQTTSettings
  ) {
    self.filters = filters
    self.continuation = continuation
    self.room = room
    self.settings = settings
  }

  static func from(_ object: UnsafeMutableRawPointer?) -> MQTTInbox? {
    guard let object = unsafe object else { return nil }
    return unsafe Unmanaged<MQTTInbox>.fromOpaque(object).takeUnretainedValue()
  }

  var isEnded: Bool { state.withLock(\.isEnded) }

  func tell(_ event: MQTTEvent) {
    state.withLock { state in
      switch event {
      case .connected: state.isConnected = true
      case .disconnected: state.isToldOff = true
      case .message, .delivered: break
      }
    }
    continuation.yield(event)
  }

  /// Before a connection is tried; false when none is wanted any more.
  func beginRound() -> Bool {
    state.withLock { state in
      (state.isConnected, state.isToldOff) = (false, false)
      return !state.isEnded
    }
  }

  /// A connection has ended, or did not come to stand; tells so unless that has been done.
  /// - Returns: whether it stood.
  func endRound(because reason: String) -> Bool {
    let state = state.withLock { $0 }
    if !state.isToldOff, !state.isEnded { tell(.disconnected(reason: reason)) }
    return state.isConnected
  }

  /// Waits, at most until the end.
  func rest(seconds: Int) {
    if bell.wait(timeout: .now() + .seconds(seconds)) == .success { bell.signal() }
  }

  func take(_ message: MQTTMessage) {
    guard !isEnded else { return }
    if !message.isKept { room.wait() }
    tell(.message(message))
    if message.isKept { turn.wait() }
  }

  /// True for the first call.
  func end() -> Bool {
    let isFirst = state.withLock { state in
      defer { state.isEnded = true }
      return !state.isEnded
    }
    bell.signal()
    room.signal()
    turn.signal()
    continuation.finish()
    return isFirst
  }
}

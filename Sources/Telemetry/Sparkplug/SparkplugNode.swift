import FactoryModel
import SparkplugMessages

/// What is known of one node since its birth.
struct SparkplugNode: Sendable {
  /// A metric by the device it belongs to (nil: the node) and its name.
  struct MetricKey: Hashable, Sendable {
    var device: String?
    var name: String
  }

  struct Metric: Sendable {
    var signal: SignalID
    var datatype: UInt32
    var last: Sample?
  }

  /// A message that waits for those before it.
  struct Held: Sendable {
    var topic: SparkplugTopic
    var payload: SparkplugPayload
    var bytes: Int
  }

  var isAlive = false
  var bdSeq: UInt64?
  /// The sequence number of the next message.
  var expected: UInt8 = 0
  var devices: Set<String> = []
  var metrics: [MetricKey: Metric] = [:]
  var aliases: [UInt64: MetricKey] = [:]
  var held: [UInt8: Held] = [:]
  var heldBytes = 0
  /// When a rebirth is to be asked for, unless what is missing arrives before.
  var askAt: Timestamp?
  /// Whether only a gap is the reason, which the missing message closes.
  var isOnlyGap = true
  var nextAsk: Timestamp?

  static let mostHeldBytes = 1 << 20

  /// Forgets what another birth will tell again; signals keep their last value.
  mutating func beginLife(bdSeq number: UInt64?, seq: UInt8) {
    isAlive = true
    bdSeq = number
    expected = seq &+ 1
    devices.removeAll()
    aliases.removeAll()
    askAt = nil
    nextAsk = nil
    isOnlyGap = true
  }

  /// Keeps a message; false when there is no room.
  mutating func hold(_ message: Held, seq: UInt8) -> Bool {
    guard heldBytes + message.bytes <= Self.mostHeldBytes else { return false }
    if let before = held.updateValue(message, forKey: seq) { heldBytes -= before.bytes }
    heldBytes += message.bytes
    return true
  }

  /// The message that waited for its turn, which is now.
  mutating func takeHeld(_ seq: UInt8) -> Held? {
    guard let message = held.removeValue(forKey: seq) else { return nil }
    heldBytes -= message.bytes
    return message
  }

  mutating func dropHeld() {
    held.removeAll()
    heldBytes = 0
  }

  /// Starts the timer after which a rebirth is asked for.
  mutating func suspect(at now: Timestamp, _ settings: SparkplugSettings, isGap: Bool) {
    if !isGap { isOnlyGap = false }
    guard askAt == nil else { return }
    askAt = max(now + settings.reorderTimeout, nextAsk ?? now)
    isOnlyGap = isGap
  }
}

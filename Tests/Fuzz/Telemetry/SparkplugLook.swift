import FactoryModel
import SparkplugMessages
import SwiftProtobuf
import Telemetry

enum SparkplugLook {
  private static let topics = [
    "NBIRTH/N", "NDATA/N", "NDEATH/N", "DBIRTH/N/D", "DDATA/N/D", "DDEATH/N/D",
  ]

  /// Messages one after the other: a byte for kind and number, one for the length, and the payload.
  static func at(_ input: [UInt8]) {
    var host = SparkplugHost()
    var signals = SignalTable()
    var batch = SampleBatch()
    var place = 0
    var now = receipt
    while place + 2 <= input.count {
      let end = min(input.count, place + 2 + Int(input[place + 1]))
      let payload = numbered(Array(input[place + 2..<end]), by: input[place])
      _ = host.receive(
        topic: "spBv1.0/G/\(topics[Int(input[place] % 6)])", payload: payload, at: now,
        signals: &signals, into: &batch)
      place = end
      now = now + .seconds(1)
    }
    _ = host.advance(to: now + .seconds(100), signals: &signals, into: &batch)
    _ = words(batch, signals)
  }

  /// A sequence number that fits gets further than one that does not.
  private static func numbered(_ payload: [UInt8], by kind: UInt8) -> [UInt8] {
    guard kind & 64 != 0, var message = try? SparkplugPayload(serializedBytes: payload) else {
      return payload
    }
    message.seq = UInt64(kind >> 3 & 7)
    return (try? message.serializedBytes()) ?? payload
  }
}

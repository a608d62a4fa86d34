import FactoryModel
import Foundation
import Telemetry

/// The checksum by its definition: bit by bit.
func checksumByDefinition(_ text: String, modbus: Bool = false) -> UInt16 {
  var crc: UInt16 = 0xFFFF
  for byte in text.utf8 {
    crc = (modbus ? crc : crc >> 8) ^ UInt16(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xA001 : crc >> 1 }
  }
  return crc
}

/// Four hexadecimal digits.
func hexadecimal(_ value: UInt16) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  return String(repeating: "0", count: 4 - digits.count) + digits
}

/// A packet around a data segment.
func packet(_ segment: String, modbus: Bool = false, lineEnd: String = "\r\n") -> String {
  let length = String(segment.utf8.count)
  let digits = String(repeating: "0", count: max(0, 4 - length.count)) + length
  return "##" + digits + segment + hexadecimal(checksumByDefinition(segment, modbus: modbus))
    + lineEnd
}

/// An upload of real-time data from site S1.
func upload(_ data: String, flag: Int = 5, command: Int = 2_011, parts: String = "") -> String {
  packet(
    "QN=20260301080000123;ST=31;CN=\(command);PW=123456;MN=S1;Flag=\(flag);\(parts)CP=&&\(data)&&")
}

/// A receiver with the table and the batch it fills.
struct Bench {
  var receiver: HJ212Receiver
  var signals = SignalTable()
  var batch = SampleBatch()

  init(_ settings: HJ212Settings = HJ212Settings()) {
    receiver = HJ212Receiver(settings: settings)
  }

  static let start = Timestamp(seconds: 1_772_352_000)

  /// Feeds bytes and gives what goes back, as text.
  @discardableResult
  mutating func feed(_ text: String, at seconds: Int = 0) -> String {
    feed(Array(text.utf8), at: seconds)
  }

  @discardableResult
  mutating func feed(_ bytes: [UInt8], at seconds: Int = 0) -> String {
    let now = Self.start + .seconds(seconds)
    let answer = receiver.receive(bytes, at: now, signals: &signals, into: &batch)
    return String(decoding: answer, as: UTF8.self)
  }

  @discardableResult
  mutating func advance(to seconds: Int) -> String {
    let now = Self.start + .seconds(seconds)
    let answer = receiver.advance(to: now, signals: &signals, into: &batch)
    return String(decoding: answer, as: UTF8.self)
  }

  /// `name=value quality time`, in order of arrival.
  var samples: [String] {
    (0..<batch.count).map { place in
      let (signal, sample) = batch[place]
      return "\(signals[signal])=\(sample.value) \(sample.quality.name) \(sample.time)"
    }
  }

  /// `field=value`, in order of arrival, without `hj212.` and tags.
  var values: [String] {
    (0..<batch.count).map { place in
      let (signal, sample) = batch[place]
      return "\(signals[signal].path.dropFirst(6))=\(sample.value)"
    }
  }

  /// What was tolerated, in order of the cases.
  var tolerated: [HJ212Tolerance] {
    HJ212Tolerance.allCases.filter { receiver.counts[$0] > 0 }
  }
}

/// Lines of the file of public packets beside the package, or below `GEMBA_SHARED`; nil where it is
/// absent.
func publicPackets() -> [(isValid: Bool, packet: String)]? {
  let root = URL(filePath: #filePath).appending(path: "../../../../..").standardized
  let folder = ProcessInfo.processInfo.environment["GEMBA_SHARED"] ?? root.path + "/shared"
  let file = folder + "/data/hj212/packets.tsv"
  guard let content = FileManager.default.contents(atPath: file) else {
    print("skipped: \(file) is absent")
    return nil
  }
  return String(decoding: content, as: UTF8.self).split(separator: "\n").map { line in
    let columns = line.split(separator: "\t", maxSplits: 1)
    return (columns[0] == "valid", String(columns[1]))
  }
}

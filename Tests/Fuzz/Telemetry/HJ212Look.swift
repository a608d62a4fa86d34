import FactoryModel
import Telemetry

enum HJ212Look {
  /// The input as a stream, and as data segments with right lengths and checksums, since a checksum
  /// would let hardly a changed byte through; a site hears the same packets.
  static func at(_ input: [UInt8]) {
    comparePieces(of: input, heard)
    let packets = input.split(separator: 10).flatMap { framed(Array($0)) }
    comparePieces(of: packets, heard)
    var site = HJ212Site(address: HJ212Address(site: "S1"))
    _ = site.receive(packets, at: receipt)
    for request in site.takeRequests() { _ = site.answer(request, with: []) }
    _ = site.advance(to: receipt + .seconds(100))
  }

  private static func heard(_ pieces: [[UInt8]]) -> [String] {
    var settings = HJ212Settings()
    settings.checksum = .both
    var receiver = HJ212Receiver(settings: settings)
    var signals = SignalTable()
    var batch = SampleBatch()
    var answers: [UInt8] = []
    for piece in pieces {
      answers += receiver.receive(piece, at: receipt, signals: &signals, into: &batch)
    }
    for seconds in [11, 22, 100] {
      answers += receiver.advance(
        to: receipt + .seconds(seconds), signals: &signals, into: &batch)
    }
    return words(batch, signals) + [String(decoding: answers, as: UTF8.self)]
  }

  private static func framed(_ segment: [UInt8]) -> [UInt8] {
    var crc: UInt16 = 0xFFFF
    for byte in segment {
      crc = crc >> 8 ^ UInt16(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xA001 : crc >> 1 }
    }
    func digits(_ value: Int, _ radix: Int) -> [UInt8] {
      let text = String(value, radix: radix, uppercase: true)
      return Array((String(repeating: "0", count: max(0, 4 - text.count)) + text).utf8)
    }
    return Array("##".utf8) + digits(segment.count, 10) + segment + digits(Int(crc), 16) + [13, 10]
  }
}

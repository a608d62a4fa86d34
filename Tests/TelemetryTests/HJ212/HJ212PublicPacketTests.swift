import FactoryModel
import Foundation
import Telemetry
import Testing

@Suite("HJ 212 packets as found in public")
struct HJ212PublicPacketTests {
  /// Samples by a plain reading of the text: split at `;`, `,`, `=`.
  private func plainReading(_ packet: String) -> [String] {
    let segment = packet.dropFirst(6).dropLast(4)
    let (header, data) = (
      segment.components(separatedBy: "CP=&&")[0],
      segment.components(separatedBy: "CP=&&")[1].dropLast(2)
    )
    func headerItem(_ key: String) -> String {
      header.split(separator: ";").first { $0.hasPrefix("\(key)=") }.map {
        String($0.dropFirst(key.count + 1))
      } ?? ""
    }
    let command = headerItem("CN")
    let period = ["2051": "minute", "2061": "hour", "2031": "day"][command]
    var tags = "{mn=\(headerItem("MN"))" + (period.map { ",period=\($0)" } ?? "") + "}"
    if period == nil, command != "2011" { tags = "{cn=\(command),mn=\(headerItem("MN"))}" }
    let fields = data.split(whereSeparator: { $0 == ";" || $0 == "," }).map {
      $0.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    }
    let time = fields.first { $0[0] == "DataTime" }?[1] ?? ""
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 8 * 3_600)
    format.dateFormat = "yyyyMMddHHmmss"
    let seconds = Int64(format.date(from: time)?.timeIntervalSince1970 ?? 0)
    var result: [String] = []
    for field in fields where field[0].contains("-") && !field[0].hasSuffix("-SampleTime") {
      guard let value = Double(field[1]) else { continue }
      let factor = field[0].split(separator: "-")[0]
      let flag = fields.first { $0[0] == "\(factor)-Flag" }?[1] ?? "N"
      let quality = flag == "N" ? "good" : "ST".contains(flag) ? "uncertain" : "bad"
      let moment = Timestamp(seconds: seconds)
      result.append("hj212.\(field[0])\(tags)=\(value) \(quality) \(moment)")
    }
    return result
  }

  @Test("every valid packet decodes to the values of a plain reading")
  func valid() throws {
    guard let packets = publicPackets()?.filter(\.isValid).map(\.packet) else { return }
    #expect(packets.count == 30)
    for packet in packets {
      var bench = Bench()
      bench.feed(packet)
      #expect(bench.samples == plainReading(packet), "\(packet.prefix(60))")
      #expect(bench.receiver.counts.packets == 1)
      #expect(bench.receiver.counts.refused == 0)
    }
  }

  /// The reason by definition, for a packet that stands alone.
  private func reason(_ packet: String) -> HJ212Damage.Reason {
    let bytes = Array(packet.utf8)
    let length = Int(String(decoding: bytes[2..<6], as: UTF8.self)) ?? 0
    guard bytes.count >= length + 10 else { return .timedOut }
    let sum = String(decoding: bytes[(6 + length)..<(10 + length)], as: UTF8.self).uppercased()
    guard let found = UInt16(sum, radix: 16) else { return .wrongLength }
    let segment = String(decoding: bytes[6..<6 + length], as: UTF8.self)
    let modbus = checksumByDefinition(segment, modbus: true)
    return found == modbus || found == modbus.byteSwapped ? .modbusChecksum : .wrongChecksum
  }

  @Test("every damaged packet is refused with its reason")
  func damaged() throws {
    guard let packets = publicPackets()?.filter({ !$0.isValid }).map(\.packet) else { return }
    for packet in packets {
      var bench = Bench()
      bench.feed(packet)
      bench.advance(to: 11)
      #expect(bench.batch.isEmpty)
      #expect(bench.receiver.counts[reason(packet)] == 1, "\(packet.prefix(60))")
      #expect(bench.receiver.counts.refused == 1)
    }
  }

  @Test("a stream with the damaged among the valid loses none of the valid")
  func mixed() throws {
    guard let packets = publicPackets() else { return }
    let (valid, damaged) = (packets.filter(\.isValid), packets.filter { !$0.isValid })
    for lineEnd in ["", "\r\n"] {
      for shift in 0..<damaged.count {
        var bench = Bench()
        var expected: [String] = []
        for (index, packet) in valid.enumerated() {
          bench.feed(damaged[(index + shift) % damaged.count].packet + lineEnd)
          bench.feed(packet.packet + lineEnd)
          expected += plainReading(packet.packet)
        }
        bench.advance(to: 11)
        #expect(bench.samples == expected, "shift \(shift)")
        #expect(bench.receiver.counts.packets == valid.count)
        #expect(bench.receiver.counts.refused == valid.count)
      }
    }
  }
}

/// Who speaks: the site's number, its kind and its password.
public struct HJ212Address: Hashable, Sendable {
  /// MN, at most 24 characters.
  public var site: String
  /// ST, the kind of source: 31 flue gas, 32 waste water, 22 ambient air, …
  public var station: String
  /// PW.
  public var password: String

  /// An address.
  public init(site: String, station: String = "31", password: String = "123456") {
    self.site = site
    self.station = station
    self.password = password
  }
}

/// A packet to be sent.
struct HJ212Message: Sendable {
  var qn: String
  var station: String
  var commandNumber: Int
  var password: String
  var site: String
  var flag: Int
  var part: (number: Int, count: Int)?
  var data = ""

  /// The bytes to send, checksum and line end included.
  func encoded(_ checksum: HJ212Checksum, _ rule: HJ212Settings.ChecksumRule) -> [UInt8] {
    var segment = "QN=\(qn);ST=\(station);CN=\(commandNumber);"
    segment += "PW=\(password);MN=\(site);Flag=\(flag);"
    if let part { segment += "PNUM=\(part.count);PNO=\(part.number);" }
    var bytes: [UInt8] = []
    HJ212Message.append(Array((segment + "CP=&&" + data + "&&").utf8), to: &bytes, checksum, rule)
    return bytes
  }

  /// Appends the packet around a data segment.
  static func append(
    _ segment: [UInt8], to bytes: inout [UInt8], _ checksum: HJ212Checksum,
    _ rule: HJ212Settings.ChecksumRule
  ) {
    let sum =
      rule == .modbus
      ? checksum.modbus(segment.span, 0, segment.count)
      : checksum.standard(segment.span, 0, segment.count)
    bytes += "##".utf8
    for divisor in [1_000, 100, 10, 1] {
      bytes.append(UInt8(48 + segment.count / divisor % 10))
    }
    bytes += segment
    for shift in [12, 8, 4, 0] {
      let digit = UInt8(truncatingIfNeeded: sum >> UInt16(shift)) & 15
      bytes.append(digit < 10 ? 48 + digit : 55 + digit)
    }
    bytes += "\r\n".utf8
  }
}

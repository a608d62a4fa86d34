/// Finds packets in bytes: `##`, four digits, that many bytes, four hexadecimal digits.
struct HJ212Framer: Sendable {
  let settings: HJ212Settings
  private let checksum = HJ212Checksum.shared

  /// What stands at a place of the bytes.
  enum Step: Equatable {
    /// A whole packet: its data segment, where the next look begins if it is taken, and whether its
    /// checksum is Modbus'.
    case packet(segment: Range<Int>, next: Int, isModbus: Bool)
    /// A packet that is refused; look again from `next`.
    case damaged(HJ212Damage, next: Int)
    /// Nothing more to be said before more bytes arrive; those before `from` are done with.
    case wait(from: Int)
  }

  init(settings: HJ212Settings) {
    self.settings = settings
  }

  /// Looks at the first `##` at or after `start`; `strayBytes` grows by what is skipped before it.
  /// - Parameter sums: of the same bytes, one for all looks at them.
  func step(
    _ bytes: Span<UInt8>, from start: Int, strayBytes: inout Int, sums: inout HJ212RunningSums
  ) -> Step {
    let begin = Self.findBegin(bytes, from: start, strayBytes: &strayBytes)
    guard bytes.count - begin >= 6 else { return .wait(from: begin) }
    var length = 0
    for at in begin + 2..<begin + 6 {
      let digit = bytes[at] &- 48
      guard digit < 10 else { return .damaged(.lengthNotDigits, next: begin + 1) }
      length = length * 10 + Int(digit)
    }
    guard length <= settings.longestSegment else {
      let damage = HJ212Damage.tooLong(claimed: length, allowed: settings.longestSegment)
      return .damaged(damage, next: begin + 2)
    }
    let end = begin + 6 + length
    guard bytes.count >= end + 4 else { return .wait(from: begin) }
    guard let found = Self.hexadecimal(bytes, end) else {
      return .damaged(.wrongLength(claimed: length), next: begin + 2)
    }
    let step = judged(bytes, begin + 6..<end, found: found, &sums)
    if case .damaged = step { sums.cover(bytes, begin + 6..<end) }
    return step
  }

  /// The claimed length of the packet that begins the bytes, where its four digits have arrived.
  static func claimedLength(_ bytes: Span<UInt8>) -> Int {
    guard bytes.count >= 6 else { return 0 }
    return (2..<6).reduce(0) { $0 * 10 + Int(bytes[$1] &- 48) }
  }

  private func judged(
    _ bytes: Span<UInt8>, _ segment: Range<Int>, found: UInt16, _ sums: inout HJ212RunningSums
  ) -> Step {
    let (start, end) = (segment.lowerBound, segment.upperBound)
    let isInside = sums.reaches(start)
    let expected =
      isInside ? sums.standard(bytes, start, end) : checksum.standard(bytes, start, end)
    var isModbus = false
    if found != expected || settings.checksum == .modbus {
      let modbus =
        isInside ? sums.modbus(bytes, start, end) : checksum.modbus(bytes, start, end)
      isModbus = found == modbus || found == modbus.byteSwapped
      guard isModbus else {
        let wanted = settings.checksum == .modbus ? modbus : expected
        return .damaged(.wrongChecksum(found: found, expected: wanted), next: start - 4)
      }
      guard settings.checksum != .standard else {
        return .damaged(.modbusChecksum(found: found, expected: expected), next: start - 4)
      }
    }
    guard segment.count >= 2, bytes[end - 1] == UInt8(ascii: "&"), bytes[end - 2] == bytes[end - 1]
    else { return .damaged(.noFences, next: start - 4) }
    return .packet(segment: segment, next: end + 4, isModbus: isModbus)
  }

  /// The place of the first `##`, of a last `#`, or the end.
  private static func findBegin(
    _ bytes: Span<UInt8>, from start: Int, strayBytes: inout Int
  ) -> Int {
    let hash = UInt8(ascii: "#")
    var at = start
    var stray = 0
    while at < bytes.count {
      let byte = bytes[at]
      if byte == hash, at + 1 == bytes.count || bytes[at + 1] == hash {
        // Of three in a row the first is stray.
        guard at + 2 < bytes.count, bytes[at + 2] == hash else { break }
      }
      stray += byte == 13 || byte == 10 ? 0 : 1
      at += 1
    }
    strayBytes += stray
    return at
  }

  /// The number in four hexadecimal digits of either case, nil where one is none.
  private static func hexadecimal(_ bytes: Span<UInt8>, _ start: Int) -> UInt16? {
    var value: UInt16 = 0
    for at in start..<start + 4 {
      let (digit, letter) = (bytes[at] &- 48, (bytes[at] | 32) &- 97)
      guard digit < 10 || letter < 6 else { return nil }
      value = value << 4 | UInt16(digit < 10 ? digit : letter + 10)
    }
    return value
  }
}

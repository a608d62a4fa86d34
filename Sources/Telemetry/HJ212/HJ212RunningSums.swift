// Inside of a packet that is refused every `##` and four digits may begin the next one, and each
// would want its checksum: bytes made of nothing but headers would cost two thousand times their
// number. So from the first refusal on, what the checksums' register holds after each byte, begun
// with 0, is put down once. A byte's step is linear over exclusive or: with M the step of a byte 0,
//
//     register(i..<j, begun with c) = sums[j] ^ M^(j − i)(sums[i] ^ c)
//
// and M^n comes from tables of M^1, M^2, M^4 …, as many look-ups as n has ones.

/// Checksums of overlapping stretches of bytes in the time of a few look-ups each.
struct HJ212RunningSums {
  private let checksum = HJ212Checksum.shared
  /// Where the sums begin; empty sums cover nothing.
  private var origin = 0
  /// After each byte from `origin` on: the standard's upper half, and Modbus' register.
  private var uppers: [UInt8] = []
  private var moduli: [UInt16] = []

  /// Whether a stretch that begins here overlaps one that was summed before.
  func reaches(_ place: Int) -> Bool { place >= origin && place - origin < uppers.count }

  /// What comes overlaps a segment that was refused.
  mutating func cover(_ bytes: Span<UInt8>, _ segment: Range<Int>) {
    guard !reaches(segment.lowerBound) else { return }
    origin = segment.lowerBound
    uppers = [0]
    moduli = [0]
    extend(bytes, to: segment.upperBound)
  }

  /// What `HJ212Checksum.standard` gives.
  mutating func standard(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt16 {
    guard start < end else { return 0xFFFF }
    extend(bytes, to: end)
    let first = uppers[start - origin] ^ 0xFF
    let upper = uppers[end - 1 - origin] ^ checksum.afterZeros(first, end - 1 - start)
    return checksum.step(bytes[end - 1] ^ upper)
  }

  /// What `HJ212Checksum.modbus` gives.
  mutating func modbus(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt16 {
    extend(bytes, to: end)
    let first = moduli[start - origin] ^ 0xFFFF
    return moduli[end - origin] ^ checksum.afterZeros(first, end - start)
  }

  private mutating func extend(_ bytes: Span<UInt8>, to end: Int) {
    var (upper, modulus) = (uppers[uppers.count - 1], moduli[moduli.count - 1])
    for place in origin + uppers.count - 1..<max(end, origin + uppers.count - 1) {
      upper = UInt8(checksum.step(bytes[place] ^ upper) >> 8)
      modulus = checksum.step(bytes[place] ^ UInt8(modulus & 0xFF)) ^ (modulus >> 8)
      uppers.append(upper)
      moduli.append(modulus)
    }
  }
}

extension HJ212Checksum {
  /// Tables of M^(2^k): `[512 · k + b]` for the low byte of the register, 256 further on for the
  /// high one.
  static func zeroTables(
    _ step: (_ steps: [UInt16], _ register: UInt16) -> UInt16, _ steps: [UInt16]
  ) -> [UInt16] {
    let bytes: [UInt16] = Array(0..<256)
    var table = bytes.map { step(steps, $0) } + bytes.map { step(steps, $0 << 8) }
    var tables = table
    for _ in 1..<14 {
      table = table.map { table[Int($0 & 0xFF)] ^ table[256 + Int($0 >> 8)] }
      tables += table
    }
    return tables
  }
}

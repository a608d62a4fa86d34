/// Checksums over the data segment of an HJ 212 packet.
///
///     standard: crc = (crc >> 8) ^ byte, then eight times: shift right, ^ 0xA001 if a 1 fell out
///     Modbus:   crc =  crc       ^ byte, then the same eight steps
///
/// both from 0xFFFF. In the standard's form only the upper eight bits survive a byte, and the step
/// is linear over exclusive or, so eight bytes are folded at once with one table for each place
/// ("slicing"): the loop then waits for one look-up per eight bytes instead of one per byte.
///
/// Source: HJ 212-2017, appendix A; PROTOCOLS' vector is in the tests.
struct HJ212Checksum: Sendable {
  /// What a byte does to the low half of the register in eight steps.
  private let steps: [UInt16]
  /// `slices[256 · k + b]`: the upper half after byte `b` and then k bytes of 0.
  private let slices: [UInt8]
  /// What 1, 2, 4 … bytes of 0 do to a register, for `HJ212RunningSums`.
  private let standardZeros: [UInt16]
  private let modbusZeros: [UInt16]

  /// The tables, made once for all connections.
  static let shared = HJ212Checksum()

  private init() {
    var steps: [UInt16] = []
    for byte: UInt16 in 0..<256 {
      var value = byte
      for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0xA001 : value >> 1 }
      steps.append(value)
    }
    var slices = steps.map { UInt8(truncatingIfNeeded: $0 >> 8) }
    for place in 256..<8 * 256 {
      slices.append(UInt8(truncatingIfNeeded: steps[Int(slices[place - 256])] >> 8))
    }
    self.steps = steps
    self.slices = slices
    standardZeros = Self.zeroTables({ $0[Int($1 & 0xFF)] >> 8 }, steps)
    modbusZeros = Self.zeroTables({ $0[Int($1 & 0xFF)] ^ ($1 >> 8) }, steps)
  }

  /// What a byte does to the low half of the register.
  func step(_ byte: UInt8) -> UInt16 { steps[Int(byte)] }

  /// The upper half of the standard's register after so many bytes of 0, fewer than 16,384.
  func afterZeros(_ upper: UInt8, _ count: Int) -> UInt8 {
    UInt8(Self.apply(standardZeros, UInt16(upper), count))
  }

  /// Modbus' register after so many bytes of 0, fewer than 16,384.
  func afterZeros(_ register: UInt16, _ count: Int) -> UInt16 {
    Self.apply(modbusZeros, register, count)
  }

  private static func apply(_ tables: [UInt16], _ register: UInt16, _ count: Int) -> UInt16 {
    var (register, rest, table) = (register, count, 0)
    while rest > 0 {
      if rest & 1 == 1 {
        register =
          tables[table + Int(register & 0xFF)] ^ tables[table + 256 + Int(register >> 8)]
      }
      rest >>= 1
      table += 512
    }
    return register
  }

  /// The standard's checksum of `bytes[start..<end]`.
  func standard(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt16 {
    guard start < end else { return 0xFFFF }
    let slices = slices.span
    var upper: UInt8 = 0xFF
    var at = start
    while at + 8 < end {
      let first = slices[1_792 | Int(bytes[at] ^ upper)]
      let left =
        slices[1_536 | Int(bytes[at + 1])] ^ slices[1_280 | Int(bytes[at + 2])]
        ^ slices[1_024 | Int(bytes[at + 3])]
      let right =
        slices[768 | Int(bytes[at + 4])] ^ slices[512 | Int(bytes[at + 5])]
        ^ slices[256 | Int(bytes[at + 6])] ^ slices[Int(bytes[at + 7])]
      upper = first ^ left ^ right
      at += 8
    }
    while at + 1 < end {
      upper = slices[Int(bytes[at] ^ upper)]
      at += 1
    }
    return steps[Int(bytes[end - 1] ^ upper)]
  }

  /// CRC-16/Modbus of `bytes[start..<end]`, which loggers send that mistake the standard.
  func modbus(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt16 {
    var value: UInt16 = 0xFFFF
    for at in start..<end {
      value = steps[Int(UInt8(truncatingIfNeeded: value) ^ bytes[at])] ^ (value >> 8)
    }
    return value
  }
}

/// How numbers lie in Modbus registers of 16 bits.
public enum ModbusValueType: String, Hashable, Sendable, CaseIterable {
  case int16, uint16, int32, uint32, int64, uint64, float32, float64
  /// Binary coded decimal: four or eight digits.
  case bcd16, bcd32

  /// Registers that one value takes.
  public var registerCount: Int {
    switch self {
    case .int16, .uint16, .bcd16: 1
    case .int32, .uint32, .float32, .bcd32: 2
    case .int64, .uint64, .float64: 4
    }
  }

  /// The number in `registerCount` registers; nil where BCD digits are none. A float may be not finite.
  func number(_ bits: UInt64) -> Double? {
    switch self {
    case .int16: Double(Int16(truncatingIfNeeded: bits))
    case .int32: Double(Int32(truncatingIfNeeded: bits))
    case .int64: Double(Int64(bitPattern: bits))
    case .uint16, .uint32, .uint64: Double(bits)
    case .float32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .float64: Double(bitPattern: bits)
    case .bcd16, .bcd32: Self.decimal(bits, digits: registerCount * 4)
    }
  }

  private static func decimal(_ bits: UInt64, digits: Int) -> Double? {
    var value: UInt64 = 0
    for place in (0..<digits).reversed() {
      let digit = bits >> UInt64(4 * place) & 15
      guard digit < 10 else { return nil }
      value = value * 10 + digit
    }
    return Double(value)
  }
}

/// The order in which the bytes of a value arrive, A being the highest of a value of two registers.
///
/// Modbus fixes the order inside a register only, and not every maker keeps to it.
public enum ModbusOrder: String, Hashable, Sendable, CaseIterable {
  /// Highest register first.
  case abcd
  /// Lowest register first.
  case cdab
  /// Highest register first, the bytes of each exchanged.
  case badc
  /// Lowest register first, the bytes of each exchanged.
  case dcba

  /// The registers of one value as one word.
  func bits(_ registers: ArraySlice<UInt16>) -> UInt64 {
    let isLowFirst = self == .cdab || self == .dcba
    let isExchanged = self == .badc || self == .dcba
    var bits: UInt64 = 0
    for register in isLowFirst ? Array(registers.reversed()) : Array(registers) {
      bits = bits << 16 | UInt64(isExchanged ? register.byteSwapped : register)
    }
    return bits
  }
}

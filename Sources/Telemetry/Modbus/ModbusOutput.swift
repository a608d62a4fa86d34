/// Where a device takes a number: a coil, or the holding registers of one value.
public struct ModbusOutput: Hashable, Sendable {
  /// `coil` or `holdingRegister`; nothing else can be written.
  public let table: ModbusTable
  /// Counts from 0, as requests do.
  public let address: UInt16
  public var type = ModbusValueType.uint16
  public var order = ModbusOrder.abcd
  /// The number in the registers is (value − offset) / scale; scale is not 0.
  public var scale = 1.0
  public var offset = 0.0

  /// An output with the defaults above.
  /// - Precondition: `table` can be written.
  public init(table: ModbusTable, address: UInt16) {
    precondition(table == .coil || table == .holdingRegister, "\(table) cannot be written")
    self.table = table
    self.address = address
  }

  /// What is sent for a value: a bit as 0 or 1, or registers in the order of their addresses. Whole
  /// numbers are rounded to the nearest. nil when the coil or the type cannot hold it.
  public func places(of value: Double) -> [UInt16]? {
    if table == .coil { return value == 0 ? [0] : value == 1 ? [1] : nil }
    return type.bits((value - offset) / scale).map { order.registers($0, type.registerCount) }
  }
}

extension ModbusValueType {
  /// The registers of a number as one word, the inverse of `number`; nil when it is out of range.
  func bits(_ number: Double) -> UInt64? {
    guard number.isFinite else { return nil }
    let rounded = number.rounded()
    switch self {
    case .int16: return Int16(exactly: rounded).map { UInt64(UInt16(bitPattern: $0)) }
    case .uint16: return UInt16(exactly: rounded).map(UInt64.init)
    case .int32: return Int32(exactly: rounded).map { UInt64(UInt32(bitPattern: $0)) }
    case .uint32: return UInt32(exactly: rounded).map(UInt64.init)
    case .int64: return Int64(exactly: rounded).map(UInt64.init(bitPattern:))
    case .uint64: return UInt64(exactly: rounded)
    case .float32:
      let float = Float(number)
      return float.isFinite ? UInt64(float.bitPattern) : nil
    case .float64: return number.bitPattern
    case .bcd16, .bcd32: return Self.codedDecimal(rounded, digits: registerCount * 4)
    }
  }

  private static func codedDecimal(_ number: Double, digits: Int) -> UInt64? {
    guard var rest = UInt64(exactly: number) else { return nil }
    var bits: UInt64 = 0
    for place in 0..<digits {
      bits |= (rest % 10) << UInt64(4 * place)
      rest /= 10
    }
    return rest == 0 ? bits : nil
  }
}

extension ModbusOrder {
  /// One word as the registers of a value, the inverse of `bits`.
  func registers(_ bits: UInt64, _ count: Int) -> [UInt16] {
    let isLowFirst = self == .cdab || self == .dcba
    let isExchanged = self == .badc || self == .dcba
    return (0..<count).map { place in
      let shift = UInt64(16 * (isLowFirst ? place : count - 1 - place))
      let register = UInt16(truncatingIfNeeded: bits >> shift)
      return isExchanged ? register.byteSwapped : register
    }
  }
}

import FactoryModel

/// The four tables of a Modbus device.
public enum ModbusTable: String, Hashable, Sendable, CaseIterable {
  /// Outputs of one bit (function 1).
  case coil
  /// Inputs of one bit (function 2).
  case discreteInput
  /// Settings of 16 bits (function 3).
  case holdingRegister
  /// Readings of 16 bits (function 4).
  case inputRegister

  /// Whether it holds bits.
  public var isOfBits: Bool { self == .coil || self == .discreteInput }
  /// Most places that one request may read, by the protocol.
  var mostInOneRead: Int { isOfBits ? 2_000 : 125 }
}

/// One value of a device and the signal it becomes.
public struct ModbusPoint: Hashable, Sendable {
  public var signal: SignalName
  public var table: ModbusTable
  /// Counts from 0, as requests do; makers' lists often count from 1 or from 40001.
  public var address: UInt16
  public var type = ModbusValueType.uint16
  public var order = ModbusOrder.abcd
  /// The bit of a register that is meant, 0 the lowest; nil for the whole number.
  public var bit: Int?
  /// The signal's value is number · scale + offset.
  public var scale = 1.0
  public var offset = 0.0

  /// A point with the defaults above.
  public init(signal: SignalName, table: ModbusTable, address: UInt16) {
    self.signal = signal
    self.table = table
    self.address = address
  }

  /// Places in the table that it takes.
  var count: Int { table.isOfBits || bit != nil ? 1 : type.registerCount }
  var addresses: Range<Int> { Int(address)..<Int(address) + count }

  /// The signal's value from the places of the table that belong to it, bits as 0 and 1; nil when
  /// they hold no number. `places` must be as many as the point takes.
  func value(_ places: ArraySlice<UInt16>) -> Double? {
    precondition(places.count == count, "\(places.count) places for a point of \(count)")
    let number: Double?
    if table.isOfBits {
      number = places[places.startIndex] == 0 ? 0 : 1
    } else {
      let bits = order.bits(places)
      number = bit.map { Double(bits >> UInt64($0) & 1) } ?? type.number(bits)
    }
    guard let value = number.map({ $0 * scale + offset }), value.isFinite else { return nil }
    return value
  }
}

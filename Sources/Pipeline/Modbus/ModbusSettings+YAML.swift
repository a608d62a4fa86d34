import FactoryModel
import Plant
import StrictYAML
import Telemetry

extension ModbusSettings {
  /// Reads an item of `modbus:`.
  init(_ value: YAMLValue) throws {
    let mapping = try value.mapping(keys: ModbusAddress.keys + ["every", "points"])
    let address = try ModbusAddress(mapping)
    let interval = try mapping.duration("every") ?? .seconds(1)
    guard interval >= .milliseconds(10) else {
      throw YAMLError.wrongValue(
        place: value.place, found: "every: \(interval)", expected: "10ms or more")
    }
    self.init(
      address: address, interval: interval,
      points: try mapping.items("points") { try ModbusPoint($0) })
  }
}

extension ModbusPoint {
  fileprivate init(_ value: YAMLValue) throws {
    let tables = ModbusTable.allCases.map(\.rawValue)
    let mapping = try value.mapping(
      keys: ["signal", "type", "order", "bit", "scale", "offset"] + tables)
    let pattern = try mapping.required("signal", mapping.pattern("signal"))
    guard let signal = pattern.name else {
      throw YAMLError.wrongValue(
        place: value.place, found: "\(pattern)", expected: "one signal, without *")
    }
    let given = ModbusTable.allCases.filter { mapping[$0.rawValue] != nil }
    guard let table = given.first, given.count == 1,
      let address = try mapping.integer(table.rawValue), (0...65_535).contains(address)
    else {
      throw YAMLError.wrongValue(
        place: value.place, found: "\(signal)",
        expected: "one address from 0 to 65535 under \(tables.joined(separator: ", "))")
    }
    self.init(signal: signal, table: table, address: UInt16(address))
    type = try mapping.choice("type") ?? type
    order = try mapping.choice("order") ?? order
    bit = try mapping.integer("bit")
    scale = try mapping.number("scale") ?? scale
    offset = try mapping.number("offset") ?? offset
    guard Int(self.address) + type.registerCount <= 65_536 else {
      throw YAMLError.wrongValue(
        place: value.place, found: "\(address)",
        expected: "an address that leaves room for the type")
    }
    if let bit, !(0..<16).contains(bit) {
      throw YAMLError.wrongValue(place: value.place, found: "bit \(bit)", expected: "0 to 15")
    }
  }
}

import StrictYAML
import Telemetry

extension PlantOutput {
  /// The keys of which one says where a number is written.
  static let keys = ["modbusWrite", "publish"]

  /// Reads the one of `keys` that is given.
  /// - Parameters:
  ///   - clientID: what a broker knows us by where the file names nothing.
  ///   - folder: which paths of files are relative to.
  init(_ mapping: StrictMapping, clientID: String, folder: String) throws {
    let given = Self.keys.filter { mapping[$0] != nil }
    guard given.count == 1, let value = mapping[given[0]] else {
      throw YAMLError.wrongValue(
        place: mapping.place, found: given.isEmpty ? "no output" : "two outputs",
        expected: "one of \(Self.keys.joined(separator: ", "))")
    }
    if given[0] == "modbusWrite" {
      let item = try value.mapping(keys: Self.modbusKeys)
      self = try .init(modbus: item)
    } else {
      let item = try value.mapping(keys: MQTTSettings.keys + ["topic", "payload"])
      let payload = try item.string("payload") ?? "${value}"
      guard payload.contains("${value}") else {
        throw item.wrong("payload", "a text with ${value} where the number belongs")
      }
      self = .publish(
        try MQTTSettings(item, folder: folder, clientID: clientID), topic: try item.topic(),
        payload: payload)
    }
  }

  /// What says which coil or registers are written.
  static let modbusKeys =
    ModbusAddress.keys + ["coil", "holdingRegister", "type", "order", "scale", "offset"]

  /// Reads `modbusKeys`.
  init(modbus item: StrictMapping) throws {
    let tables: [ModbusTable] = [.coil, .holdingRegister]
    let given = tables.filter { item[$0.rawValue] != nil }
    guard let table = given.first, given.count == 1,
      let place = try item.integer(table.rawValue), (0...65_535).contains(place)
    else {
      throw YAMLError.wrongValue(
        place: item.place, found: given.isEmpty ? "no address" : given.map(\.rawValue).joined(),
        expected: "one address from 0 to 65535 under coil or holdingRegister")
    }
    var output = ModbusOutput(table: table, address: UInt16(place))
    for key in ["type", "order", "scale", "offset"] where table == .coil && item[key] != nil {
      throw item.wrong(key, "no \(key) beside coil, which is 0 or 1")
    }
    output.type = try item.choice("type") ?? output.type
    output.order = try item.choice("order") ?? output.order
    output.scale = try item.number("scale") ?? output.scale
    output.offset = try item.number("offset") ?? output.offset
    guard output.scale != 0 else { throw item.wrong("scale", "a number other than 0") }
    guard place + output.type.registerCount <= 65_536 else {
      throw item.wrong(table.rawValue, "an address that leaves room for the type")
    }
    self = .modbus(try ModbusAddress(item), output)
  }
}

extension StrictMapping {
  /// The error that the value of a key is not what was `expected`.
  func wrong(_ key: String, _ expected: String) -> YAMLError {
    self[key]?.wrong(expected) ?? .missingKey(place: place, key: key)
  }

  /// A topic that can be published to.
  func topic() throws -> String {
    let topic = try required("topic", string("topic"))
    guard !topic.isEmpty, !topic.contains(where: { "+#".contains($0) }) else {
      throw wrong("topic", "a topic without + and #")
    }
    return topic
  }
}

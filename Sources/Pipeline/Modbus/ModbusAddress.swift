import StrictYAML

/// A device that speaks Modbus TCP.
public struct ModbusAddress: Hashable, Sendable, CustomStringConvertible {
  public var host: String
  public var port: Int
  /// The unit behind a gateway, 0..255.
  public var unit: Int

  /// What says how a device is reached.
  static let keys = ["device", "unit"]

  /// Reads `keys`.
  init(_ mapping: StrictMapping) throws {
    let device = try mapping.required("device", mapping.string("device"))
    let parts = device.split(separator: ":", maxSplits: 1).map(String.init)
    guard let host = parts.first, let port = parts.count == 2 ? Int(parts[1]) : 502,
      (1...65_535).contains(port)
    else {
      throw YAMLError.wrongValue(
        place: mapping.place, found: device, expected: "host:port, such as 10.0.0.7:502")
    }
    let unit = try mapping.integer("unit") ?? 1
    guard (0...255).contains(unit) else {
      throw YAMLError.wrongValue(place: mapping.place, found: "unit \(unit)", expected: "0 to 255")
    }
    (self.host, self.port, self.unit) = (host, port, unit)
  }

  public var description: String { unit == 1 ? "\(host):\(port)" : "\(host):\(port) unit \(unit)" }
}

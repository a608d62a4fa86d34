import Telemetry

/// A device of the site file and what is polled from it.
public struct ModbusSettings: Hashable, Sendable {
  public var address: ModbusAddress
  public var interval: Duration
  public var points: [ModbusPoint]
}

import CModbus
import Foundation
import Telemetry

/// A device of the site file and what is polled from it.
public struct ModbusSettings: Hashable, Sendable {
  public var host: String
  public var port: Int
  /// The unit behind a gateway, 0..255.
  public var unit: Int
  public var interval: Duration
  public var points: [ModbusPoint]
}

/// A TCP connection to one device, by libmodbus. For one thread at a time.
@safe final class ModbusConnection {
  private let settings: ModbusSettings
  private let context: OpaquePointer?
  private var isConnected = false

  /// Connects with the first poll.
  init(_ settings: ModbusSettings) {
    self.settings = settings
    unsafe context = modbus_new_tcp_pi(settings.host, "\(settings.port)")
    unsafe modbus_set_slave(context, Int32(settings.unit))
    unsafe modbus_set_response_timeout(context, 1, 0)
  }

  deinit {
    close()
    unsafe modbus_free(context)
  }

  /// Asks every read; nil when the device gave no answer, a nil within where it refused a read.
  func poll(_ reads: [ModbusRead]) -> [[UInt16]?]? {
    if !isConnected { isConnected = unsafe modbus_connect(context) == 0 }
    guard isConnected else { return nil }
    var replies: [[UInt16]?] = []
    for read in reads {
      let reply = ask(read)
      // Numbers from `MODBUS_ENOBASE` on are the device's own refusals; it is there.
      if reply == nil, errno < MODBUS_ENOBASE {
        close()
        return nil
      }
      replies.append(reply)
    }
    return replies
  }

  private func ask(_ read: ModbusRead) -> [UInt16]? {
    let (address, count) = (Int32(read.address), Int32(read.count))
    var registers = [UInt16](repeating: 0, count: read.count)
    var bits = [UInt8](repeating: 0, count: read.count)
    let code =
      switch read.table {
      case .coil: unsafe modbus_read_bits(context, address, count, &bits)
      case .discreteInput: unsafe modbus_read_input_bits(context, address, count, &bits)
      case .holdingRegister: unsafe modbus_read_registers(context, address, count, &registers)
      case .inputRegister: unsafe modbus_read_input_registers(context, address, count, &registers)
      }
    guard code == count else { return nil }
    return read.table.isOfBits ? bits.map(UInt16.init) : registers
  }

  private func close() {
    if isConnected { unsafe modbus_close(context) }
    isConnected = false
  }
}

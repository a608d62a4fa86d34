import CModbus
import FactoryModel
import Foundation
import Telemetry

/// A TCP connection to one device, by libmodbus. For one thread at a time.
@safe final class ModbusConnection {
  private let address: ModbusAddress
  private let context: OpaquePointer?
  private(set) var isConnected = false

  /// Connects with the first request.
  init(_ address: ModbusAddress) {
    self.address = address
    unsafe context = modbus_new_tcp_pi(address.host, "\(address.port)")
    unsafe modbus_set_slave(context, Int32(address.unit))
    wait(for: .seconds(1))
  }

  deinit {
    close()
    unsafe modbus_free(context)
  }

  /// The longest that connecting, and each answer, may take from now on; at least a millisecond.
  func wait(for limit: Duration) {
    let microseconds = max(1_000, limit.inNanoseconds / 1_000)
    unsafe modbus_set_response_timeout(
      context, UInt32(clamping: microseconds / 1_000_000), UInt32(microseconds % 1_000_000))
  }

  /// Asks every read; nil when the device gave no answer, a nil within where it refused a read.
  func poll(_ reads: [ModbusRead]) -> [[UInt16]?]? {
    guard connect() else { return nil }
    var replies: [[UInt16]?] = []
    for read in reads {
      let reply = ask(read)
      if reply == nil, isLost(errno) { return nil }
      replies.append(reply)
    }
    return replies
  }

  /// Writes what `output` sends for a value; returns when the device has confirmed it.
  func write(_ places: [UInt16], to output: ModbusOutput) throws(ModbusFault) {
    let device = "\(address)"
    guard connect() else { throw .notReached(device: device, reason: Self.words(errno)) }
    let place = Int32(output.address)
    let code: Int32 =
      switch (output.table, places.count) {
      case (.coil, _): unsafe modbus_write_bit(context, place, Int32(places[0]))
      case (_, 1): unsafe modbus_write_register(context, place, places[0])
      default: unsafe modbus_write_registers(context, place, Int32(places.count), places)
      }
    guard code < 0 else { return }
    let error = errno
    if isLost(error) { throw .notReached(device: device, reason: Self.words(error)) }
    throw .refused(
      device: device, place: "\(output.table.rawValue) \(output.address)",
      reason: Self.words(error))
  }

  /// Opens the connection, unless it is open.
  func connect() -> Bool {
    if !isConnected { isConnected = unsafe modbus_connect(context) == 0 }
    return isConnected
  }

  /// After a request that failed: whether the device is gone; the next request connects again.
  private func isLost(_ error: Int32) -> Bool {
    // These numbers are the device's own refusals, exceptions 1 to 11 of the protocol; it is there.
    if (MODBUS_ENOBASE + 1...MODBUS_ENOBASE + 11).contains(error) { return false }
    close()
    return true
  }

  private static func words(_ error: Int32) -> String {
    unsafe String(cString: modbus_strerror(error))
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

/// Why a device has not taken a value.
enum ModbusFault: Error, Hashable, CustomStringConvertible {
  case notReached(device: String, reason: String)
  /// It answered, with a refusal.
  case refused(device: String, place: String, reason: String)

  var description: String {
    switch self {
    case .notReached(let device, let reason):
      "modbus device \(device): no answer, \(reason); see whether it runs and its port is right"
    case .refused(let device, let place, let reason):
      "modbus device \(device), \(place): refused, \(reason); see its list of registers"
    }
  }
}

import FactoryModel
import Telemetry

enum ModbusLook {
  /// The first 24 bytes make four points, the next says which polls bring a reply; then come their
  /// registers.
  static func at(_ input: [UInt8]) {
    guard input.count > 25 else { return }
    let points = (0..<4).map { point(input[6 * $0..<6 * $0 + 6], $0) }
    var device = ModbusDevice(
      points: points, every: .milliseconds(1 + Int(input[0])), widestGap: Int(input[1]),
      from: receipt)
    var signals = SignalTable()
    var batch = SampleBatch()
    var rest = input[25...]
    for poll in 0..<8 {
      precondition(device.due >= receipt)
      let now = device.due
      guard input[24] >> UInt8(poll) & 1 == 0 else {
        device.miss(at: now, signals: &signals, into: &batch)
        continue
      }
      let replies: [[UInt16]?] = device.reads.map { read in
        guard let kind = rest.popFirst(), kind != 0 else { return nil }
        let count = kind == 1 ? Int(rest.popFirst() ?? 0) : read.count
        return (0..<count).map { _ in
          UInt16(rest.popFirst() ?? 0) << 8 | UInt16(rest.popFirst() ?? 0)
        }
      }
      device.take(replies, at: now, signals: &signals, into: &batch)
    }
    _ = words(batch, signals)
  }

  private static func point(_ bytes: ArraySlice<UInt8>, _ place: Int) -> ModbusPoint {
    let bytes = Array(bytes)
    let tables = ModbusTable.allCases
    let types = ModbusValueType.allCases
    let orders = ModbusOrder.allCases
    // Not so far up that the longest value would reach beyond the last address.
    let address = min(UInt16(bytes[1]) << 8 | UInt16(bytes[2]), 65_532)
    var point = ModbusPoint(
      signal: SignalName(path: "device.p\(place)"), table: tables[Int(bytes[0]) % tables.count],
      address: address)
    point.type = types[Int(bytes[3]) % types.count]
    point.order = orders[Int(bytes[4]) % orders.count]
    point.bit = bytes[5] < 128 ? nil : Int(bytes[5] % 16)
    point.scale = bytes[5] & 64 == 0 ? 1 : 1e300
    return point
  }
}

enum GzipLook {
  /// A body as an agent sends it, within a limit that the first byte gives.
  static func at(_ input: [UInt8]) {
    let limit = Int(input.first ?? 0) << 12
    let plain = Gzip.unpack(Array(input.dropFirst()), limit: limit)
    precondition(plain?.count ?? 0 <= limit)
  }
}

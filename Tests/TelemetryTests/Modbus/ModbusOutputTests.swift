import FactoryModel
import Telemetry
import TestSupport
import Testing

@Suite("numbers to Modbus registers")
struct ModbusOutputTests {
  private func output(_ type: ModbusValueType, _ order: ModbusOrder = .abcd) -> ModbusOutput {
    var output = ModbusOutput(table: .holdingRegister, address: 3)
    (output.type, output.order) = (type, order)
    return output
  }

  /// What polling makes of registers.
  private func read(_ places: [UInt16], of output: ModbusOutput) -> Double? {
    var point = ModbusPoint(
      signal: SignalName(measurement: "press", field: "x"), table: .holdingRegister, address: 3)
    (point.type, point.order) = (output.type, output.order)
    (point.scale, point.offset) = (output.scale, output.offset)
    let start = Timestamp(seconds: 0)
    var device = ModbusDevice(points: [point], every: .seconds(1), from: start)
    var signals = SignalTable()
    var batch = SampleBatch()
    device.take([places], at: start, signals: &signals, into: &batch)
    return batch.isEmpty ? nil : batch.values[0]
  }

  @Test("every type in every order is read as it was written", arguments: ModbusValueType.allCases)
  func returns(_ type: ModbusValueType) {
    let isSigned = [.int16, .int32, .int64, .float32, .float64].contains(type)
    for order in ModbusOrder.allCases {
      for value in [0, 1, 7, 1_234, 9_999] + (isSigned ? [-1, -1_234] : []) {
        var output = output(type, order)
        output.scale = 0.5
        output.offset = -40
        let wanted = Double(value) * 0.5 - 40
        let places = output.places(of: wanted)
        #expect(places?.count == type.registerCount)
        #expect(read(places ?? [], of: output) == wanted, "\(type) \(order) \(value)")
      }
    }
  }

  @Test(
    "what a type cannot hold is refused",
    arguments: [
      (.int16, 32_768), (.int16, -32_769), (.uint16, -1), (.uint16, 65_536),
      (.uint32, 4_294_967_296), (.bcd16, 10_000), (.bcd16, -1), (.float32, 1e39),
      (.float64, .nan), (.uint64, .infinity),
    ] as [(ModbusValueType, Double)])
  func refuses(_ type: ModbusValueType, value: Double) {
    #expect(output(type).places(of: value) == nil)
  }

  @Test("whole types take the nearest number; a coil takes 0 and 1 only")
  func rounds() {
    #expect(output(.uint16).places(of: 2.5) == [3] && output(.uint16).places(of: 2.4) == [2])
    let coil = ModbusOutput(table: .coil, address: 0)
    #expect(coil.places(of: 1) == [1] && coil.places(of: 0) == [0] && coil.places(of: 2) == nil)
  }
}

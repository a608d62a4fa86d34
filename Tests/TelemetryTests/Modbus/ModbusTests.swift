import FactoryModel
import Imaging
import Telemetry
import TestSupport
import Testing

@Suite("Modbus registers to samples")
struct ModbusTests {
  private let start = CivilTime(year: 2024, month: 3, day: 14).timestamp()

  private func point(
    _ name: String, _ address: UInt16, _ type: ModbusValueType = .uint16,
    table: ModbusTable = .holdingRegister
  ) -> ModbusPoint {
    var point = ModbusPoint(
      signal: SignalName(measurement: "press", field: name), table: table, address: address)
    point.type = type
    return point
  }

  /// What one point makes of its registers.
  private func value(_ point: ModbusPoint, _ registers: [UInt16]) -> Double? {
    var device = ModbusDevice(points: [point], every: .seconds(1), from: start)
    var signals = SignalTable()
    var batch = SampleBatch()
    device.take([registers], at: start, signals: &signals, into: &batch)
    return batch.isEmpty ? nil : batch.values[0]
  }

  @Test(
    "numbers of each type, highest register first",
    arguments: [
      (.int16, [0xFFFE], -2), (.uint16, [0xFFFE], 65_534),
      (.int32, [0xFFFF, 0xFFFE], -2), (.uint32, [1, 2], 65_538),
      (.int64, [0xFFFF, 0xFFFF, 0xFFFF, 0xFFFE], -2), (.uint64, [0, 1, 0, 0], 4_294_967_296),
      (.float32, [0x41C8, 0], 25), (.float64, [0x4039, 0, 0, 0], 25),
      (.bcd16, [0x1234], 1_234), (.bcd32, [0x1234, 0x5678], 12_345_678),
      (.bcd16, [0x12A4], nil), (.float32, [0x7FC0, 0], nil),
    ] as [(ModbusValueType, [UInt16], Double?)])
  func types(_ type: ModbusValueType, registers: [UInt16], wanted: Double?) {
    #expect(value(point("x", 7, type), registers) == wanted)
  }

  @Test(
    "the four orders of bytes",
    arguments: [
      (ModbusOrder.abcd, [UInt16(0x0102), 0x0304]), (.cdab, [0x0304, 0x0102]),
      (.badc, [0x0201, 0x0403]), (.dcba, [0x0403, 0x0201]),
    ])
  func orders(_ order: ModbusOrder, registers: [UInt16]) {
    var point = point("x", 0, .uint32)
    point.order = order
    #expect(value(point, registers) == Double(0x0102_0304))
  }

  @Test("scale, offset, one bit of a register, and coils")
  func others() {
    var scaled = point("x", 0, .int16)
    scaled.scale = 0.5
    scaled.offset = -40
    #expect(value(scaled, [130]) == 25)
    var bit = point("x", 0)
    bit.bit = 9
    #expect(value(bit, [0x0200]) == 1)
    #expect(value(bit, [0xFDFF]) == 0)
    #expect(value(point("x", 0, table: .coil), [1]) == 1)
  }

  @Test("points side by side share a read, up to the protocol's most")
  func plan() {
    let points = [
      point("c", 12, .float32), point("a", 10), point("b", 11), point("d", 20),
      point("e", 12, table: .coil),
    ]
    let narrow = ModbusDevice(points: points, every: .seconds(1), from: start)
    #expect(narrow.reads.map(\.address) == [12, 10, 20])
    #expect(narrow.reads.map(\.count) == [1, 4, 1])
    let wide = ModbusDevice(points: points, every: .seconds(1), widestGap: 6, from: start)
    #expect(wide.reads.map(\.count) == [1, 11])
    let many = (0..<130).map { point("x\($0)", UInt16($0 * 2), .int32) }
    let reads = ModbusDevice(points: many, every: .seconds(1), from: start).reads
    #expect(reads.map(\.count) == [124, 124, 12])
  }

  @Test("every point gets its own registers back, however they were read", arguments: propertySeeds)
  func plans(_ seed: UInt64) {
    var numbers = SeededGenerator(seed: seed)
    let memory = (0..<400).map { _ in UInt16.random(in: 0...UInt16.max, using: &numbers) }
    let types: [ModbusValueType] = [.int16, .uint16, .int32, .uint32, .int64, .uint64]
    let points = (0..<60).map { place in
      point(
        "x\(place)", UInt16.random(in: 0..<390, using: &numbers),
        types.randomElement(using: &numbers) ?? .int16)
    }
    for gap in [0, 5, 200] {
      var device = ModbusDevice(points: points, every: .seconds(1), widestGap: gap, from: start)
      #expect(device.reads.allSatisfy { $0.count <= 125 })
      var signals = SignalTable()
      var batch = SampleBatch()
      let replies = device.reads.map { read in
        Array(memory[Int(read.address)..<Int(read.address) + read.count])
      }
      device.take(replies, at: start, signals: &signals, into: &batch)
      for place in 0..<batch.count {
        let (signal, sample) = batch[place]
        let point = points.first { $0.signal == signals[signal] }!
        let own = memory[Int(point.address)..<Int(point.address) + point.type.registerCount]
        #expect(sample.value == value(point, Array(own)), "seed \(seed), gap \(gap)")
      }
      #expect(batch.count == points.count)
    }
  }

  @Test(
    "a device that stops answering becomes stale once, is asked ever less often, and comes back")
  func stale() {
    var device = ModbusDevice(points: [point("x", 0)], every: .seconds(5), from: start)
    var signals = SignalTable()
    var batch = SampleBatch()
    device.take([[7]], at: start + .seconds(1), signals: &signals, into: &batch)
    #expect(device.due == start + .seconds(5))
    var dues: [Double] = []
    for _ in 0..<8 {
      device.miss(at: device.due, signals: &signals, into: &batch)
      dues.append((device.due - start).inSeconds)
    }
    #expect(dues == [10, 20, 40, 80, 120, 180, 240, 300])
    #expect(batch.qualities == [.good, .bad])
    #expect(batch.values == [7, 7])
    device.take([[8]], at: start + .seconds(301), signals: &signals, into: &batch)
    #expect(batch.qualities.last == .good && device.due == start + .seconds(305))
  }

  @Test("a read that is refused, or of the wrong length, makes its own signals bad")
  func refused() {
    for reply in [nil, [], [1, 2]] as [[UInt16]?] {
      var device = ModbusDevice(
        points: [point("x", 0), point("y", 9)], every: .seconds(5), from: start)
      var signals = SignalTable()
      var batch = SampleBatch()
      device.take([[7], [8]], at: start, signals: &signals, into: &batch)
      device.take([reply, [9]], at: start + .seconds(5), signals: &signals, into: &batch)
      #expect(batch.values == [7, 8, 7, 9])
      #expect(batch.qualities == [.good, .good, .bad, .good])
    }
  }
}

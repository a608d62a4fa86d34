import FactoryModel
import Foundation
import Plant
import Storage
import TestSupport
import Testing

@Suite("figures of the plant")
struct PlantRecordTests {
  private let folder = TemporaryFolder()

  /// An hour: 100 parts of a counter that starts again once, a press that stands for 600 s, four
  /// rejects of 80.
  private func record() throws -> (PlantRecord, ShiftRun) {
    var layout = PlantLayout()
    layout.shifts = [Shift(name: "hour", startMinute: 0, endMinute: 60, breaks: [50..<60])]
    layout.plan = [PlannedQuantity(shift: nil, product: nil, quantity: 150)]
    layout.parts = [
      PartSource(
        station: "press", signal: try SignalPattern("parts.count{*}"), counting: .counter,
        isOutput: true)
    ]
    layout.machines = [
      Machine(
        name: "Press", station: "press", state: try SignalPattern("press.state"),
        running: ["running"], idealCycleSeconds: 18, signals: [])
    ]
    let file = try RecordFile(path: folder.file("gemba.sqlite"), for: .write)
    var table = SignalTable()
    let count = table.id(of: SignalName(path: "parts.count", tags: [.init("id", "1")]))
    let state = table.id(of: SignalName(path: "press.state", tags: []))
    let reject = table.id(of: SignalName(path: "inspection.reject", tags: [.init("camera", "1")]))
    var batch = SampleBatch()
    func add(_ id: SignalID, _ second: Int64, _ value: Double) {
      batch.append(id, time: second * 1_000_000_000, value: value, quality: .good)
    }
    add(count, -10, 7)
    for part in 1...60 { add(count, Int64(part) * 20, Double(7 + part)) }
    for part in 1...40 { add(count, 1_200 + Int64(part) * 20, Double(part)) }
    add(state, -5, table.value(of: "running", in: state))
    add(state, 1_000, table.value(of: "setup", in: state))
    add(state, 1_600, table.value(of: "running", in: state))
    for part in 0..<80 { add(reject, Int64(part) * 45, part % 20 == 3 ? 1 : 0) }
    var writer = try SampleWriter(file)
    writer.append(batch)
    try writer.commit(table)
    let shift = ShiftCalendar(layout).shift(at: Timestamp(seconds: 30))
    return (PlantRecord(layout, file), shift)
  }

  @Test("parts, takt, cycle time and OEE follow their definitions")
  func countsProduction() throws {
    let (record, shift) = try record()
    let made = try record.production(of: shift, until: Timestamp(seconds: 3_600))
    #expect(made.parts == 100 && made.plan == 150)
    #expect(made.taktSeconds == 3_000.0 / 150)
    #expect(made.cycleSeconds == (2_000.0 - 20) / 99)
    let machine = try #require(made.machines.first)
    #expect(machine.runSeconds == 2_400 && machine.stopSeconds == 600)
    #expect(machine.unknownSeconds == 0)
    let oee = try #require(made.oee)
    #expect(oee.availability == 0.8)
    #expect(oee.performance == 18.0 * 100 / 2_400)
    #expect(oee.quality == 0.95)
    #expect(abs(oee.value - 0.8 * 0.75 * 0.95) < 1e-12)
  }

  @Test("parts made outside planned time count as parts, but not for OEE")
  func leavesUnplannedOut() throws {
    let (before, shift) = try record()
    var layout = before.layout
    // The first 300 s, in which 14 parts came, are a break.
    layout.shifts = [Shift(name: "hour", startMinute: 0, endMinute: 60, breaks: [0..<5, 50..<60])]
    let file = try RecordFile(path: folder.file("gemba.sqlite"), for: .read)
    let planned = PlantRecord(layout, file)
    let run = ShiftCalendar(layout).shift(at: Timestamp(seconds: 30))
    let made = try planned.production(of: run, until: shift.range.upperBound)
    #expect(made.parts == 100)
    // The part at 300 s came when the break was over.
    #expect(made.oee?.performance == 18.0 * 86 / (2_400 - 300))
  }

  @Test("verdicts give inspected parts, rejects and yield")
  func countsQuality() throws {
    let (record, shift) = try record()
    let quality = try record.quality(in: shift.range)
    #expect(quality.inspected == 80 && quality.rejects == 4 && quality.yield == 0.95)
  }

  @Test("time before the first state is unknown, not stopped")
  func leavesUnknownOut() throws {
    let (record, _) = try record()
    var layout = record.layout
    layout.shifts = [Shift(name: "before", startMinute: 1_380, endMinute: 1_440, breaks: [])]
    let calendar = ShiftCalendar(layout)
    let shift = calendar.shift(at: Timestamp(seconds: -1_800))
    let made = try record.production(of: shift, until: shift.range.upperBound)
    #expect(made.machines.first?.unknownSeconds == 3_595)
    #expect(made.machines.first?.runSeconds == 5)
  }
}

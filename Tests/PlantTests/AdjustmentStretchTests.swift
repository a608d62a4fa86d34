import FactoryModel
import Plant
import Storage
import TestSupport
import Testing

@Suite("adjustments on record")
struct AdjustmentStretchTests {
  private func line(
    _ serial: Int64, _ action: String, _ kind: AdjustmentLine.Kind,
    _ outcome: AdjustmentLine.Outcome = .written, output: String = "register 3"
  ) -> AdjustmentLine {
    let cause = AlarmTransition(
      serial: serial, time: Timestamp(seconds: serial), alarm: "hot", signal: "press.temp{id=7}",
      from: .normal, to: .unacknowledged)
    return AdjustmentLine(
      serial: serial, time: Timestamp(seconds: 10 * serial), action: action, cause: cause,
      kind: kind, output: output, outcome: outcome)
  }

  private func record(_ lines: [AdjustmentLine]) throws -> PlantRecord {
    let folder = TemporaryFolder()
    let file = try RecordFile(path: folder.file("gemba.sqlite"), for: .write)
    var writer = try SampleWriter(file)
    try writer.commit(
      SignalTable(), with: RecordEntries(adjustments: lines.map { PlannedAdjustment($0) }))
    var layout = PlantLayout()
    layout.machines = [
      Machine(name: "Press 7", running: [], signals: [try SignalPattern("press.temp{id=7}")])
    ]
    return PlantRecord(layout, file)
  }

  private static let all = Timestamp(seconds: 0)..<Timestamp(seconds: 1_000)

  @Test("an adjustment ends with its undoing; one held back is listed and holds nothing")
  func pairs() throws {
    let record = try record([
      line(1, "cool", .adjust), line(2, "slow", .adjust, .dryRun), line(3, "cool", .adjust, .held),
      line(4, "cool", .undo), line(5, "cool", .adjust, .failed), line(6, "cool", .adjust),
    ])
    let found = try record.adjustments(in: Self.all)
    #expect(found.map(\.made.serial) == [1, 2, 3, 5, 6])
    #expect(found.map { $0.undone?.serial } == [4, nil, nil, 6, nil])
    #expect(found.map(\.isInForce) == [false, true, false, false, true])
    #expect(found.allSatisfy { $0.machine == "Press 7" })
    #expect(try record.adjustmentsInForce().map(\.made.serial) == [2, 6])
  }

  @Test("an action given another output ends nothing at the one it left")
  func outputs() throws {
    let record = try record([
      line(1, "cool", .adjust), line(2, "cool", .left, .held),
      line(3, "cool", .adjust, output: "register 4"),
      line(4, "cool", .undo, output: "register 4"),
    ])
    #expect(try record.adjustmentsInForce().map(\.made.serial) == [1])
    let late = try record.adjustments(in: Timestamp(seconds: 35)..<Timestamp(seconds: 99))
    #expect(late.map(\.made.serial) == [1, 3])
    #expect(late.map(\.isInForce) == [true, false])
  }

  @Test("a range begins with what was in force at its beginning")
  func ranges() throws {
    let record = try record([
      line(1, "cool", .adjust), line(2, "slow", .adjust), line(3, "slow", .undo),
      line(4, "cool", .undo),
    ])
    func serials(_ from: Int64, _ to: Int64) throws -> [Int64] {
      try record.adjustments(in: Timestamp(seconds: from)..<Timestamp(seconds: to))
        .map(\.made.serial)
    }
    #expect(try serials(0, 15) == [1])
    #expect(try serials(25, 35) == [1, 2])
    #expect(try serials(35, 39) == [1])
    #expect(try serials(45, 50) == [])
    let open = try record.adjustments(in: Timestamp(seconds: 0)..<Timestamp(seconds: 25))
    #expect(open.allSatisfy { $0.isInForce })
  }
}

import FactoryModel
import TestSupport
import Testing

@testable import Storage

@Suite("Samples and what follows from them, in one commit")
struct JointCommitTests {
  private let folder = TemporaryFolder()
  private let path: String
  private let name = SignalName(path: "machine.temp", tags: [.init("id", "m7")])

  init() {
    path = folder.file("r.sqlite")
  }

  private func batch(_ table: inout SignalTable, _ value: Double) -> SampleBatch {
    var batch = SampleBatch()
    batch.append(
      table.id(of: name), time: Int64(value), value: value, quality: .good)
    return batch
  }

  private func raised(_ serial: Int64) -> AlarmTransition {
    AlarmTransition(
      serial: serial, time: Timestamp(nanoseconds: serial), alarm: "hot",
      signal: name.description, from: .normal, to: .unacknowledged, value: 91, limit: 90)
  }

  @Test("a commit with a wrong serial writes neither samples nor transitions, and can be mended")
  func allOrNothing() throws {
    let file = try RecordFile(path: path, for: .write)
    var table = SignalTable()
    var writer = try SampleWriter(file)
    writer.append(batch(&table, 91))
    #expect(throws: StorageError.serialGap(path: path, found: 2, expected: 1)) {
      try writer.commit(table, with: RecordEntries(transitions: [raised(2)]))
    }
    #expect(try file.signals().count == 0)
    #expect(try AlarmJournal(file).lastSerial() == 0)
    try writer.commit(table, with: RecordEntries(transitions: [raised(1)]))
    #expect(try SampleHistory(file).samples(of: name).map(\.value) == [91])
    #expect(try AlarmJournal(file).transitions() == [raised(1)])
  }

  @Test("transitions without samples are committed too")
  func transitionsAlone() throws {
    let file = try RecordFile(path: path, for: .write)
    var writer = try SampleWriter(file)
    try writer.commit(SignalTable(), with: RecordEntries(transitions: [raised(1), raised(2)]))
    #expect(try AlarmJournal(file).lastSerial() == 2)
  }

  @Test("of two writers the one that wrote first goes on, the other is told")
  func twoWriters() throws {
    let file = try RecordFile(path: path, for: .write)
    var table = SignalTable()
    var first = try SampleWriter(file)
    var second = try SampleWriter(file)
    first.append(batch(&table, 1))
    second.append(batch(&table, 2))
    try first.commit(table)
    #expect(throws: StorageError.otherWriter(path: path)) { try second.commit(table) }
    first.append(batch(&table, 3))
    try first.commit(table)
    #expect(try SampleHistory(file).samples(of: name).map(\.value) == [1, 3])
  }

  @Test("orders are committed with their transition, and keep what became of them")
  func orders() throws {
    let file = try RecordFile(path: path, for: .write)
    var writer = try SampleWriter(file)
    let due = Timestamp(seconds: 7)
    func order(_ serial: Int64, _ action: String) -> ActionOrder {
      ActionOrder(serial: serial, action: action, payload: "{\"serial\":\(serial)}", due: due)
    }
    #expect(throws: StorageError.serialGap(path: path, found: 3, expected: 1)) {
      try writer.commit(
        SignalTable(),
        with: RecordEntries(transitions: [raised(3)], orders: [order(3, "hook")]))
    }
    let outbox = ActionOutbox(file)
    #expect(try outbox.orders(.pending).isEmpty)
    try writer.commit(
      SignalTable(),
      with: RecordEntries(
        transitions: [raised(1), raised(2)],
        orders: [order(1, "hook"), order(1, "horn"), order(2, "hook")]))
    #expect(try outbox.orders(.pending).map(\.action) == ["hook", "horn", "hook"])
    var first = try #require(try outbox.next(of: "hook"))
    #expect(first.serial == 1 && first.due == due && first.payload == "{\"serial\":1}")
    first.attempts = 2
    first.due = Timestamp(seconds: 9)
    first.fault = "no answer"
    try outbox.update(first, at: due)
    #expect(try outbox.next(of: "hook") == first)
    first.state = .dead
    try outbox.update(first, at: due)
    #expect(try outbox.next(of: "hook")?.serial == 2)
    #expect(try outbox.orders(.dead) == [first])
    #expect(try outbox.orders(.done).isEmpty)
    // Of those carried out the old ones are forgotten, of the others none.
    var horn = try #require(try outbox.next(of: "horn"))
    horn.state = .done
    try outbox.update(horn, at: due)
    #expect(try outbox.forget(doneBefore: due, most: 9) == 0)
    #expect(try outbox.forget(doneBefore: due + .seconds(1), most: 9) == 1)
    #expect(try outbox.orders(.done).isEmpty && outbox.orders(.dead) == [first])
    #expect(try outbox.orders(.pending).count == 1)
  }
}

import FactoryModel
import TestSupport
import Testing

@testable import Storage

@Suite("The alarm journal")
struct AlarmJournalTests {
  private let folder = TemporaryFolder()

  private func transition(
    _ serial: Int64, _ alarm: String, _ to: AlarmState, signal: String = "m.t"
  ) -> AlarmTransition {
    AlarmTransition(
      serial: serial, time: Timestamp(seconds: serial * 10), alarm: alarm, signal: signal,
      from: .normal, to: to, value: 91.5, limit: serial == 2 ? nil : 90,
      who: serial == 2 ? "anna" : nil, comment: serial == 2 ? "seen" : nil,
      shelvedUntil: to == .shelved ? Timestamp(seconds: 99) : nil)
  }

  @Test("transitions come back as they were written, by serial, time and alarm")
  func reading() throws {
    let path = folder.file("r.sqlite")
    let lines = [
      transition(1, "hot", .unacknowledged), transition(2, "hot", .acknowledged),
      transition(3, "dry", .shelved), transition(4, "hot", .normal, signal: "m.u"),
    ]
    let file = try RecordFile(path: path, for: .write)
    try AlarmJournal(file).append(Array(lines[..<3]))
    try AlarmJournal(file).append(Array(lines[3...]))
    let journal = AlarmJournal(try RecordFile(path: path, for: .read))
    #expect(try journal.transitions() == lines)
    #expect(try journal.lastSerial() == 4)
    #expect(try journal.transitions(of: "hot").map(\.serial) == [1, 2, 4])
    #expect(try journal.transitions(after: 1, limit: 2).map(\.serial) == [2, 3])
    let range = Timestamp(seconds: 20)..<Timestamp(seconds: 40)
    #expect(try journal.transitions(in: range).map(\.serial) == [2, 3])
    #expect(try journal.lastTransitions().map(\.serial) == [2, 3, 4])
  }

  @Test("the last beginning of each alarm: neither answers nor calls again hide it")
  func beginnings() throws {
    let file = try RecordFile(path: folder.file("r.sqlite"), for: .write)
    var lines = [
      transition(1, "hot", .unacknowledged), transition(2, "hot", .acknowledged),
      transition(3, "hot", .unacknowledged), transition(4, "dry", .unacknowledged),
      transition(5, "dry", .returned), transition(6, "dry", .unacknowledged),
      transition(7, "hot", .unacknowledged, signal: "m.u"), transition(8, "wet", .shelved),
    ]
    lines[2].from = .acknowledged
    try AlarmJournal(file).append(lines)
    #expect(try AlarmJournal(file).lastBeginnings().map(\.serial) == [1, 6, 7])
  }

  @Test("a gap or a repeated serial is refused and nothing of its transaction is kept")
  func gaps() throws {
    let file = try RecordFile(path: folder.file("r.sqlite"), for: .write)
    let journal = AlarmJournal(file)
    #expect(throws: StorageError.serialGap(path: file.path, found: 2, expected: 1)) {
      try journal.append([transition(2, "hot", .normal)])
    }
    #expect(throws: StorageError.serialGap(path: file.path, found: 3, expected: 2)) {
      try journal.append([transition(1, "hot", .normal), transition(3, "hot", .normal)])
    }
    #expect(try journal.transitions().isEmpty)
  }
}

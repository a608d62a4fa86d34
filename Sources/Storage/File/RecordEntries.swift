import FactoryModel
import GRDB

/// What goes into the record in one transaction with the samples that it follows from.
public struct RecordEntries: Sendable {
  /// In order of serial, going on from the journal's last one.
  public var transitions: [AlarmTransition]

  /// Entries of one commit.
  public init(transitions: [AlarmTransition] = []) {
    self.transitions = transitions
  }

  public var isEmpty: Bool { transitions.isEmpty }

  /// Journal lines count only when they are on the disk itself.
  var durability: RecordFile.Durability { transitions.isEmpty ? .processEnd : .powerLoss }

  func insert(_ db: Database, path: String) throws {
    try AlarmJournal.insert(transitions, db, path: path)
  }
}

import FactoryModel
import GRDB

/// What goes into the record in one transaction with the samples that it follows from.
public struct RecordEntries: Sendable {
  /// In order of serial, going on from the journal's last one.
  public var transitions: [AlarmTransition]
  /// A later row of one signal, kind and start replaces an earlier one.
  public var periods: [PeriodValue]
  /// A later one of the same camera, image and time replaces an earlier one.
  public var verdicts: [CameraVerdict]
  /// Of rejected parts among the verdicts; a later one of the same verdict replaces an earlier one.
  public var pictures: [VerdictPicture]
  /// What is to be done because of the transitions; one of each action for a transition.
  public var orders: [ActionOrder]
  /// In order of serial, going on from their journal's last one.
  public var adjustments: [PlannedAdjustment]

  /// Entries of one commit.
  public init(
    transitions: [AlarmTransition] = [], periods: [PeriodValue] = [],
    verdicts: [CameraVerdict] = [], pictures: [VerdictPicture] = [], orders: [ActionOrder] = [],
    adjustments: [PlannedAdjustment] = []
  ) {
    self.transitions = transitions
    self.periods = periods
    self.verdicts = verdicts
    self.pictures = pictures
    self.orders = orders
    self.adjustments = adjustments
  }

  public var isEmpty: Bool {
    transitions.isEmpty && periods.isEmpty && verdicts.isEmpty && pictures.isEmpty
      && orders.isEmpty && adjustments.isEmpty
  }

  /// Journal lines count only when they are on the disk itself.
  var durability: RecordFile.Durability {
    transitions.isEmpty && adjustments.isEmpty ? .processEnd : .powerLoss
  }

  func insert(_ db: Database, path: String) throws {
    try AlarmJournal.insert(transitions, db, path: path)
    try PeriodTable.insert(periods, db)
    try VerdictRow.insert(verdicts, db)
    try PictureTable.insert(pictures, db)
    for order in orders { try ActionOutbox.insert(order, db) }
    try AdjustmentJournal.insert(adjustments, db, path: path)
  }
}

import Alarms
import FactoryModel
import Storage

extension PlantRecord {
  /// How well the alarms served in a range, which must not be empty.
  /// - Parameters:
  ///   - operators: who share the alarms, 1 or more.
  ///   - priority: of a rule, by its name; nil where it is not known.
  public func alarms(
    in range: Range<Timestamp>, operators: Int = 1, priority: (String) -> AlarmPriority?
  ) throws -> AlarmKPIs {
    AlarmKPIs(
      of: try journal(until: range.upperBound), from: range.lowerBound, to: range.upperBound,
      operators: operators, priority: priority)
  }

  /// The last change of every alarm that was not normal at a moment, in order of time.
  public func openAlarms(at moment: Timestamp) throws -> [AlarmTransition] {
    var last: [[String]: AlarmTransition] = [:]
    for change in try journal(until: moment) { last[[change.alarm, change.signal]] = change }
    return last.values.filter { $0.to != .normal }.sorted { $0.serial < $1.serial }
  }

  private func journal(until end: Timestamp) throws -> [AlarmTransition] {
    try AlarmJournal(file).transitions(in: allTime.lowerBound..<end)
  }
}

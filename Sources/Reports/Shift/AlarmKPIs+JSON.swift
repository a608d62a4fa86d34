import Alarms
import FactoryModel

extension AlarmKPIs {
  /// All measures as one object: in reports and from the API the same.
  public var json: String {
    JSONText.object([
      ("from", JSONText.string(from.description)), ("to", JSONText.string(to.description)),
      ("operators", "\(operators)"), ("isLongEnough", isLongEnough ? "true" : "false"),
      ("newAlarms", "\(newAlarms)"),
      ("newAlarmsPerHourAndOperator", JSONText.number(newAlarmsPerTenMinutes * 6)),
      ("mostInTenMinutes", "\(mostInTenMinutes)"),
      ("byPriority", JSONText.object(priorities)),
      ("meanSecondsToAcknowledge", JSONText.number(meanTimeToAcknowledge?.inSeconds)),
      ("longestSecondsToAcknowledge", JSONText.number(longestTimeToAcknowledge?.inSeconds)),
      ("silencedAtEnd", "\(silencedAtEnd)"), ("targets", JSONText.list(targets, json)),
      ("topTen", JSONText.list(topTen, json)), ("chattering", JSONText.list(chattering, json)),
      ("standing", JSONText.list(stale, json)), ("floods", JSONText.list(floods, json)),
    ])
  }

  private var priorities: [(String, String)] {
    AlarmPriority.allCases.map { ($0.rawValue, "\(newAlarmsByPriority[$0] ?? 0)") }
  }

  private func json(_ target: Target) -> String {
    JSONText.object([
      ("name", JSONText.string(target.name)), ("value", JSONText.number(target.value)),
      ("atMost", JSONText.number(target.atMost)), ("isShare", target.isShare ? "true" : "false"),
      ("isMet", target.isMet ? "true" : "false"),
    ])
  }

  private func json(_ load: Load) -> String {
    JSONText.object([
      ("alarm", JSONText.string(load.alarm)), ("signal", JSONText.string(load.signal)),
      ("newAlarms", "\(load.newAlarms)"), ("share", JSONText.number(load.share)),
    ])
  }

  private func json(_ flood: AlarmFlood) -> String {
    JSONText.object([
      ("from", JSONText.string(flood.began.description)),
      ("to", flood.ended.map { JSONText.string($0.description) } ?? "null"),
      ("alarms", "\(flood.alarms)"),
    ])
  }
}

import FactoryModel

extension AlarmAction {
  /// What is sent because of a transition.
  func payload(_ transition: AlarmTransition, _ priority: AlarmPriority) -> String {
    switch way {
    case .webhook, .publish, .command, .adjust: Self.line(transition, priority)
    case .alertmanager: Self.alert(transition, priority)
    case .modbusWrite(_, let value, let cleared):
      Self.line(
        transition, priority,
        [("write", JSONText.number(transition.to.isActive ? value : cleared ?? value))])
    }
  }

  /// As a line of the journal, with the alarm's priority.
  private static func line(
    _ transition: AlarmTransition, _ priority: AlarmPriority, _ more: [(String, String)] = []
  ) -> String {
    JSONText.object(
      transition.jsonFields + [("priority", JSONText.string(priority.rawValue))] + more)
  }

  /// A list of one alert, `postableAlerts` of the Alertmanager API v2 (api/v2/openapi.yaml of
  /// prometheus/alertmanager).
  ///
  /// The labels are what Alertmanager knows an alert by, so nothing that changes while the alarm
  /// lasts is among them. An alert that is not sent again would count as resolved after
  /// `resolve_timeout`; as every transition is sent once, its end is set a year ahead instead.
  private static func alert(_ transition: AlarmTransition, _ priority: AlarmPriority) -> String {
    let labels = JSONText.object([
      ("alertname", JSONText.string(transition.alarm)),
      ("signal", JSONText.string(transition.signal)),
      ("severity", JSONText.string(priority.rawValue)),
    ])
    let annotations = JSONText.object(
      [
        ("state", transition.to.rawValue),
        ("value", JSONText.number(transition.value)),
        ("limit", JSONText.number(transition.limit)),
        ("who", transition.who ?? "null"),
        ("comment", transition.comment ?? "null"),
      ].filter { $0.1 != "null" }.map { ($0.0, JSONText.string($0.1)) })
    let isActive = transition.to.isActive
    let end = isActive ? transition.time + .seconds(365 * 86_400) : transition.time
    let alert = JSONText.object(
      [("labels", labels), ("annotations", annotations)]
        + (isActive ? [("startsAt", JSONText.string(transition.time.description))] : [])
        + [("endsAt", JSONText.string(end.description))])
    return "[" + alert + "]"
  }
}

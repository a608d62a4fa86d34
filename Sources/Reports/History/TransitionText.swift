import FactoryModel

/// Lines of the alarm journal as text, with the names that the API uses.
public struct TransitionText: Sendable {
  private let form: RecordForm

  /// Lines of one form.
  public init(_ form: RecordForm) {
    self.form = form
  }

  /// The line above all others; nil when the form has none.
  public var heading: String? {
    switch form {
    case .csv: "serial,time,alarm,signal,from,to,value,limit,who,comment"
    case .json: nil
    case .table:
      "serial  " + Format.padded("time", 24) + "  " + Format.padded("alarm", 24) + "  "
        + Format.padded("from", 15) + Format.padded("to", 15) + "value"
    }
  }

  /// One line of the journal, without a line break.
  public func line(_ entry: AlarmTransition) -> String {
    switch form {
    case .csv: csv(entry)
    case .json: entry.json
    case .table: table(entry)
    }
  }

  private func csv(_ entry: AlarmTransition) -> String {
    let cells = [
      "\(entry.serial)", entry.time.description, VerdictTable.cell(entry.alarm),
      VerdictTable.cell(entry.signal), entry.from.rawValue, entry.to.rawValue,
      Self.number(entry.value) ?? "", Self.number(entry.limit) ?? "",
      VerdictTable.cell(entry.who ?? ""), VerdictTable.cell(entry.comment ?? ""),
    ]
    return cells.joined(separator: ",")
  }

  private func table(_ entry: AlarmTransition) -> String {
    var line = Format.padded("\(entry.serial)", 6) + "  "
    line += Format.padded(entry.time.description, 24) + "  " + Format.padded(entry.alarm, 24) + "  "
    line += Format.padded(entry.from.rawValue, 15) + Format.padded(entry.to.rawValue, 15)
    line += Self.number(entry.value) ?? "–"
    if let limit = Self.number(entry.limit) { line += " (limit \(limit))" }
    line += "  \(entry.signal)"
    if let who = entry.who { line += "  by \(who)" }
    if let comment = entry.comment { line += ": \(comment)" }
    return line
  }

  private static func number(_ value: Double?) -> String? {
    guard let value, value.isFinite else { return nil }
    return value.shortText
  }
}

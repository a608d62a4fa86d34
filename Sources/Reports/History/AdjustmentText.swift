import FactoryModel

/// Lines of the journal of adjustments as text, with the names that the API uses.
public struct AdjustmentText: Sendable {
  private let form: RecordForm

  /// Lines of one form.
  public init(_ form: RecordForm) {
    self.form = form
  }

  private static let names = [
    "serial", "time", "action", "alarm", "signal", "transition", "kind", "output", "value",
    "previous", "outcome", "comment", "settled",
  ]

  /// The line above all others; nil when the form has none.
  public var heading: String? {
    switch form {
    case .csv: Self.names.joined(separator: ",")
    case .json: nil
    case .table:
      "serial  " + Format.padded("time", 24) + "  " + Format.padded("action", 20) + "  "
        + Format.padded("kind", 8) + Format.padded("outcome", 11) + "value"
    }
  }

  /// One line of the journal, without a line break.
  public func line(_ line: AdjustmentLine) -> String {
    switch form {
    case .csv: csv(line)
    case .json: json(line)
    case .table: table(line)
    }
  }

  private func csv(_ line: AdjustmentLine) -> String {
    let cells = [
      "\(line.serial)", line.time.description, line.action, line.alarm, line.signal,
      "\(line.transition)", line.kind.rawValue, line.output, number(line.value) ?? "",
      number(line.previous) ?? "", line.outcome.rawValue, line.comment ?? "",
      line.settled?.description ?? "",
    ]
    return cells.map(VerdictTable.cell).joined(separator: ",")
  }

  private func json(_ line: AdjustmentLine) -> String {
    let values = [
      "\(line.serial)", JSONText.string(line.time.description), JSONText.string(line.action),
      JSONText.string(line.alarm), JSONText.string(line.signal), "\(line.transition)",
      JSONText.string(line.kind.rawValue), JSONText.string(line.output),
      JSONText.number(line.value), JSONText.number(line.previous),
      JSONText.string(line.outcome.rawValue), line.comment.map(JSONText.string) ?? "null",
      line.settled.map { JSONText.string($0.description) } ?? "null",
    ]
    return JSONText.object(Array(zip(Self.names, values)))
  }

  private func table(_ line: AdjustmentLine) -> String {
    var text = Format.padded("\(line.serial)", 6) + "  "
    text += Format.padded(line.time.description, 24) + "  " + Format.padded(line.action, 20) + "  "
    text += Format.padded(line.kind.rawValue, 8) + Format.padded(line.outcome.rawValue, 11)
    text += number(line.value) ?? "–"
    if let previous = number(line.previous) { text += " (before \(previous))" }
    text += "  \(line.output)  \(line.alarm), \(line.signal)"
    if let comment = line.comment { text += ": \(comment)" }
    return text
  }

  private func number(_ value: Double?) -> String? {
    value.flatMap { $0.isFinite ? $0.shortText : nil }
  }
}

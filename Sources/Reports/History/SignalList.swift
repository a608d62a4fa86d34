import FactoryModel
import Storage

/// The signals of a record with what it has of them, as lines of text.
public enum SignalList {
  /// All lines, the heading first where the form has one.
  public static func text(_ signals: [SignalExtent], as form: RecordForm) -> String {
    var lines: [String] = []
    switch form {
    case .csv: lines.append("signal,readings,first,last")
    case .json: break
    case .table:
      lines.append(
        right("readings") + "  " + Format.padded("first", 32) + Format.padded("last", 32)
          + "signal")
    }
    lines += signals.map { line($0, form) }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func line(_ signal: SignalExtent, _ form: RecordForm) -> String {
    let name = signal.name.description
    let (first, last) = (signal.times?.lowerBound, signal.times?.upperBound)
    switch form {
    case .csv:
      return [
        VerdictTable.cell(name), "\(signal.readings)", first?.description ?? "",
        last?.description ?? "",
      ].joined(separator: ",")
    case .json:
      let times = [first, last].map { $0.map { "\"\($0)\"" } ?? "null" }
      return "{\"signal\":\(JSONText.string(name)),\"readings\":\(signal.readings),"
        + "\"first\":\(times[0]),\"last\":\(times[1])}"
    case .table:
      let times = [first, last].map { Format.padded($0?.description ?? "–", 32) }
      return right("\(signal.readings)") + "  " + times[0] + times[1] + name
    }
  }

  private static func right(_ text: String) -> String {
    String(repeating: " ", count: max(0, 12 - text.count)) + text
  }
}

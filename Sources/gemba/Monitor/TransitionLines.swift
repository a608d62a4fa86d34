import FactoryModel
import WebConsole

extension AlarmTransition {
  /// One line for a person: serial, time, alarm, signal, change, value and limit, who and why.
  var textLine: String {
    var line = "\(serial)  \(time)  \(alarm)  \(signal)  \(from.rawValue) → \(to.rawValue)"
    if let value { line += "  \(value)" }
    if let limit { line += "  limit \(limit)" }
    if let who { line += "  \(who)" }
    if let comment { line += ": \(comment)" }
    return line
  }
}

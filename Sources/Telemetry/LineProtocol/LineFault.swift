/// Why a line of line protocol was refused.
public enum LineFault: Error, Hashable, Sendable {
  /// Longer than the longest line allowed, in bytes.
  case tooLong(limit: Int)
  case notUTF8
  /// Nothing before the first comma or blank.
  case noMeasurement
  /// A tag that is not `key=value`.
  case badTag(String)
  /// One key twice.
  case repeatedTag(String)
  /// No blank and `field=value` behind the series.
  case noFields
  /// A field that is not `name=value`.
  case badField(String)
  case badValue(field: String, String)
  /// A number that is no finite 64-bit floating-point number or no 64-bit integer.
  case valueOutOfRange(field: String, String)
  case unendedText(field: String)
  case badTime(String)
  /// Outside of `plausibleTimes` at this precision.
  case implausibleTime(String, TimePrecision)
  /// A new signal beyond the number allowed.
  case tooManySignals(limit: Int)
  /// A new text beyond the number allowed for one signal.
  case tooManyTexts(field: String, limit: Int)
}

extension LineFault: CustomStringConvertible {
  /// What was found, what was expected; how to mend it.
  public var description: String {
    switch self {
    case .tooLong(let limit): "longer than \(limit) bytes; split it into several lines"
    case .notUTF8: "names or text are not UTF-8; send UTF-8"
    case .noMeasurement: "begins without a measurement; write measurement,tag=value field=1"
    case .badTag(let text): "'\(text)' is no tag; write key=value"
    case .repeatedTag(let key): "the tag '\(key)' stands twice; leave one out"
    case .noFields: "has no field; write a blank and field=value behind measurement and tags"
    case .badField(let text): "'\(text)' is no field; write name=value"
    case .badValue(let field, let text):
      "the value '\(text)' of '\(field)' is neither number, true, false nor \"text\"; mend it"
    case .valueOutOfRange(let field, let text):
      "the value '\(text)' of '\(field)' is out of range; send a finite 64-bit number"
    case .unendedText(let field): "the text of '\(field)' has no closing quote; add it"
    case .badTime(let text): "'\(text)' is no time; write a whole number since 1970"
    case .implausibleTime(let text, let precision):
      "the time \(text) counted in \(precision.rawValue) is outside 1980 to 2199; "
        + "check clock and precision"
    case .tooManySignals(let limit):
      "a new signal beyond \(limit); send fewer different tags or raise the limit"
    case .tooManyTexts(let field, let limit):
      "'\(field)' has more than \(limit) different texts; record states, not messages"
    }
  }
}

/// A line that was not recorded.
public struct RefusedLine: Hashable, Sendable, CustomStringConvertible {
  /// Counts from 1 in its stream.
  public var line: Int
  public var fault: LineFault

  public var description: String { "line \(line): \(fault)" }
}

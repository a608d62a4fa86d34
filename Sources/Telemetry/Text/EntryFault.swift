/// Why a row of a table or a JSON object, or a part of it, was not recorded.
public enum EntryFault: Error, Hashable, Sendable {
  /// Longer than the longest line allowed, in bytes.
  case tooLong(limit: Int)
  case notUTF8
  /// A row with more or fewer cells than the heading.
  case cells(found: Int, expected: Int)
  case unendedQuote
  case noTime
  case badTime(String)
  case badQuality(String)
  /// Text where the signal has had numbers.
  case notANumber(String, signal: String)
  case badSignal(String)
  /// Not JSON: the byte, counted from 1, and what should stand there.
  case badJSON(byte: Int, expected: String)
  /// Nothing in it that the mapping means.
  case nothingFound
  /// A list or an object where a number or a text should be.
  case badValue(signal: String)
  /// A new signal beyond the number allowed.
  case tooManySignals(limit: Int)
  /// A new text beyond the number allowed for one signal.
  case tooManyTexts(signal: String, limit: Int)
}

extension EntryFault: CustomStringConvertible {
  /// What was found, what was expected; how to mend it.
  public var description: String {
    switch self {
    case .tooLong(let limit): "longer than \(limit) bytes; split it"
    case .notUTF8: "not UTF-8; save or send it as UTF-8"
    case .cells(let found, let expected):
      "\(found) cells where the heading has \(expected); put text with separators in quotes"
    case .unendedQuote: "a quote is not closed; close it, or double quotes inside of text"
    case .noTime: "no time; add one"
    case .badTime(let text):
      "'\(text)' is no time in 1980 to 2199; write 2026-03-01T08:00:00Z or a number since 1970"
    case .badQuality(let text): "'\(text)' is no quality; write good, uncertain or bad"
    case .notANumber(let text, let signal):
      "'\(text)' is no number, as \(signal) has had; leave the place empty or mend it"
    case .badSignal(let text):
      "'\(text)' names no signal; write measurement.field or measurement.field{tag=value,…}"
    case .badJSON(let byte, let expected): "not JSON: byte \(byte) should be \(expected); mend it"
    case .nothingFound: "nothing in it that the mapping means; compare mapping and payload"
    case .badValue(let signal):
      "\(signal) has a list or an object for a value; give the path of a number or a text"
    case .tooManySignals(let limit):
      "a new signal beyond \(limit); send fewer different names or raise the limit"
    case .tooManyTexts(let signal, let limit):
      "\(signal) has more than \(limit) different texts; record states, not messages"
    }
  }
}

/// Counts of one source of rows or objects.
public struct EntryReport: Hashable, Sendable {
  /// A fault and its line.
  public struct Fault: Hashable, Sendable, CustomStringConvertible {
    /// Counts from 1 in its stream.
    public var line: Int
    public var fault: EntryFault

    public var description: String { "line \(line): \(fault)" }
  }

  /// The most faults that are kept with their reason.
  public static let keptFaults = 16

  /// Lines that ended, recorded or not, heading and blank lines too.
  public internal(set) var lines = 0
  public internal(set) var samples = 0
  /// Rows or objects that were not recorded.
  public internal(set) var refused = 0
  /// Single values that were recorded as bad or left out, in entries that were recorded.
  public internal(set) var badValues = 0
  /// The first faults, at most `keptFaults`.
  public internal(set) var firstFaults: [Fault] = []

  mutating func refuse(_ fault: EntryFault) {
    refused += 1
    keep(fault)
  }

  mutating func count(badValue fault: EntryFault) {
    badValues += 1
    keep(fault)
  }

  private mutating func keep(_ fault: EntryFault) {
    guard firstFaults.count < Self.keptFaults else { return }
    firstFaults.append(Fault(line: lines, fault: fault))
  }
}

extension String {
  /// Short enough for a message.
  var shortened: String { count <= 32 ? self : prefix(32) + "…" }
}

import FactoryModel
import Storage

/// Samples, or means of them, as lines of text.
///
///     csv     time,value,quality                        signal,time,value,quality for a pattern
///     json    {"time":…,"value":…,"quality":…}          with "signal" in front for a pattern
///
/// Times are RFC 3339 in UTC. A word stands as text. What has no value has an empty cell in CSV and
/// `null` in JSON. A mean's time is the beginning of its stretch; in JSON and in the table its
/// minimum, maximum and count follow.
public struct SampleText: Sendable {
  private let form: RecordForm
  /// In front of each line, one for each signal; empty when there is one signal only.
  private let names: [String]
  private let words: [[String]]
  private var clock = ClockText()

  /// - Parameters:
  ///   - signals: those that samples are written of, each with its words.
  ///   - namesSignals: whether each line says which signal it is of.
  public init(
    _ form: RecordForm, signals: [(name: SignalName, words: [String])], namesSignals: Bool
  ) {
    self.form = form
    words = signals.map(\.words)
    names = signals.map { signal in
      guard namesSignals else { return "" }
      let name = signal.name.description
      switch form {
      case .csv: return VerdictTable.cell(name) + ","
      case .json: return "\"signal\":\(JSONText.string(name)),"
      case .table: return name
      }
    }
  }

  /// The line above all others; nil when the form has none.
  public func heading(ofMeans: Bool) -> String? {
    switch form {
    case .csv: return names.contains { !$0.isEmpty } ? "signal," + Self.columns : Self.columns
    case .json: return nil
    case .table:
      let means = ofMeans ? Self.right("minimum") + Self.right("maximum") + Self.right("count") : ""
      let line = Format.padded("time", 30) + Self.right("value") + means + "  quality"
      return names.contains { !$0.isEmpty }
        ? Format.padded(line, line.count + 3) + "  signal" : line
    }
  }

  private static let columns = "time,value,quality"

  /// Adds the line of a sample of the signal at a place.
  public mutating func append(_ sample: Sample, of place: Int, to out: inout [UInt8]) {
    append(sample.time, sample.value, sample.quality, place, extremes: nil, to: &out)
  }

  /// Adds the line of a mean of the signal at a place.
  public mutating func append(_ mean: BucketMean, of place: Int, to out: inout [UInt8]) {
    append(mean.start, mean.mean, mean.quality, place, extremes: mean, to: &out)
  }

  private mutating func append(
    _ time: Timestamp, _ value: Double, _ quality: Quality, _ place: Int, extremes: BucketMean?,
    to out: inout [UInt8]
  ) {
    let word = extremes == nil ? word(value, of: place) : nil
    switch form {
    case .csv:
      out += names[place].utf8
      clock.append(time, to: &out)
      let text = word.map(VerdictTable.cell) ?? (value.isFinite ? value.shortText : "")
      out += ",\(text),\(quality.name)\n".utf8
    case .json:
      out += "{\(names[place])\"time\":\"".utf8
      clock.append(time, to: &out)
      let text = word.map(JSONText.string) ?? Self.number(value)
      out += "\",\"value\":\(text),\"quality\":\"\(quality.name)\"".utf8
      if let extremes {
        out += ",\"minimum\":\(Self.number(extremes.minimum))".utf8
        out += ",\"maximum\":\(Self.number(extremes.maximum)),\"count\":\(extremes.count)".utf8
      }
      out += "}\n".utf8
    case .table:
      let cells = extremes.map { [$0.minimum, $0.maximum].map(Self.cell) + ["\($0.count)"] } ?? []
      var line = Format.padded(time.description, 30) + Self.right(word ?? Self.cell(value))
      for cell in cells { line += Self.right(cell) }
      line += "  " + (names[place].isEmpty ? quality.name : Format.padded(quality.name, 9) + " ")
      out += (line + names[place] + "\n").utf8
    }
  }

  private func word(_ value: Double, of place: Int) -> String? {
    guard !words[place].isEmpty, let number = Int(exactly: value),
      words[place].indices.contains(number)
    else { return nil }
    return words[place][number]
  }

  private static func number(_ value: Double) -> String {
    value.isFinite ? value.shortText : "null"
  }

  private static func cell(_ value: Double) -> String { value.isFinite ? value.shortText : "–" }

  private static func right(_ text: String) -> String {
    String(repeating: " ", count: max(1, 14 - text.count)) + text
  }
}

/// Writes times; the text of a second is kept for the next time.
private struct ClockText: Sendable {
  private var second = Int64.min
  private var text: [UInt8] = []

  mutating func append(_ time: Timestamp, to out: inout [UInt8]) {
    let rest = time.nanoseconds % 1_000_000_000
    guard rest == 0 else {
      out += time.description.utf8
      return
    }
    if second != time.nanoseconds {
      second = time.nanoseconds
      text = Array(time.description.utf8)
    }
    out += text
  }
}

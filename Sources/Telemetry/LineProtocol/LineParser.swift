import FactoryModel

/// One line taken apart.
struct ParsedLine: Equatable {
  enum Value: Equatable {
    case number(Double)
    case text(String)
  }
  struct Field: Equatable {
    var name: String
    var value: Value
    /// The name as it stands in the line, escapes and all.
    var rawName: ArraySlice<UInt8>
  }
  var measurement: String
  var tags: [SignalName.Tag]
  var fields: [Field]
  /// Steps since 1970, nil when the line has no time.
  var steps: Int64?
  /// Measurement and tags as they stand in the line.
  var rawSeries: ArraySlice<UInt8>
}

/// Takes any line of line protocol apart, step by step in the order of the grammar.
///
///     measurement[,tag=value…] field=value[,field=value…] [time]
///
/// In names a backslash takes the next byte as it is if that is `,`, `=`, a blank or a backslash,
/// and stands for itself otherwise. A newline always ends the line, in a quoted text too, so that a
/// forgotten quote costs one line. Source: InfluxDB 1.8 line protocol reference.
struct LineParser {
  private let line: ArraySlice<UInt8>
  private var place: Int

  /// - Parameter line: without its newline; not empty and no comment.
  init(_ line: ArraySlice<UInt8>) {
    self.line = line
    place = line.startIndex
  }

  mutating func parse() throws(LineFault) -> ParsedLine {
    let start = place
    let measurement = try text(unescaped(word(stops: ",", " ")))
    guard !measurement.isEmpty else { throw .noMeasurement }
    var tags: [SignalName.Tag] = []
    while skip(",") {
      let tag = try tag()
      guard !tags.contains(where: { $0.key == tag.key }) else { throw .repeatedTag(tag.key) }
      tags.append(tag)
    }
    let rawSeries = line[start..<place]
    guard skip(" ") else { throw .noFields }
    skipBlanks()
    guard place < line.endIndex else { throw .noFields }
    var fields: [ParsedLine.Field] = []
    repeat { fields.append(try field()) } while skip(",")
    return ParsedLine(
      measurement: measurement, tags: tags, fields: fields, steps: try steps(),
      rawSeries: rawSeries)
  }

  private mutating func tag() throws(LineFault) -> SignalName.Tag {
    let start = place
    let key = try text(unescaped(word(stops: "=", ",", " ")))
    guard !key.isEmpty, skip("=") else { throw .badTag(shown(from: start)) }
    let value = try text(unescaped(word(stops: ",", " ", "=")))
    guard !value.isEmpty, !isNext("=") else { throw .badTag(shown(from: start)) }
    return .init(key, value)
  }

  private mutating func field() throws(LineFault) -> ParsedLine.Field {
    let start = place
    let raw = word(stops: "=", ",", " ")
    let name = try text(unescaped(raw))
    guard !name.isEmpty, skip("=") else { throw .badField(shown(from: start)) }
    if skip("\"") {
      let value = try quotedText(field: name)
      guard place == line.endIndex || isNext(",") || isNext(" ") else {
        throw .badField(shown(from: start))
      }
      return .init(name: name, value: .text(value), rawName: raw)
    }
    let value = try text(Array(word(stops: ",", " ")))
    return .init(name: name, value: .number(try number(value, field: name)), rawName: raw)
  }

  private func number(_ text: String, field: String) throws(LineFault) -> Double {
    switch text {
    case "t", "T", "true", "True", "TRUE": return 1
    case "f", "F", "false", "False", "FALSE": return 0
    default: break
    }
    let digits = text.dropFirst(text.hasPrefix("-") || text.hasPrefix("+") ? 1 : 0).dropLast()
    if text.hasSuffix("i") || text.hasSuffix("u"), !digits.isEmpty, digits.isDecimalDigits {
      let whole = text.dropLast()
      let value =
        text.hasSuffix("i") ? Int64(whole).map { Double($0) } : UInt64(whole).map { Double($0) }
      guard let value else { throw .valueOutOfRange(field: field, short(text)) }
      return value
    }
    guard isDecimal(text), let value = Double(text) else {
      throw .badValue(field: field, short(text))
    }
    guard value.isFinite else { throw .valueOutOfRange(field: field, short(text)) }
    return value
  }

  private mutating func quotedText(field: String) throws(LineFault) -> String {
    var bytes: [UInt8] = []
    while place < line.endIndex {
      let byte = line[place]
      place += 1
      if byte == UInt8(ascii: "\"") { return try text(bytes) }
      if byte == UInt8(ascii: "\\"), isNext("\"") || isNext("\\") {
        bytes.append(line[place])
        place += 1
      } else {
        bytes.append(byte)
      }
    }
    throw .unendedText(field: field)
  }

  private mutating func steps() throws(LineFault) -> Int64? {
    skipBlanks()
    let rest = line[place...]
    guard !rest.isEmpty else { return nil }
    let end = rest.lastIndex { $0 != UInt8(ascii: " ") }.map { $0 + 1 } ?? rest.startIndex
    let word = try text(Array(rest[..<end]))
    let digits = word.hasPrefix("-") ? word.dropFirst() : word[...]
    guard !digits.isEmpty, digits.isDecimalDigits else { throw .badTime(short(word)) }
    guard let steps = Int64(word) else { throw .badTime(short(word)) }
    return steps
  }
}

extension LineParser {
  private func isNext(_ byte: Unicode.Scalar) -> Bool {
    place < line.endIndex && line[place] == UInt8(ascii: byte)
  }

  private mutating func skip(_ byte: Unicode.Scalar) -> Bool {
    guard isNext(byte) else { return false }
    place += 1
    return true
  }

  private mutating func skipBlanks() {
    while isNext(" ") { place += 1 }
  }

  /// Bytes up to the first of `stops` that has no backslash before it, or to the end.
  private mutating func word(stops: Unicode.Scalar...) -> ArraySlice<UInt8> {
    let start = place
    while place < line.endIndex, !stops.contains(Unicode.Scalar(line[place])) {
      place += line[place] == UInt8(ascii: "\\") && place + 1 < line.endIndex ? 2 : 1
    }
    return line[start..<place]
  }

  private func unescaped(_ raw: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var place = raw.startIndex
    while place < raw.endIndex {
      if raw[place] == UInt8(ascii: "\\"), place + 1 < raw.endIndex,
        ",= \\".utf8.contains(raw[place + 1])
      {
        place += 1
      }
      bytes.append(raw[place])
      place += 1
    }
    return bytes
  }

  private func text(_ bytes: [UInt8]) throws(LineFault) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
    return text
  }

  /// The line from a place on, short enough for a message.
  private func shown(from start: Int) -> String {
    short(String(decoding: line[start...].prefix(64), as: UTF8.self))
  }

  private func short(_ text: String) -> String {
    text.count <= 32 ? text : text.prefix(32) + "…"
  }

  /// Sign, digits with at most one point, exponent.
  private func isDecimal(_ text: String) -> Bool {
    var rest = text.dropFirst(text.hasPrefix("-") || text.hasPrefix("+") ? 1 : 0)
    if let mark = rest.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      var exponent = rest[rest.index(after: mark)...]
      if exponent.hasPrefix("-") || exponent.hasPrefix("+") { exponent = exponent.dropFirst() }
      guard !exponent.isEmpty, exponent.isDecimalDigits else { return false }
      rest = rest[..<mark]
    }
    let parts = rest.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.contains { !$0.isEmpty } && parts.allSatisfy { $0.isDecimalDigits }
  }
}

extension Substring {
  /// Whether every character is one of the ten ASCII digits; true for an empty text.
  fileprivate var isDecimalDigits: Bool {
    utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}

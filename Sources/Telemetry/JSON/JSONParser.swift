/// Reads one JSON value, by the grammar of RFC 8259 and nothing beyond it.
///
/// Foundation's reader turns numbers into doubles at once, takes some texts that are not JSON, and
/// says little about where a fault is; payloads are small, so a plain descent is fast enough.
struct JSONParser {
  /// Lists and objects inside of one another: more is an attack on the stack.
  private static let mostLevels = 64

  private let bytes: ArraySlice<UInt8>
  private var place: Int

  /// The value that a text holds, blanks around it allowed.
  static func parse(_ text: ArraySlice<UInt8>) throws(EntryFault) -> JSONValue {
    var parser = JSONParser(text)
    parser.skipBlanks()
    let value = try parser.value(level: 0)
    parser.skipBlanks()
    guard parser.place == text.endIndex else { throw parser.fault("the end") }
    return value
  }

  private init(_ text: ArraySlice<UInt8>) {
    bytes = text
    place = text.startIndex
  }

  private mutating func value(level: Int) throws(EntryFault) -> JSONValue {
    guard level < Self.mostLevels else {
      throw fault("less than \(Self.mostLevels) levels deep")
    }
    switch next {
    case UInt8(ascii: "{"): return .object(try members(level: level))
    case UInt8(ascii: "["): return .list(try items(level: level))
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func members(level: Int) throws(EntryFault) -> [JSONValue.Member] {
    place += 1
    skipBlanks()
    var members: [JSONValue.Member] = []
    if skip("}") { return members }
    repeat {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else { throw fault("a name in quotes") }
      let key = try text()
      skipBlanks()
      guard skip(":") else { throw fault("a colon") }
      skipBlanks()
      members.append(.init(key: key, value: try value(level: level + 1)))
      skipBlanks()
    } while skip(",")
    guard skip("}") else { throw fault("a comma or a closing brace") }
    return members
  }

  private mutating func items(level: Int) throws(EntryFault) -> [JSONValue] {
    place += 1
    skipBlanks()
    var items: [JSONValue] = []
    if skip("]") { return items }
    repeat {
      skipBlanks()
      items.append(try value(level: level + 1))
      skipBlanks()
    } while skip(",")
    guard skip("]") else { throw fault("a comma or a closing bracket") }
    return items
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(EntryFault) -> JSONValue {
    guard bytes[place...].starts(with: word.utf8) else { throw fault("a value") }
    place += word.utf8.count
    return value
  }

  private mutating func number() throws(EntryFault) -> String {
    let start = place
    _ = skip("-")
    let whole = place
    guard skipDigits() > 0, place == whole + 1 || bytes[whole] != UInt8(ascii: "0") else {
      place = start
      throw fault("a value")
    }
    if skip("."), skipDigits() == 0 { throw fault("a digit") }
    if skip("e") || skip("E") {
      _ = skip("+") || skip("-")
      if skipDigits() == 0 { throw fault("a digit") }
    }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }
}

extension JSONParser {
  /// The text behind an opening quote, to its closing one.
  private mutating func text() throws(EntryFault) -> String {
    place += 1
    var text: [UInt8] = []
    while true {
      let start = place
      while place < bytes.endIndex, !Self.endsPlainText(bytes[place]) { place += 1 }
      let plain = bytes[start..<place]
      guard place < bytes.endIndex else { throw fault("a closing quote") }
      if bytes[place] == UInt8(ascii: "\"") {
        place += 1
        let whole = text.isEmpty ? plain : (text + plain)[...]
        guard let text = String(validating: whole, as: UTF8.self) else { throw .notUTF8 }
        return text
      }
      guard skip("\\") else { throw fault("an escape instead of a control character") }
      text += plain
      text += try escaped().utf8
    }
  }

  private static func endsPlainText(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 32
  }

  private static let escapes: [(Unicode.Scalar, String)] = [
    ("\"", "\""), ("\\", "\\"), ("/", "/"), ("b", "\u{8}"), ("f", "\u{C}"), ("n", "\n"),
    ("r", "\r"), ("t", "\t"),
  ]

  /// What follows a backslash.
  private mutating func escaped() throws(EntryFault) -> String {
    for (mark, text) in Self.escapes where skip(mark) { return text }
    guard skip("u") else { throw fault("an escape") }
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return String(Character(scalar)) }
    // Two halves of one character beyond the first 65,536.
    guard first < 0xDC00, skip("\\"), skip("u") else { throw fault("the second half of a pair") }
    let second = try codeUnit()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(
        0x10000 + (UInt32(first) - 0xD800) << 10 + UInt32(second) - 0xDC00)
    else { throw fault("the second half of a pair") }
    return String(Character(scalar))
  }

  private mutating func codeUnit() throws(EntryFault) -> UInt16 {
    let digits = bytes[place...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw fault("four hexadecimal digits") }
    place += 4
    return unit
  }

  /// 0 at the end.
  private var next: UInt8 { place < bytes.endIndex ? bytes[place] : 0 }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard place < bytes.endIndex, bytes[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private mutating func skipDigits() -> Int {
    let start = place
    while place < bytes.endIndex, (48...57).contains(bytes[place]) { place += 1 }
    return place - start
  }

  private mutating func skipBlanks() {
    while true {
      switch next {
      case 32, 9, 10, 13: place += 1
      default: return
      }
    }
  }

  private func fault(_ expected: String) -> EntryFault {
    .badJSON(byte: place - bytes.startIndex + 1, expected: expected)
  }
}

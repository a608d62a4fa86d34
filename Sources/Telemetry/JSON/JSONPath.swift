/// Where a value stands in a payload: keys and places of lists with points between them, `d.temp`,
/// `readings.0.value`; the empty path is the payload itself. A backslash takes the next character
/// as it is, so `a\.b` is one key.
public struct JSONPath: Hashable, Sendable, CustomStringConvertible {
  public let description: String
  private let keys: [String]

  /// The path that a text spells.
  public init(_ text: String) {
    description = text
    var keys = [""]
    var isEscaped = false
    for character in text {
      if !isEscaped, character == "\\" {
        isEscaped = true
      } else if !isEscaped, character == "." {
        keys.append("")
      } else {
        keys[keys.count - 1].append(character)
        isEscaped = false
      }
    }
    self.keys = text.isEmpty ? [] : keys
  }

  /// The value that stands there, nil when there is none.
  func value(in payload: JSONValue) -> JSONValue? {
    var value = payload
    for key in keys {
      if case .list(let items) = value {
        guard let place = Int(key), items.indices.contains(place) else { return nil }
        value = items[place]
      } else {
        guard let member = value[key] else { return nil }
        value = member
      }
    }
    return value
  }
}

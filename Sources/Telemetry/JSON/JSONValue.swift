/// A value of JSON (RFC 8259). Numbers keep their digits, objects the order of their members.
enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// As it stands in the text.
  case number(String)
  case text(String)
  case list([JSONValue])
  case object([Member])

  struct Member: Hashable, Sendable {
    var key: String
    var value: JSONValue
  }

  /// The last member of a key; nil when there is none or this is no object.
  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key == key }?.value
  }

  /// Number or text as it stands; nil for anything else.
  var word: String? {
    switch self {
    case .number(let digits): digits
    case .text(let text): text
    default: nil
    }
  }
}

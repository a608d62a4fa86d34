/// A YAML mapping of which every key is known: an unknown one is an error with its line and the
/// nearest known key. `YAMLValue.mapping(keys:)` makes it.
public struct StrictMapping {
  /// Where it stands, for messages.
  public let place: String
  private let values: [String: YAMLValue]

  init(_ values: [String: YAMLValue], at place: String) {
    self.values = values
    self.place = place
  }

  /// The value of `key`, nil when absent or null.
  public subscript(_ key: String) -> YAMLValue? { values[key] }

  /// The keys that have a value, sorted.
  public var keys: [String] { values.keys.sorted() }

  public func string(_ key: String) throws(YAMLError) -> String? {
    try convert(key, "a text", \.text)
  }

  public func number(_ key: String) throws(YAMLError) -> Double? {
    try convert(key, "a number", \.number)
  }

  public func integer(_ key: String) throws(YAMLError) -> Int? {
    try convert(key, "a whole number", \.integer)
  }

  public func boolean(_ key: String) throws(YAMLError) -> Bool? {
    try convert(key, "true or false", \.boolean)
  }

  public func numbers(_ key: String) throws(YAMLError) -> [Double]? {
    try convert(key, "a list of numbers", \.numbers)
  }

  /// A text or a list of texts.
  public func strings(_ key: String) throws(YAMLError) -> [String]? {
    try convert(key, "a text or a list of texts") { value in
      if let text = value.text { return [text] }
      guard let items = value.items else { return nil }
      let texts = items.compactMap(\.text)
      return texts.count == items.count ? texts : nil
    }
  }

  /// The items of a list, none when the key is absent.
  public func items<Item>(_ key: String, _ item: (YAMLValue) throws -> Item) throws -> [Item] {
    try self[key]?.list("a list").map(item) ?? []
  }

  /// A length of time with its unit: `250ms`, `30s`, `1.5m`, `8h`, `7d`; zero or more.
  public func duration(_ key: String) throws(YAMLError) -> Duration? {
    try convert(key, "a time with its unit, such as 500ms, 30s, 5m, 8h or 7d") { value in
      value.text.flatMap(duration(of:))
    }
  }

  /// One of the words that `Choice` knows.
  public func choice<Choice>(_ key: String, of type: Choice.Type = Choice.self)
    throws(YAMLError) -> Choice?
  where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
    let words = Choice.allCases.map(\.rawValue)
    return try convert(key, "one of \(words.joined(separator: ", "))") { value in
      value.text.flatMap(Choice.init(rawValue:))
    }
  }

  /// A value that must be there.
  public func required<Value>(_ key: String, _ value: Value?) throws(YAMLError) -> Value {
    guard let value else { throw .missingKey(place: place, key: key) }
    return value
  }

  private func convert<Value>(
    _ key: String, _ expected: String, _ read: (YAMLValue) -> Value?
  ) throws(YAMLError) -> Value? {
    guard let value = self[key] else { return nil }
    guard let result = read(value) else { throw value.wrong(expected) }
    return result
  }
}

/// The length of time that `text` names (`1.5m`), nil when it names none or one below zero.
public func duration(of text: String) -> Duration? {
  let number = text.prefix { $0.isNumber || $0 == "." }
  let unit = text.dropFirst(number.count).drop { $0 == " " }
  let seconds: [Substring: Double] = [
    "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3_600, "d": 86_400,
  ]
  guard let amount = Double(number), let factor = seconds[unit] else { return nil }
  let product = amount * factor
  guard product < 9e9 else { return nil }
  return .nanoseconds(Int64((product * 1e9).rounded()))
}

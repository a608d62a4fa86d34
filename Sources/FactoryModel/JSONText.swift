/// JSON by hand: the order of keys is a promise that encoders do not give.
public enum JSONText {
  /// An object; `fields` are names and values that are JSON already.
  public static func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\(string($0)):\($1)" }.joined(separator: ",") + "}"
  }

  /// A list; `text` makes JSON of an item.
  public static func list<Items: Sequence>(
    _ items: Items, _ text: (Items.Element) -> String
  ) -> String {
    "[" + items.map(text).joined(separator: ",") + "]"
  }

  /// The shortest digits that read back as the same number, whole numbers without a point; `null`
  /// for nil and for what JSON cannot say.
  public static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "null" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
  }

  /// A string in quotes, control characters escaped.
  public static func string(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}

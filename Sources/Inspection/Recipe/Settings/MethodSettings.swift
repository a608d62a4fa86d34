import StrictYAML

/// Settings of a method that differ from their defaults, by name: the block `settings:` of a recipe
/// and what `gemba teach --set` gives. Switches are 1 and 0.
public struct MethodSettings: Hashable, Sendable {
  /// Name and value of what was given.
  public private(set) var values: [String: Double] = [:]

  /// Every setting at its default.
  public init() {}

  /// Reads `NAME=VALUE`, a setting of `method`, in place of an earlier value. Throws `RecipeError` when
  /// the name is unknown (with the nearest known one) or the value out of its range.
  public mutating func set(_ text: String, of method: String) throws(RecipeError) {
    let fields = text.split(separator: "=", maxSplits: 1).map(String.init)
    let place = "setting \(text)"
    guard fields.count == 2 else {
      throw .content(.wrongValue(place: place, found: text, expected: "NAME=VALUE"))
    }
    let known = MethodCatalogue.settings(of: method)
    guard let setting = known.first(where: { $0.name == fields[0] }) else {
      let names = known.map(\.name)
      throw .unknownSetting(
        place: place, method: method, nearest: nearestWord(to: fields[0], among: names),
        known: names)
    }
    do {
      values[setting.name] = try setting.value(of: fields[1], at: place)
    } catch { throw .content(error) }
  }

  mutating func set(_ setting: SettingDescription, to value: Double) {
    values[setting.name] = value
  }
}

/// What a person needs to know of a setting.
public struct SettingDescription: Hashable, Sendable {
  /// How its value is written.
  public enum Form: Hashable, Sendable {
    case number
    case whole
    case onOff
  }

  /// As in `settings:` of the recipe.
  public var name: String
  /// One line, with the unit.
  public var meaning: String
  public var form: Form
  /// Values allowed.
  public var range: ClosedRange<Double>
  /// Its default.
  public var standard: Double

  /// `value` as the recipe writes it.
  public func text(_ value: Double) -> String {
    switch form {
    case .number: "\(value)"
    case .whole: "\(Int(value))"
    case .onOff: value != 0 ? "true" : "false"
    }
  }

  /// The allowed values as words.
  public var rangeText: String {
    form == .onOff ? "true or false" : "\(text(range.lowerBound)) to \(text(range.upperBound))"
  }

  func value(of text: String, at place: String) throws(YAMLError) -> Double {
    let word = text.filter { $0 != " " }
    let value: Double? =
      switch form {
      case .number: Double(word)
      case .whole: Int(word).map(Double.init)
      case .onOff: ["true": 1, "on": 1, "yes": 1, "false": 0, "off": 0, "no": 0][word]
      }
    guard let value, value.isFinite, range.contains(value) else {
      throw .wrongValue(
        place: place, found: text,
        expected: (form == .whole ? "a whole number, " : "") + rangeText)
    }
    return value
  }
}

/// Settings of a method that can be written down by name.
protocol SettingsTable {
  /// The defaults.
  init()
  /// Every setting that a recipe may name.
  static var fields: [SettingField<Self>] { get }
}

/// One line of a settings table.
struct SettingField<Settings> {
  let name: String
  let meaning: String
  let form: SettingDescription.Form
  let range: ClosedRange<Double>
  let read: (Settings) -> Double
  let write: (inout Settings, Double) -> Void

  static func number(
    _ name: String, _ path: WritableKeyPath<Settings, Double>, _ range: ClosedRange<Double>,
    _ meaning: String
  ) -> SettingField {
    SettingField(
      name: name, meaning: meaning, form: .number, range: range,
      read: { $0[keyPath: path] }, write: { $0[keyPath: path] = $1 })
  }

  static func whole(
    _ name: String, _ path: WritableKeyPath<Settings, Int>, _ range: ClosedRange<Double>,
    _ meaning: String
  ) -> SettingField {
    SettingField(
      name: name, meaning: meaning, form: .whole, range: range,
      read: { Double($0[keyPath: path]) }, write: { $0[keyPath: path] = Int($1) })
  }

  static func level(
    _ name: String, _ path: WritableKeyPath<Settings, UInt8>, _ meaning: String
  ) -> SettingField {
    SettingField(
      name: name, meaning: meaning, form: .whole, range: 0...255,
      read: { Double($0[keyPath: path]) }, write: { $0[keyPath: path] = UInt8($1) })
  }

  static func onOff(
    _ name: String, _ path: WritableKeyPath<Settings, Bool>, _ meaning: String
  ) -> SettingField {
    SettingField(
      name: name, meaning: meaning, form: .onOff, range: 0...1,
      read: { $0[keyPath: path] ? 1 : 0 }, write: { $0[keyPath: path] = $1 != 0 })
  }
}

extension SettingsTable {
  /// The defaults with `settings` in their place.
  init(_ settings: MethodSettings) {
    self.init()
    for field in Self.fields {
      if let value = settings.values[field.name] { field.write(&self, value) }
    }
  }

  /// Every setting for a person.
  static var descriptions: [SettingDescription] {
    let standard = Self()
    return fields.map { field in
      SettingDescription(
        name: field.name, meaning: field.meaning, form: field.form, range: field.range,
        standard: field.read(standard))
    }
  }
}

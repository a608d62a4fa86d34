import Yams

/// A value of a YAML text together with its place, which errors name.
public struct YAMLValue {
  /// Where it stands: the file's name and the keys that lead here.
  public let place: String
  private let node: Node

  /// Reads a text; nil when it holds nothing.
  /// - Parameter file: the file's name, for messages.
  public static func document(_ text: String, file: String) throws(YAMLError) -> YAMLValue? {
    let node: Node?
    do { node = try compose(yaml: text) } catch {
      throw .syntax(place: file, reason: "\(error)")
    }
    guard let node, node.null == nil else { return nil }
    return YAMLValue(node, at: file)
  }

  init(_ node: Node, at place: String) {
    self.node = node
    self.place = place
  }

  /// The same value under another place in messages.
  public func named(_ place: String) -> YAMLValue { YAMLValue(node, at: place) }

  /// The line where it begins, from 1.
  public var line: Int? { node.mark?.line }

  /// A scalar as it is written.
  public var text: String? { node.scalar?.string }
  /// A number, whole or not, finite.
  public var number: Double? {
    node.float.flatMap { $0.isFinite ? $0 : nil } ?? node.int.map(Double.init)
  }
  public var integer: Int? { node.int }
  public var boolean: Bool? { node.bool }

  /// What it looks like to the person who wrote it, with its line.
  public var appearance: String {
    let line = line.map { "line \($0): " } ?? ""
    switch node {
    case .scalar(let scalar): return line + "“\(scalar.string)”"
    case .sequence: return line + "a list"
    case .mapping: return line + "keys with values"
    case .alias: return line + "an alias"
    }
  }

  /// The items of a list, each under the list's own place; nil for anything but a list.
  public var items: [YAMLValue]? {
    guard let items = node.sequence else { return nil }
    return items.map { YAMLValue($0, at: place) }
  }

  /// The items of a list, or an error that names what was `expected`.
  public func list(_ expected: String) throws(YAMLError) -> [YAMLValue] {
    guard let items else { throw wrong(expected) }
    return items
  }

  /// A list of numbers; nil for anything else.
  public var numbers: [Double]? {
    guard let items else { return nil }
    let numbers = items.compactMap(\.number)
    return numbers.count == items.count ? numbers : nil
  }

  /// Keys and values in the order written, whatever the keys are; for names that the user chooses.
  public func pairs() throws(YAMLError) -> [(key: String, value: YAMLValue)] {
    guard let mapping = node.mapping else { throw wrong("keys with values") }
    return mapping.map { key, value in
      (key.string ?? "", YAMLValue(value, at: "\(place), \(key.string ?? "?")"))
    }
  }

  /// Keys and values of which every key is one of `keys`.
  public func mapping(keys: [String]) throws(YAMLError) -> StrictMapping {
    guard let mapping = node.mapping else { throw wrong("keys with values") }
    var values: [String: YAMLValue] = [:]
    for (key, value) in mapping {
      guard let name = key.string, keys.contains(name) else {
        let found = key.string ?? "?"
        throw .unknownKey(
          place: place, line: key.mark?.line ?? 0, key: found,
          nearest: nearestWord(to: found, among: keys))
      }
      if value.null == nil { values[name] = YAMLValue(value, at: "\(place), \(name)") }
    }
    return StrictMapping(values, at: place)
  }

  /// The error that this value is not what was `expected`.
  public func wrong(_ expected: String) -> YAMLError {
    .wrongValue(place: place, found: appearance, expected: expected)
  }
}

/// Which signals a rule or a query means: a signal's name, or one with `*` in its braces.
///
/// `machine.temp{id=m7}` means that signal alone. `machine.temp{*}` means every signal of that path
/// whatever its tags; `machine.temp{line=2,*}` those with that tag at least; `machine.temp{id=*}`
/// those that have this one tag, with any value.
public struct SignalPattern: Hashable, Sendable, CustomStringConvertible {
  /// `measurement.field`.
  public let path: String
  /// Wanted tags, nil for any value, sorted by key.
  private let wanted: [(key: String, value: String?)]
  /// Whether more tags may be there.
  private let isOpen: Bool
  public let description: String

  /// Reads a pattern.
  /// - Throws: `SignalPatternError` when the text is not `path` or `path{…}`.
  public init(_ text: String) throws(SignalPatternError) {
    description = text
    var reader = PatternReader(text)
    path = reader.path()
    guard !path.isEmpty else { throw SignalPatternError(text: text, fault: .noPath) }
    guard let list = reader.tagList() else {
      throw SignalPatternError(text: text, fault: .badTags)
    }
    isOpen = list.contains { $0.key == "*" && $0.value == nil }
    wanted = list.filter { $0.key != "*" }.sorted { $0.key < $1.key }
  }

  /// The one signal it means, nil when it has a `*`.
  public var name: SignalName? {
    guard !isOpen, wanted.allSatisfy({ $0.value != nil }) else { return nil }
    return SignalName(path: path, tags: wanted.map { .init($0.key, $0.value ?? "") })
  }

  /// Whether it means this signal.
  public func matches(_ name: SignalName) -> Bool {
    guard name.path == path, isOpen || name.tags.count == wanted.count else { return false }
    return wanted.allSatisfy { tag in
      guard let value = name[tag: tag.key] else { return false }
      return tag.value == nil || tag.value == value
    }
  }

  /// The one signal it means beside `other`: a `*` takes the tags of `other`. Nil when it asks for
  /// a tag that `other` lacks.
  public func name(beside other: SignalName) -> SignalName? {
    var tags: [SignalName.Tag] = []
    for tag in wanted {
      guard let value = tag.value ?? other[tag: tag.key] else { return nil }
      tags.append(SignalName.Tag(tag.key, value))
    }
    if isOpen { tags += other.tags.filter { tag in !wanted.contains { $0.key == tag.key } } }
    return SignalName(path: path, tags: tags)
  }

  public static func == (left: SignalPattern, right: SignalPattern) -> Bool {
    left.description == right.description
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

/// Why a text is not a signal's name or pattern.
public struct SignalPatternError: Error, Hashable, CustomStringConvertible {
  /// What is wrong.
  public enum Fault: Hashable, Sendable { case noPath, badTags }
  public var text: String
  public var fault: Fault

  /// A text and what is wrong with it.
  public init(text: String, fault: Fault) {
    self.text = text
    self.fault = fault
  }

  public var description: String {
    let form = "write measurement.field, measurement.field{tag=value,…} or measurement.field{*}"
    switch fault {
    case .noPath: return "'\(text)' names no measurement and field; \(form)"
    case .badTags: return "'\(text)': the braces do not hold tag=value pairs; \(form)"
    }
  }
}

/// Takes `path{key=value,…}` apart; a backslash takes the next character as it is.
private struct PatternReader {
  private var rest: Substring

  init(_ text: String) {
    rest = Substring(text)
  }

  mutating func path() -> String {
    var path = ""
    while let character = rest.first, character != "{" {
      rest.removeFirst()
      path.append(character == "\\" ? rest.popFirst() ?? character : character)
    }
    return path
  }

  /// Key alone (`*`) or key and value (nil for `*`); nil when the braces are not well formed.
  mutating func tagList() -> [(key: String, value: String?)]? {
    guard !rest.isEmpty else { return [] }
    guard rest.removeFirst() == "{" else { return nil }
    if rest == "}" { return [] }
    var list: [(key: String, value: String?)] = []
    while true {
      guard let (key, stop) = word(), !key.isEmpty else { return nil }
      var end = stop
      if stop == "=" {
        guard let (value, next) = word(), next != "=" else { return nil }
        list.append((key, value == "*" ? nil : value))
        end = next
      } else {
        guard key == "*" else { return nil }
        list.append((key, nil))
      }
      if end == "}" { return rest.isEmpty ? list : nil }
    }
  }

  private mutating func word() -> (text: String, stop: Character)? {
    var text = ""
    while let character = rest.popFirst() {
      if character == "\\" {
        guard let next = rest.popFirst() else { return nil }
        text.append(next)
      } else if character == "," || character == "=" || character == "}" {
        return (text, character)
      } else {
        text.append(character)
      }
    }
    return nil
  }
}

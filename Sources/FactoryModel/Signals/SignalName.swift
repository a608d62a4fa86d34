/// What a signal is called: `measurement.field{tag=value,…}`, tags sorted by key.
///
/// `machine.temp{id=m7,line=2}` is the field `temp` of the measurement `machine`, with two tags. The
/// braces are left out where there are no tags. In tag keys and values `,`, `=`, `{`, `}` and `\`
/// are written with a backslash before them, in measurement and field `{` and `\`.
public struct SignalName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// One tag.
  public struct Tag: Hashable, Sendable {
    public var key: String
    public var value: String

    /// A tag.
    public init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  /// `measurement.field`.
  public let path: String
  /// Sorted by key.
  public let tags: [Tag]

  /// A name from its parts; the tags may come in any order.
  public init(measurement: String, field: String, tags: [Tag] = []) {
    self.init(path: "\(measurement).\(field)", tags: tags)
  }

  /// A name from `measurement.field` and tags in any order.
  public init(path: String, tags: [Tag] = []) {
    self.path = path
    self.tags = tags.sorted { $0.key < $1.key }
  }

  /// The value of a tag, nil where the signal has no such tag.
  public subscript(tag key: String) -> String? {
    tags.first { $0.key == key }?.value
  }

  public var description: String {
    let path = Self.escaped(path, "{\\")
    guard !tags.isEmpty else { return path }
    let list = tags.map {
      "\(Self.escaped($0.key, Self.tagMarks))=\(Self.escaped($0.value, Self.tagMarks))"
    }
    return "\(path){\(list.joined(separator: ","))}"
  }

  public static func < (left: SignalName, right: SignalName) -> Bool {
    left.description < right.description
  }

  private static let tagMarks = ",={}\\"

  private static func escaped(_ text: String, _ marks: String) -> String {
    guard text.contains(where: marks.contains) else { return text }
    return text.reduce(into: "") { result, character in
      if marks.contains(character) { result.append("\\") }
      result.append(character)
    }
  }
}

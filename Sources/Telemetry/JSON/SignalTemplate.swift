import FactoryModel

/// A signal's name with gaps: `${path}` takes a text or number of the payload, `$1`, `$2`, … a level
/// of the topic that the payload came on.
///
///     machine.temp{id=$2}        on plant/m7/telemetry: machine.temp{id=m7}
///     ${kind}.${name}            {"kind":"kiln","name":"o2"}: kiln.o2
///     ${signal}                  alone: the text is a whole name, braces and all
public struct SignalTemplate: Hashable, Sendable, CustomStringConvertible {
  private enum Gap: Hashable {
    case payload(JSONPath)
    case level(Int)
  }

  private enum Part: Hashable {
    case text(String)
    /// The gap of this number.
    case gap(Int)
  }

  public let description: String
  private let gaps: [Gap]
  private let path: [Part]
  private let tags: [Tag]

  private struct Tag: Hashable {
    var key: String
    var value: [Part]
  }

  /// Reads a template.
  /// - Throws: `SignalPatternError` when it is not shaped like a signal's name.
  public init(_ text: String) throws(SignalPatternError) {
    description = text
    // Braces of gaps would end the list of tags, so gaps are put aside under numbers.
    var gaps: [Gap] = []
    let plain = Self.withoutGaps(text, &gaps)
    guard let name = try SignalPattern(plain).name else {
      throw SignalPatternError(text: text, fault: .badTags)
    }
    self.gaps = gaps
    path = Self.parts(name.path)
    tags = name.tags.map { Tag(key: $0.key, value: Self.parts($0.value)) }
  }

  /// The last level of the topic that it takes, 0 when it takes none.
  public var lastLevel: Int {
    gaps.reduce(0) { last, gap in
      if case .level(let number) = gap { max(last, number) } else { last }
    }
  }

  /// What a payload puts into the gaps, in order; throws when something is not there.
  func words(of payload: JSONValue, topic: [String]) throws(EntryFault) -> [String] {
    var words: [String] = []
    for gap in gaps {
      switch gap {
      case .payload(let path):
        guard let word = path.value(in: payload)?.word else { throw .nothingFound }
        words.append(word)
      case .level(let number):
        guard topic.indices.contains(number - 1) else { throw .nothingFound }
        words.append(topic[number - 1])
      }
    }
    return words
  }

  /// The name with the words of a payload in its gaps.
  func name(with words: [String]) throws(EntryFault) -> SignalName {
    if path == [.gap(0)], tags.isEmpty, case .payload = gaps[0] {
      return try SignalName(entry: words[0])
    }
    return SignalName(
      path: Self.fill(path, words), tags: tags.map { .init($0.key, Self.fill($0.value, words)) })
  }

  private static func fill(_ parts: [Part], _ words: [String]) -> String {
    parts.map { part in
      switch part {
      case .text(let plain): plain
      case .gap(let number): words[number]
      }
    }.joined()
  }

  /// Stands before the number of a gap; never part of a name.
  private static let gapMark: Character = "\u{1}"

  private static func withoutGaps(_ text: String, _ gaps: inout [Gap]) -> String {
    var plain = ""
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      plain += rest[..<dollar]
      rest = rest[rest.index(after: dollar)...]
      if rest.first == "{", let end = rest.firstIndex(of: "}") {
        gaps.append(.payload(JSONPath(String(rest[rest.index(after: rest.startIndex)..<end]))))
        rest = rest[rest.index(after: end)...]
      } else {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number > 0 else {
          plain.append("$")
          continue
        }
        gaps.append(.level(number))
        rest = rest[digits.endIndex...]
      }
      plain += "\(gapMark)\(gaps.count - 1)\(gapMark)"
    }
    return plain + rest
  }

  private static func parts(_ text: String) -> [Part] {
    text.split(separator: gapMark, omittingEmptySubsequences: false).enumerated()
      .compactMap { place, piece in
        // Marks come in pairs, so every second piece is the number of a gap.
        if place % 2 == 1, let number = Int(piece) { return .gap(number) }
        return piece.isEmpty ? nil : .text(String(piece))
      }
  }
}

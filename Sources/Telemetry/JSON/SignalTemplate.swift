import FactoryModel

/// A signal's name with gaps: `${path}` takes a text or number of the payload, `$1`, `$2`, … a level
/// of the topic that the payload came on.
///
///     machine.temp{id=$2}        on plant/m7/telemetry: machine.temp{id=m7}
///     ${kind}.${name}            {"kind":"kiln","name":"o2"}: kiln.o2
///     ${signal}                  alone: the text is a whole name, braces and all
public struct SignalTemplate: Hashable, Sendable, CustomStringConvertible {
  private enum Part: Hashable {
    case text(String)
    case payload(JSONPath)
    case level(Int)
  }

  public let description: String
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
    var gaps: [Part] = []
    let plain = Self.withoutGaps(text, &gaps)
    guard let name = try SignalPattern(plain).name else {
      throw SignalPatternError(text: text, fault: .badTags)
    }
    path = Self.parts(name.path, gaps)
    tags = name.tags.map { Tag(key: $0.key, value: Self.parts($0.value, gaps)) }
  }

  /// The name for a payload; throws when something it needs is not there.
  func name(for payload: JSONValue, topic: [String]) throws(EntryFault) -> SignalName {
    if case .payload = path.first, path.count == 1, tags.isEmpty {
      return try SignalName(entry: Self.fill(path, payload, topic))
    }
    var filled: [SignalName.Tag] = []
    for tag in tags { filled.append(.init(tag.key, try Self.fill(tag.value, payload, topic))) }
    return SignalName(path: try Self.fill(path, payload, topic), tags: filled)
  }

  private static func fill(
    _ parts: [Part], _ payload: JSONValue, _ topic: [String]
  ) throws(EntryFault) -> String {
    var text = ""
    for part in parts {
      switch part {
      case .text(let plain): text += plain
      case .payload(let path):
        guard let word = path.value(in: payload)?.word else { throw .nothingFound }
        text += word
      case .level(let number):
        guard topic.indices.contains(number - 1) else { throw .nothingFound }
        text += topic[number - 1]
      }
    }
    return text
  }

  /// Stands before the number of a gap; never part of a name.
  private static let gapMark: Character = "\u{1}"

  private static func withoutGaps(_ text: String, _ gaps: inout [Part]) -> String {
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

  private static func parts(_ text: String, _ gaps: [Part]) -> [Part] {
    text.split(separator: gapMark, omittingEmptySubsequences: false).enumerated()
      .compactMap { place, piece in
        // Marks come in pairs, so every second piece is the number of a gap.
        if place % 2 == 1, let number = Int(piece), gaps.indices.contains(number) {
          return gaps[number]
        }
        return piece.isEmpty ? nil : .text(String(piece))
      }
  }
}

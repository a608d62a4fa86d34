import FactoryModel

/// Writes the samples of one signal as line protocol, as `LineProtocolReader` reads it.
///
/// The path is cut at its last point into measurement and field; a number stays a number, a word is
/// written as text, times are in nanoseconds. Line protocol knows no quality, so a bad sample is
/// left out, because it would come back as a good one. A line break in a word becomes a blank.
public struct LineProtocolWriter: Sendable {
  /// Measurement, tags and field up to `=`.
  private let head: [UInt8]
  private let words: [[UInt8]]

  /// - Parameter texts: the signal's words; empty for a signal of numbers.
  public init(_ name: SignalName, texts: [String] = []) {
    var line = ""
    let (measurement, field) = Self.parts(of: name.path)
    line += Self.escaped(measurement, ", ")
    for tag in name.tags where !tag.value.isEmpty {
      line += ",\(Self.escaped(tag.key, ",= "))=\(Self.escaped(tag.value, ",= "))"
    }
    line += " \(Self.escaped(field, ",= "))="
    head = Array(line.utf8)
    words = texts.map { Array("\"\(Self.escaped(Self.oneLine($0), "\""))\"".utf8) }
  }

  /// Adds the line of a sample, with its line break; false when the sample is bad and has no line.
  public func append(_ sample: Sample, to out: inout [UInt8]) -> Bool {
    guard sample.quality != .bad, sample.value.isFinite else { return false }
    out += head
    if let place = Int(exactly: sample.value), words.indices.contains(place) {
      out += words[place]
    } else {
      out += sample.value.shortText.utf8
    }
    out.append(UInt8(ascii: " "))
    out += String(sample.time.nanoseconds).utf8
    out.append(UInt8(ascii: "\n"))
    return true
  }

  /// Measurement and field; a path that cannot be cut gets the field `value`.
  private static func parts(of path: String) -> (measurement: String, field: String) {
    let bytes = Array(path.utf8)
    let cut = bytes.indices.dropFirst().dropLast().last { bytes[$0] == UInt8(ascii: ".") }
    guard let cut else { return (path, "value") }
    return (
      String(decoding: bytes[..<cut], as: UTF8.self),
      String(decoding: bytes[(cut + 1)...], as: UTF8.self)
    )
  }

  private static func escaped(_ text: String, _ special: String) -> String {
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == "\\" || special.unicodeScalars.contains(scalar) { out.append("\\") }
      out.append(scalar)
    }
    return String(out)
  }

  private static func oneLine(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { $0 == "\r" || $0 == "\n" ? " " : $0 }
    return String(String.UnicodeScalarView(scalars))
  }
}

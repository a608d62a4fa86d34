import Imaging

/// A taught model as bytes: named sections of numbers behind a header with version and checksum.
///
/// Layout, little-endian: `GEMBAMDL` · version (4 bytes) · CRC-32 of everything after it (4) ·
/// method name · number of sections (4) · per section: name, element kind (1 byte), count (8), bytes.
/// A name is its length (1 byte) and UTF-8. Sections are written in order of their names.
public struct ModelArchive: Hashable, Sendable {
  /// The version this build writes, and the newest it reads.
  public static let version: UInt32 = 1

  /// The method that taught it: `surface`, `reference`.
  public var method: String
  private var sections: [String: Section] = [:]

  struct Section: Hashable, Sendable {
    var kind: UInt8
    var count: Int
    var bytes: [UInt8]
  }

  /// An empty archive of a method.
  public init(method: String) { self.method = method }

  /// Sets a section of numbers (UInt8, Int32, UInt64, Float or Double).
  public mutating func set<Number: ArchivedNumber>(_ name: String, _ numbers: [Number]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(numbers.count * Number.byteCount)
    for number in numbers { number.append(to: &bytes) }
    sections[name] = Section(kind: Number.kind, count: numbers.count, bytes: bytes)
  }

  /// The numbers of a section. Throws `ModelError.damaged` when it is absent or of another kind.
  public func get<Number: ArchivedNumber>(_ name: String, as: Number.Type) throws(ModelError)
    -> [Number]
  {
    guard let section = sections[name], section.kind == Number.kind else {
      throw .damaged(reason: "section \(name) is missing")
    }
    return (0..<section.count).map { Number(section.bytes, at: $0 * Number.byteCount) }
  }

  /// The archive as a file's bytes.
  public func encoded() -> [UInt8] {
    var body: [UInt8] = []
    Self.append(name: method, to: &body)
    Int32(sections.count).append(to: &body)
    for (name, section) in sections.sorted(by: { $0.key < $1.key }) {
      Self.append(name: name, to: &body)
      body.append(section.kind)
      UInt64(section.count).append(to: &body)
      body += section.bytes
    }
    var file = Array("GEMBAMDL".utf8)
    Int32(Self.version).append(to: &file)
    Int32(bitPattern: crc32(of: body)).append(to: &file)
    return file + body
  }

  /// Reads what `encoded` wrote. Throws when foreign, newer or damaged, with the reason.
  public init(decoding file: [UInt8]) throws(ModelError) {
    guard file.count >= 16, Array(file[0..<8]) == Array("GEMBAMDL".utf8) else { throw .foreign }
    let version = UInt32(bitPattern: Int32(file, at: 8))
    guard version <= Self.version else {
      throw .newer(found: version, readable: Self.version)
    }
    let body = Array(file[16...])
    guard UInt32(bitPattern: Int32(file, at: 12)) == crc32(of: body) else {
      throw .damaged(reason: "the checksum does not match")
    }
    var reader = ModelBytes(bytes: body)
    method = try reader.name()
    for _ in 0..<(try reader.number(Int32.self)) {
      let name = try reader.name()
      let kind = try reader.byte()
      let count = Int(clamping: try reader.number(UInt64.self))
      let size = kind == 0 ? 1 : kind <= 2 ? 4 : 8
      guard count <= body.count else { throw .damaged(reason: "section \(name) is too long") }
      sections[name] = Section(kind: kind, count: count, bytes: try reader.take(count * size))
    }
  }

  private static func append(name: String, to bytes: inout [UInt8]) {
    precondition(name.utf8.count < 256, "a section's name is at most 255 bytes")
    bytes.append(UInt8(name.utf8.count))
    bytes += Array(name.utf8)
  }
}

/// Why a model file is refused.
public enum ModelError: Error, Hashable, CustomStringConvertible {
  /// Not a model of this software.
  case foreign
  /// Written by a newer version.
  case newer(found: UInt32, readable: UInt32)
  /// Cut off or changed since it was written.
  case damaged(reason: String)
  /// Taught by another method than the recipe names.
  case otherMethod(found: String, expected: String)

  public var description: String {
    switch self {
    case .foreign: "not a Gemba model; teach the recipe again"
    case .newer(let found, let readable):
      "model version \(found), this Gemba reads up to \(readable); update Gemba or teach again"
    case .damaged(let reason): "the model is damaged: \(reason); restore the file or teach again"
    case .otherMethod(let found, let expected):
      "the model is of method \(found), the recipe says \(expected); restore the matching file"
    }
  }
}

/// A cursor over the bytes of an archive that never reads past their end.
private struct ModelBytes {
  let bytes: [UInt8]
  var position = 0

  mutating func take(_ count: Int) throws(ModelError) -> [UInt8] {
    guard count >= 0, count <= bytes.count - position else {
      throw .damaged(reason: "it ends too early")
    }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  mutating func byte() throws(ModelError) -> UInt8 { try take(1)[0] }

  mutating func number<Number: ArchivedNumber>(_: Number.Type) throws(ModelError) -> Number {
    Number(try take(Number.byteCount), at: 0)
  }

  mutating func name() throws(ModelError) -> String {
    String(decoding: try take(Int(try byte())), as: UTF8.self)
  }
}

import Imaging

/// A taught model as bytes: named sections of numbers behind a header with version and checksum.
///
/// Layout, little-endian: `GEMBAMDL` · version (4 bytes) · CRC-32 of everything after it (4) ·
/// method name · number of sections (4) · per section: name, element kind (1 byte), count (8), bytes.
/// A name is its length (1 byte) and UTF-8. Sections are written in order of their names.
///
/// Large sections of 16-bit numbers may stay in their file, so that a model may be larger than memory.
public struct ModelArchive: Hashable, Sendable {
  /// The version this build writes, and the newest it reads.
  public static let version: UInt32 = 2
  /// The method that taught it: `surface`, `reference`.
  public var method: String
  private var sections: [String: Section] = [:]

  struct Section: Hashable, Sendable {
    var kind: UInt8
    var count: Int
    var content: Content
  }

  enum Content: Hashable, Sendable {
    case held([UInt8])
    case filed(FiledNumbers)
  }

  /// An empty archive of a method.
  public init(method: String) { self.method = method }

  /// Sets a section of numbers (UInt8, UInt16, Int32, UInt64, Float or Double).
  public mutating func set<Number: ArchivedNumber>(_ name: String, _ numbers: [Number]) {
    sections[name] = Section(
      kind: Number.kind, count: numbers.count, content: .held(Self.bytes(of: numbers[...])))
  }

  /// Sets a section of numbers that are in a file.
  mutating func set(_ name: String, _ numbers: FiledNumbers) {
    sections[name] = Section(kind: UInt16.kind, count: numbers.count, content: .filed(numbers))
  }

  /// The numbers of a section. Throws `ModelError.damaged` when it is absent or of another kind.
  public func get<Number: ArchivedNumber>(_ name: String, as: Number.Type) throws(ModelError)
    -> [Number]
  {
    guard let section = sections[name], section.kind == Number.kind else {
      throw .damaged(reason: "section \(name) is missing")
    }
    let bytes: [UInt8] =
      switch section.content {
      case .held(let bytes): bytes
      case .filed(let numbers): Self.bytes(of: try numbers.numbers(0..<numbers.count)[...])
      }
    return (0..<section.count).map { Number(bytes, at: $0 * Number.byteCount) }
  }

  /// The numbers of a section that stayed in its file, nil when they are in memory or absent.
  func filed(_ name: String) -> FiledNumbers? {
    guard case .filed(let numbers)? = sections[name]?.content else { return nil }
    return numbers
  }

  /// Whether there is such a section.
  func has(_ name: String) -> Bool { sections[name] != nil }

  /// The archive as a file's bytes, for one that is held in memory.
  public func encoded() -> [UInt8] {
    var file: [UInt8] = []
    do { try write { file += $0 } } catch { preconditionFailure("\(error)") }
    return file
  }

  /// Hands the archive as a file's bytes to `take`, piece by piece. Throws what `take` throws, and
  /// `ModelError` when a file it rests on was cut.
  public func write(_ take: ([UInt8]) throws -> Void) throws {
    var checksum: UInt32 = 0
    try writeBody { checksum = crc32(of: $0, after: checksum) }
    var head = Array("GEMBAMDL".utf8)
    Int32(Self.version).append(to: &head)
    Int32(bitPattern: checksum).append(to: &head)
    try take(head)
    try writeBody(take)
  }

  private func writeBody(_ take: ([UInt8]) throws -> Void) throws {
    var head: [UInt8] = []
    Self.append(name: method, to: &head)
    Int32(sections.count).append(to: &head)
    try take(head)
    for (name, section) in sections.sorted(by: { $0.key < $1.key }) {
      var head: [UInt8] = []
      Self.append(name: name, to: &head)
      head.append(section.kind)
      UInt64(section.count).append(to: &head)
      try take(head)
      switch section.content {
      case .held(let bytes): try take(bytes)
      case .filed(let numbers):
        for start in stride(from: 0, to: numbers.count, by: 1 << 20) {
          let end = min(start + 1 << 20, numbers.count)
          try take(Self.bytes(of: try numbers.numbers(start..<end)[...]))
        }
      }
    }
  }

  /// Reads what `encoded` wrote. Throws when foreign, newer or damaged, with the reason.
  public init(decoding file: [UInt8]) throws(ModelError) {
    try self.init(ModelBytes(held: file), held: .max)
  }

  /// Reads what `write` wrote into `file`; sections of 16-bit numbers with more than `held` bytes stay
  /// there. Throws when foreign, newer or damaged, with the reason.
  public init(reading file: ModelFile, held: Int = 64 << 20) throws(ModelError) {
    try self.init(ModelBytes(file), held: held)
  }

  private init(_ file: ModelBytes, held: Int) throws(ModelError) {
    var reader = file
    guard reader.size >= 16, try reader.take(8) == Array("GEMBAMDL".utf8) else { throw .foreign }
    let version = UInt32(bitPattern: try reader.number(Int32.self))
    guard version <= Self.version else {
      throw .newer(found: version, readable: Self.version)
    }
    guard UInt32(bitPattern: try reader.number(Int32.self)) == (try reader.checksum()) else {
      throw .damaged(reason: "the checksum does not match")
    }
    method = try reader.name()
    for _ in 0..<(try reader.number(Int32.self)) {
      let name = try reader.name()
      let kind = try reader.byte()
      let count = Int(clamping: try reader.number(UInt64.self))
      let size = kind == 0 ? 1 : kind <= 2 ? 4 : kind == 5 ? 2 : 8
      guard count <= reader.size else { throw .damaged(reason: "section \(name) is too long") }
      let content: Content =
        if kind == UInt16.kind, count * size > held,
          let numbers = try reader.leave(count)
        { .filed(numbers) } else { .held(try reader.take(count * size)) }
      sections[name] = Section(kind: kind, count: count, content: content)
    }
  }

  private static func append(name: String, to bytes: inout [UInt8]) {
    precondition(name.utf8.count < 256, "a section's name is at most 255 bytes")
    bytes.append(UInt8(name.utf8.count))
    bytes += Array(name.utf8)
  }

  private static func bytes<Number: ArchivedNumber>(of numbers: ArraySlice<Number>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(numbers.count * Number.byteCount)
    for number in numbers { number.append(to: &bytes) }
    return bytes
  }
}

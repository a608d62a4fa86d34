import Imaging

/// A cursor over the bytes of an archive, in memory or in a file, that never reads past their end.
struct ModelBytes {
  private enum Store {
    case held([UInt8])
    case filed(ModelFile)
  }

  /// Bytes of the archive.
  let size: Int
  private let store: Store
  private var position = 0

  init(held bytes: [UInt8]) {
    store = .held(bytes)
    size = bytes.count
  }

  init(_ file: ModelFile) {
    store = .filed(file)
    size = file.size
  }

  private func bytes(_ range: Range<Int>) throws(ModelError) -> [UInt8] {
    switch store {
    case .held(let bytes): Array(bytes[range])
    case .filed(let file): try file.bytes(range)
    }
  }

  private func check(_ count: Int) throws(ModelError) {
    guard count >= 0, count <= size - position else {
      throw .damaged(reason: "it ends too early")
    }
  }

  mutating func take(_ count: Int) throws(ModelError) -> [UInt8] {
    try check(count)
    defer { position += count }
    return try bytes(position..<position + count)
  }

  /// Leaves `count` numbers in the file and goes on behind them; nil when there is no file.
  mutating func leave(_ count: Int) throws(ModelError) -> FiledNumbers? {
    guard case .filed(let file) = store else { return nil }
    try check(2 * count)
    defer { position += 2 * count }
    return FiledNumbers(file: file, start: position, count: count)
  }

  /// The CRC-32 of all that is still to come.
  func checksum() throws(ModelError) -> UInt32 {
    var checksum: UInt32 = 0
    for start in stride(from: position, to: size, by: 1 << 20) {
      checksum = crc32(of: try bytes(start..<min(start + 1 << 20, size)), after: checksum)
    }
    return checksum
  }

  mutating func byte() throws(ModelError) -> UInt8 { try take(1)[0] }

  mutating func number<Number: ArchivedNumber>(_: Number.Type) throws(ModelError) -> Number {
    Number(try take(Number.byteCount), at: 0)
  }

  mutating func name() throws(ModelError) -> String {
    String(decoding: try take(Int(try byte())), as: UTF8.self)
  }
}

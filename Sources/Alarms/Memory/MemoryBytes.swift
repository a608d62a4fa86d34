/// Puts numbers and words one after the other, as `MemoryReader` reads them: whole numbers and
/// doubles in eight bytes, little end first, texts behind their length.
struct MemoryWriter {
  private(set) var bytes: [UInt8] = []

  mutating func put(_ number: Int64) {
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  mutating func put(_ number: Int) { put(Int64(number)) }
  mutating func put(_ number: Double) { put(Int64(bitPattern: number.bitPattern)) }
  mutating func put(_ isTrue: Bool) { bytes.append(isTrue ? 1 : 0) }

  mutating func put(_ text: String) {
    put(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func put(_ numbers: [Double]) {
    put(numbers.count)
    for number in numbers { put(number) }
  }

  mutating func put(_ number: Int64?) {
    put(number != nil)
    if let number { put(number) }
  }

  mutating func put(_ number: Double?) { put(number.map { Int64(bitPattern: $0.bitPattern) }) }
}

/// Bytes that are no memory of this version.
struct MemoryFault: Error {}

/// Reads what `MemoryWriter` has put.
struct MemoryReader {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }

  mutating func int64() throws(MemoryFault) -> Int64 {
    guard bytes.count - place >= 8 else { throw MemoryFault() }
    var number: Int64 = 0
    for offset in 0..<8 { number |= Int64(bytes[place + offset]) << Int64(8 * offset) }
    place += 8
    return number
  }

  mutating func double() throws(MemoryFault) -> Double {
    Double(bitPattern: UInt64(bitPattern: try int64()))
  }

  /// How many items follow, each of `size` bytes at least.
  mutating func count(size: Int) throws(MemoryFault) -> Int {
    let count = try int64()
    guard count >= 0, count <= (bytes.count - place) / size else { throw MemoryFault() }
    return Int(count)
  }

  mutating func bool() throws(MemoryFault) -> Bool {
    guard place < bytes.count, bytes[place] <= 1 else { throw MemoryFault() }
    place += 1
    return bytes[place - 1] == 1
  }

  mutating func text() throws(MemoryFault) -> String {
    let count = try count(size: 1)
    place += count
    return String(decoding: bytes[place - count..<place], as: UTF8.self)
  }

  /// Numbers, `wanted` of them where that is given.
  mutating func doubles(_ wanted: Int? = nil) throws(MemoryFault) -> [Double] {
    let count = try count(size: 8)
    guard count == wanted ?? count else { throw MemoryFault() }
    var numbers: [Double] = []
    for _ in 0..<count { numbers.append(try double()) }
    return numbers
  }

  mutating func optionalInt64() throws(MemoryFault) -> Int64? { try bool() ? try int64() : nil }
  mutating func optionalDouble() throws(MemoryFault) -> Double? { try bool() ? try double() : nil }
}

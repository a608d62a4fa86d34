/// A number that a model archive stores, little-endian.
public protocol ArchivedNumber: Sendable {
  /// Tells the element kinds of sections apart: 0 one byte, 1 and 2 four bytes, 3 and 4 eight, 5 two.
  static var kind: UInt8 { get }
  /// Bytes of one number.
  static var byteCount: Int { get }
  /// Appends the bytes of the number.
  func append(to bytes: inout [UInt8])
  /// Reads the number that starts at `position`, which must lie inside `bytes`.
  init(_ bytes: [UInt8], at position: Int)
}

extension FixedWidthInteger {
  fileprivate func appendLittleEndian(to bytes: inout [UInt8]) {
    for shift in stride(from: 0, to: Self.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: self >> shift))
    }
  }

  fileprivate init(littleEndian bytes: [UInt8], at position: Int) {
    var value: Self = 0
    for index in 0..<Self.bitWidth / 8 {
      value |= Self(truncatingIfNeeded: bytes[position + index]) << (8 * index)
    }
    self = value
  }
}

extension UInt8: ArchivedNumber {
  public static var kind: UInt8 { 0 }
  public static var byteCount: Int { 1 }
  public func append(to bytes: inout [UInt8]) { bytes.append(self) }
  public init(_ bytes: [UInt8], at position: Int) { self = bytes[position] }
}

extension Int32: ArchivedNumber {
  public static var kind: UInt8 { 1 }
  public static var byteCount: Int { 4 }
  public func append(to bytes: inout [UInt8]) { appendLittleEndian(to: &bytes) }
  public init(_ bytes: [UInt8], at position: Int) { self.init(littleEndian: bytes, at: position) }
}

extension UInt16: ArchivedNumber {
  public static var kind: UInt8 { 5 }
  public static var byteCount: Int { 2 }
  public func append(to bytes: inout [UInt8]) { appendLittleEndian(to: &bytes) }
  public init(_ bytes: [UInt8], at position: Int) { self.init(littleEndian: bytes, at: position) }
}

extension Float: ArchivedNumber {
  public static var kind: UInt8 { 2 }
  public static var byteCount: Int { 4 }
  public func append(to bytes: inout [UInt8]) { bitPattern.appendLittleEndian(to: &bytes) }
  public init(_ bytes: [UInt8], at position: Int) {
    self.init(bitPattern: UInt32(littleEndian: bytes, at: position))
  }
}

extension UInt64: ArchivedNumber {
  public static var kind: UInt8 { 3 }
  public static var byteCount: Int { 8 }
  public func append(to bytes: inout [UInt8]) { appendLittleEndian(to: &bytes) }
  public init(_ bytes: [UInt8], at position: Int) { self.init(littleEndian: bytes, at: position) }
}

extension Double: ArchivedNumber {
  public static var kind: UInt8 { 4 }
  public static var byteCount: Int { 8 }
  public func append(to bytes: inout [UInt8]) { bitPattern.appendLittleEndian(to: &bytes) }
  public init(_ bytes: [UInt8], at position: Int) {
    self.init(bitPattern: UInt64(littleEndian: bytes, at: position))
  }
}

/// Reads numbers from bytes without making a text of them.
struct HJ212Decimal: Sendable {
  /// The powers, made once for all connections.
  static let shared = HJ212Decimal()

  /// Exact in a Double up to 10²².
  private let powersOfTen: [Double] = (0...22).map { power in
    (0..<power).reduce(1) { product, _ in product * 10 }
  }

  /// The number that begins at `at`, which moves behind it; nil, with `at` anywhere, for none.
  ///
  /// Up to 15 digits are read as one whole number and divided by a power of ten: both are exact, so
  /// the quotient is the nearest Double. Anything longer, and exponents, go through the library.
  @inline(__always)
  func read(_ bytes: Span<UInt8>, _ at: inout Int, end: Int) -> Double? {
    let start = at
    let isNegative = at < end && bytes[at] == UInt8(ascii: "-")
    if isNegative || (at < end && bytes[at] == UInt8(ascii: "+")) { at += 1 }
    var digits: UInt64 = 0
    let wholeStart = at
    while at < end, bytes[at] &- 48 < 10 {
      digits = digits &* 10 &+ UInt64(bytes[at] &- 48)
      at += 1
    }
    var count = at - wholeStart
    var decimals = 0
    if at < end, bytes[at] == UInt8(ascii: ".") {
      at += 1
      let fractionStart = at
      while at < end, bytes[at] &- 48 < 10 {
        digits = digits &* 10 &+ UInt64(bytes[at] &- 48)
        at += 1
      }
      decimals = at - fractionStart
      count += decimals
    }
    guard count > 0 else { return nil }
    let hasExponent = at < end && bytes[at] | 32 == UInt8(ascii: "e")
    guard count <= 15, !hasExponent else { return slowly(bytes, start, &at, end: end) }
    let value = Double(Int64(digits)) / powersOfTen[decimals]
    return isNegative ? -value : value
  }

  private func slowly(_ bytes: Span<UInt8>, _ start: Int, _ at: inout Int, end: Int) -> Double? {
    at = start
    var text = ""
    while at < end, text.utf8.count < 64 {
      let byte = bytes[at]
      guard byte &- 48 < 10 || byte | 32 == UInt8(ascii: "e") || (43...46).contains(byte),
        byte != UInt8(ascii: ",")
      else { break }
      text.unicodeScalars.append(Unicode.Scalar(byte))
      at += 1
    }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }

  /// The whole number that fills a range, nil for none or more than nine digits.
  static func whole(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard (1...9).contains(range.count) else { return nil }
    var value = 0
    for at in range {
      guard bytes[at] &- 48 < 10 else { return nil }
      value = value * 10 + Int(bytes[at] &- 48)
    }
    return value
  }
}

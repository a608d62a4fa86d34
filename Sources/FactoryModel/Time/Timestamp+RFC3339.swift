extension Timestamp: CustomStringConvertible {
  /// RFC 3339 in UTC, with as many groups of three decimals as the moment needs:
  /// `2026-03-01T08:00:00Z`, `2026-03-01T08:00:00.250Z`.
  public var description: String {
    let civil = CivilTime(self)
    var text = padded(civil.year, to: 4) + "-" + padded(civil.month, to: 2) + "-"
    text += padded(civil.day, to: 2) + "T" + padded(civil.hour, to: 2) + ":"
    text += padded(civil.minute, to: 2) + ":" + padded(civil.second, to: 2)
    if civil.nanosecond != 0 {
      if civil.nanosecond % 1_000_000 == 0 {
        text += "." + padded(civil.nanosecond / 1_000_000, to: 3)
      } else if civil.nanosecond % 1_000 == 0 {
        text += "." + padded(civil.nanosecond / 1_000, to: 6)
      } else {
        text += "." + padded(civil.nanosecond, to: 9)
      }
    }
    return text + "Z"
  }

  /// The moment an RFC 3339 text names, or nil. A blank may stand for the `T`; without a zone the
  /// text is read in UTC, and a date alone is its midnight. Decimals beyond nine are dropped.
  public init?(rfc3339 text: some StringProtocol) {
    var reader = DigitReader(Array(text.utf8))
    guard let year = reader.number(digits: 4), reader.skip("-"),
      let month = reader.number(digits: 2), reader.skip("-"), let day = reader.number(digits: 2)
    else { return nil }
    var civil = CivilTime(year: year, month: month, day: day)
    var offset = 0
    if reader.skip("T") || reader.skip("t") || reader.skip(" ") {
      guard let hour = reader.number(digits: 2), reader.skip(":"),
        let minute = reader.number(digits: 2)
      else { return nil }
      civil.hour = hour
      civil.minute = minute
      if reader.skip(":") {
        guard let second = reader.number(digits: 2) else { return nil }
        civil.second = second
        if reader.skip(".") {
          guard let fraction = reader.fraction() else { return nil }
          civil.nanosecond = fraction
        }
      }
      guard let seconds = reader.zoneOffset() else { return nil }
      offset = seconds
    }
    guard reader.isAtEnd, civil.isValid else { return nil }
    self = civil.timestamp(offsetSeconds: offset)
  }
}

/// Reads numbers of a fixed width from ASCII.
private struct DigitReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func number(digits: Int) -> Int? {
    guard position + digits <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[position..<position + digits] {
      guard (48...57).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 48)
    }
    position += digits
    return value
  }

  /// Digits after the point, as nanoseconds.
  mutating func fraction() -> Int? {
    var value = 0
    var count = 0
    while position < bytes.count, (48...57).contains(bytes[position]) {
      if count < 9 {
        value = value * 10 + Int(bytes[position] - 48)
        count += 1
      }
      position += 1
    }
    guard count > 0 else { return nil }
    for _ in count..<9 { value *= 10 }
    return value
  }

  /// Seconds ahead of UTC from `Z`, `+hh:mm` or nothing.
  mutating func zoneOffset() -> Int? {
    if isAtEnd || skip("Z") || skip("z") { return 0 }
    let sign = skip("+") ? 1 : skip("-") ? -1 : 0
    guard sign != 0, let hours = number(digits: 2), hours < 24 else { return nil }
    _ = skip(":")
    guard let minutes = number(digits: 2), minutes < 60 else { return nil }
    return sign * (hours * 3_600 + minutes * 60)
  }
}

/// Decimal digits with zeros in front up to `width`.
private func padded(_ number: Int, to width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

import FactoryModel

/// Times as packets write them: `yyyyMMddHHmmss` and perhaps `zzz`, milliseconds, without a zone.
enum HJ212Clock {
  /// The moment that digits name, nil where they name none.
  static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, offsetSeconds: Int) -> Timestamp? {
    guard range.count == 14 || range.count == 17 else { return nil }
    let start = range.lowerBound
    guard let date = HJ212Decimal.whole(bytes, start..<start + 8),
      let time = HJ212Decimal.whole(bytes, start + 8..<start + 14)
    else { return nil }
    var milliseconds = 0
    if range.count == 17 {
      guard let value = HJ212Decimal.whole(bytes, start + 14..<start + 17) else { return nil }
      milliseconds = value
    }
    let civil = CivilTime(
      year: date / 10_000, month: date / 100 % 100, day: date % 100, hour: time / 10_000,
      minute: time / 100 % 100, second: time % 100, nanosecond: milliseconds * 1_000_000)
    return civil.isValid ? civil.timestamp(offsetSeconds: offsetSeconds) : nil
  }

  /// `yyyyMMddHHmmss`.
  static func text(_ time: Timestamp, offsetSeconds: Int) -> String {
    let civil = CivilTime(time, offsetSeconds: offsetSeconds)
    return [(civil.year, 4), (civil.month, 2), (civil.day, 2), (civil.hour, 2), (civil.minute, 2)]
      .map { padded($0.0, $0.1) }.joined() + padded(civil.second, 2)
  }

  /// `yyyyMMddHHmmsszzz`, a packet's QN.
  static func qn(_ time: Timestamp, offsetSeconds: Int) -> String {
    let civil = CivilTime(time, offsetSeconds: offsetSeconds)
    return text(time, offsetSeconds: offsetSeconds) + padded(civil.nanosecond / 1_000_000, 3)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

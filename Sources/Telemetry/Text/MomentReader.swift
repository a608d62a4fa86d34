import FactoryModel

/// Reads times as people and programs write them.
///
/// Numbers count from 1970 in seconds, milliseconds, microseconds or nanoseconds, as their size
/// says: the years 1980 to 2199 in one unit do not overlap with those in another. Dates are
/// `2026-03-01` or `2026/03/01` (year, month, day) or `01.03.2026` (day, month, year), followed by
/// `T` or a blank and the time of day; without a zone they are in the source's own.
struct MomentReader: Sendable {
  /// What the clock of texts without a zone is ahead of UTC.
  let zoneOffsetSeconds: Int
  /// nil: as the number's size says.
  let precision: TimePrecision?

  /// The moment of a text, nil when it is none or outside of `plausibleTimes`.
  func moment(_ text: some StringProtocol) -> Timestamp? {
    let bytes = Array(text.utf8.drop { $0 == UInt8(ascii: " ") })
    if let time = date(bytes) { return plausibleTimes.contains(time) ? time : nil }
    return number(String(decoding: bytes, as: UTF8.self))
  }

  private func number(_ text: some StringProtocol) -> Timestamp? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let whole = Int64(first) else {
      return Double(String(text)).flatMap(moment(seconds:))
    }
    guard let unit = precision ?? Self.precision(of: whole), let time = unit.time(steps: whole)
    else { return nil }
    guard parts.count == 2 else { return time }
    guard let fraction = Double("0." + parts[1]), whole >= 0 else { return nil }
    return time + .nanoseconds(Int64((fraction * Double(unit.nanoseconds)).rounded()))
  }

  /// A number with an exponent.
  private func moment(seconds number: Double) -> Timestamp? {
    guard abs(number) < 9e18, let unit = precision ?? Self.precision(of: Int64(number)) else {
      return nil
    }
    let nanoseconds = number * Double(unit.nanoseconds)
    guard abs(nanoseconds) < 9e18 else { return nil }
    let time = Timestamp(nanoseconds: Int64(nanoseconds))
    return plausibleTimes.contains(time) ? time : nil
  }

  private static func precision(of number: Int64) -> TimePrecision? {
    [.seconds, .milliseconds, .microseconds, .nanoseconds].first { $0.time(steps: number) != nil }
  }

  private func date(_ text: [UInt8]) -> Timestamp? {
    var bytes = text
    let point = UInt8(ascii: ".")
    guard bytes.count >= 10, !(48...57).contains(bytes[4]) || bytes[2] == point else { return nil }
    if bytes[2] == point, bytes[5] == point {
      bytes = bytes[6..<10] + [point] + bytes[3..<5] + [point] + bytes[0..<2] + bytes[10...]
    }
    for place in [4, 7] where bytes[place] == UInt8(ascii: "/") || bytes[place] == point {
      bytes[place] = UInt8(ascii: "-")
    }
    guard let time = Timestamp(rfc3339: String(decoding: bytes, as: UTF8.self)) else { return nil }
    let hasZone = bytes[10...].contains { "Zz+-".utf8.contains($0) }
    return hasZone ? time : time - .seconds(zoneOffsetSeconds)
  }
}

/// A date and time of day in the proleptic Gregorian calendar, in a zone the reader knows.
public struct CivilTime: Hashable, Sendable {
  public var year: Int
  /// 1 to 12.
  public var month: Int
  /// 1 to 31.
  public var day: Int
  public var hour: Int
  public var minute: Int
  /// 0 to 59; a leap second is not represented.
  public var second: Int
  public var nanosecond: Int

  /// A date and time of day, not checked.
  public init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0,
    nanosecond: Int = 0
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.nanosecond = nanosecond
  }

  /// What a clock that is `offsetSeconds` ahead of UTC shows at a moment.
  public init(_ time: Timestamp, offsetSeconds: Int = 0) {
    let (seconds, nanosecond) = time.nanoseconds.flooredDivision(by: 1_000_000_000)
    let (days, secondOfDay) = (seconds + Int64(offsetSeconds)).flooredDivision(by: 86_400)
    // Days from the civil calendar whose year begins in March; eras of 400 years have 146,097 days.
    let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    month = Int(shifted < 10 ? shifted + 3 : shifted - 9)
    year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    day = Int(dayOfYear - (153 * shifted + 2) / 5 + 1)
    hour = Int(secondOfDay / 3_600)
    minute = Int(secondOfDay / 60 % 60)
    second = Int(secondOfDay % 60)
    self.nanosecond = Int(nanosecond)
  }

  /// Whether the fields name a moment that exists, in years 1678 to 2261.
  public var isValid: Bool {
    guard (1678...2261).contains(year), (1...12).contains(month), day >= 1 else { return false }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    return day <= days && (0...23).contains(hour) && (0...59).contains(minute)
      && (0...59).contains(second) && (0..<1_000_000_000).contains(nanosecond)
  }

  /// The moment at which a clock `offsetSeconds` ahead of UTC shows this; the fields must be valid.
  public func timestamp(offsetSeconds: Int = 0) -> Timestamp {
    precondition(isValid, "not a date and time: \(self)")
    let shiftedYear = Int64(month <= 2 ? year - 1 : year)
    let (era, yearOfEra) = shiftedYear.flooredDivision(by: 400)
    let shiftedMonth = Int64(month > 2 ? month - 3 : month + 9)
    let dayOfYear = (153 * shiftedMonth + 2) / 5 + Int64(day) - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    let seconds =
      days * 86_400 + Int64(hour * 3_600 + minute * 60 + second) - Int64(offsetSeconds)
    return Timestamp(nanoseconds: seconds * 1_000_000_000 + Int64(nanosecond))
  }
}

extension Int64 {
  /// Quotient rounded down and the remainder, 0 ..< divisor.
  func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

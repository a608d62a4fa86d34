import FactoryModel
import Foundation
import Plant

/// Moments as the clock on the plant's wall shows them.
struct PlantClock {
  var timeZone: TimeZone

  /// `2026-03-01 08:00`; with its difference to UTC where the clock shows that time twice.
  func moment(_ time: Timestamp) -> String {
    let civil = civil(time)
    return "\(civil.year)-\(two(civil.month))-\(two(civil.day)) \(clock(time))"
  }

  /// `08:00`; `02:00 (+01:00)` where the clock shows that time twice.
  func clock(_ time: Timestamp) -> String {
    let civil = civil(time)
    return "\(two(civil.hour)):\(two(civil.minute))\(mark(time))"
  }

  /// The difference to UTC of a time that comes twice because the clocks are put back; else nothing.
  private func mark(_ time: Timestamp) -> String {
    let offset = offset(time)
    let isTwice = [-10_800, 10_800].contains { apart in
      let other = self.offset(time + .seconds(apart))
      return other != offset && self.offset(time + .seconds(offset - other)) == other
    }
    guard isTwice else { return "" }
    let minutes = abs(offset) / 60
    return " (\(offset < 0 ? "−" : "+")\(two(minutes / 60)):\(two(minutes % 60)))"
  }

  /// Both ends; the second with its date where that is another and it is not midnight after.
  func range(_ range: Range<Timestamp>) -> String {
    let (from, to) = (civil(range.lowerBound), civil(range.upperBound))
    let isSameDay = (from.year, from.month, from.day) == (to.year, to.month, to.day)
    let isMidnight = to.hour == 0 && to.minute == 0 && range.duration <= .seconds(90_000)
    let end =
      isSameDay
      ? clock(range.upperBound) : isMidnight ? "24:00" : moment(range.upperBound)
    return "\(moment(range.lowerBound))–\(end)"
  }

  private func civil(_ time: Timestamp) -> CivilTime {
    CivilTime(time, offsetSeconds: offset(time))
  }

  private func offset(_ time: Timestamp) -> Int {
    timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time.nanoseconds) / 1e9))
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

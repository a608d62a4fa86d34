import FactoryModel
import Foundation
import Plant

/// Moments as the clock on the plant's wall shows them.
struct PlantClock {
  var timeZone: TimeZone

  /// `2026-03-01 08:00`.
  func moment(_ time: Timestamp) -> String {
    let civil = civil(time)
    return "\(civil.year)-\(two(civil.month))-\(two(civil.day)) \(two(civil.hour)):"
      + two(civil.minute)
  }

  /// `08:00`.
  func clock(_ time: Timestamp) -> String {
    let civil = civil(time)
    return "\(two(civil.hour)):\(two(civil.minute))"
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
    let date = Date(timeIntervalSince1970: Double(time.nanoseconds) / 1e9)
    return CivilTime(time, offsetSeconds: timeZone.secondsFromGMT(for: date))
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

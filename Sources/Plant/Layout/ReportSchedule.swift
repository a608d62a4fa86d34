import Emissions
import FactoryModel

/// When the reports of shifts are due, by the plant's clocks; without shifts those of days.
public struct ReportSchedule: Sendable {
  private let calendar: ShiftCalendar
  private let settling: Duration

  /// A missed report older than this is not made up for.
  public static let longestBack = Duration.seconds(7 * 86_400)

  /// The shifts of a plant.
  public init(_ layout: PlantLayout) {
    calendar = ShiftCalendar(layout)
    // An emission period is reckoned with the first reading of the minute after its allowance.
    let allowance = layout.outlets.map(\.allowance).max() ?? .zero
    settling = allowance + .seconds(120)
  }

  /// Shifts whose reports are to be written at a moment, the oldest first: those that have ended and
  /// settled, and ended after the last one that was reported.
  /// - Parameter last: the end of the last shift that was reported, or when the record begins.
  public func due(at now: Timestamp, after last: Timestamp) -> [ShiftRun] {
    let start = max(last, now - Self.longestBack)
    // The longest shift is a day that is put back an hour.
    return calendar.shifts(in: start - .seconds(90_000)..<max(start, now)).filter {
      $0.range.upperBound > start && $0.range.upperBound + settling <= now
    }.sorted { $0.range.upperBound < $1.range.upperBound }
  }
}

import FactoryModel
import Plant

/// A stretch of the plant's calendar that a report is about.
public enum ReportLength: String, CaseIterable, Hashable, Sendable {
  case shift
  case day
  case week
  case month

  /// The shift, day, week or month that a moment lies in, with the name that reports give it.
  public func stretch(
    at moment: Timestamp, _ calendar: ShiftCalendar
  ) -> (name: String, range: Range<Timestamp>) {
    switch self {
    case .shift:
      let shift = calendar.shift(at: moment)
      return (shift.name ?? "day", shift.range)
    case .day: return ("day", calendar.day(at: moment).range)
    case .week: return ("week", calendar.stretch(.week, at: moment))
    case .month: return ("month", calendar.stretch(.month, at: moment))
    }
  }
}

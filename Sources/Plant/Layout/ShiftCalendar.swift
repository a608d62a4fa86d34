import FactoryModel
import Foundation

/// One shift of one day.
public struct ShiftRun: Hashable, Sendable {
  /// nil where the plant has no shifts: a day.
  public var name: String?
  public var range: Range<Timestamp>
  /// Stretches inside the range in which nothing is planned.
  public var breaks: [Range<Timestamp>]

  /// Planned time between two moments: the range without its breaks.
  public func plannedTime(in stretch: Range<Timestamp>) -> Duration {
    let own = stretch.clamped(to: range)
    return breaks.reduce(own.duration) { $0 - $1.clamped(to: own).duration }
  }
}

/// A shift as far as it lies in a range.
public struct ShiftPart: Hashable, Sendable {
  public var run: ShiftRun
  /// Of the shift's planned time, 0…1.
  public var share: Double

  init(_ whole: ShiftRun, in range: Range<Timestamp>) {
    run = whole
    run.range = whole.range.clamped(to: range)
    let planned = whole.plannedTime(in: whole.range)
    share = planned > .zero ? whole.plannedTime(in: run.range) / planned : 1
  }
}

extension ShiftRun {
  /// The range without its breaks, in order.
  var work: [Range<Timestamp>] { range.without(breaks) }
}

/// Lengths of the calendar longer than a day.
public enum CalendarStretch: Hashable, Sendable {
  case week
  case month

  fileprivate var component: Calendar.Component { self == .week ? .weekOfYear : .month }
}

/// When shifts begin and end by the plant's clocks, also where these are put forward or back.
public struct ShiftCalendar: Sendable {
  private let layout: PlantLayout
  private var calendar: Calendar

  /// The shifts of a plant.
  public init(_ layout: PlantLayout) {
    self.layout = layout
    calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = layout.timeZone
  }

  /// The shift at a moment; without shifts the day; between shifts the one that ended last.
  public func shift(at time: Timestamp) -> ShiftRun {
    let days = [-1, 0].map { day(of: time, moved: $0) }
    guard !layout.shifts.isEmpty else { return whole(days[1]) }
    let runs = days.flatMap { day in layout.shifts.map { run($0, on: day) } }
    return runs.first { $0.range.contains(time) }
      ?? runs.filter { $0.range.upperBound <= time }.max {
        $0.range.upperBound < $1.range.upperBound
      } ?? whole(days[1])
  }

  /// The shifts that begin in a range, in order.
  public func shifts(in range: Range<Timestamp>) -> [ShiftRun] {
    runs(over: range).filter { range.contains($0.range.lowerBound) }
  }

  /// The shifts of a range, in order, each as far as it lies in it.
  public func parts(of range: Range<Timestamp>) -> [ShiftPart] {
    runs(over: range).map { ShiftPart($0, in: range) }
  }

  private func runs(over range: Range<Timestamp>) -> [ShiftRun] {
    var runs: [ShiftRun] = []
    var day = day(of: range.lowerBound, moved: -1)
    while stamp(day) < range.upperBound {
      runs += layout.shifts.isEmpty ? [whole(day)] : layout.shifts.map { run($0, on: day) }
      day = calendar.date(byAdding: .day, value: 1, to: day) ?? .distantFuture
    }
    return runs.filter { $0.range.overlaps(range) }
      .sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  /// A range as one stretch of work: what no shift plans, and their breaks, are its breaks.
  public func plannedRun(over range: Range<Timestamp>, of runs: [ShiftRun]) -> ShiftRun {
    return ShiftRun(name: nil, range: range, breaks: range.without(runs.flatMap(\.work)))
  }

  /// The local week, Monday to Sunday, or month of a moment.
  public func stretch(_ length: CalendarStretch, at time: Timestamp) -> Range<Timestamp> {
    var calendar = calendar
    calendar.firstWeekday = 2
    let date = Date(timeIntervalSince1970: Double(time.nanoseconds) / 1e9)
    guard let found = calendar.dateInterval(of: length.component, for: date) else {
      return day(at: time).range
    }
    return stamp(found.start)..<stamp(found.end)
  }

  /// The local day of a moment.
  public func day(at time: Timestamp) -> ShiftRun { whole(day(of: time, moved: 0)) }

  private func day(of time: Timestamp, moved days: Int) -> Date {
    let date = Date(timeIntervalSince1970: Double(time.nanoseconds) / 1e9)
    let start = calendar.startOfDay(for: date)
    return calendar.date(byAdding: .day, value: days, to: start) ?? start
  }

  private func whole(_ day: Date) -> ShiftRun {
    ShiftRun(name: nil, range: moment(0, on: day)..<moment(1_440, on: day), breaks: [])
  }

  private func run(_ shift: Shift, on day: Date) -> ShiftRun {
    let length =
      shift.endMinute > shift.startMinute ? 0 : 1_440
    let range = moment(shift.startMinute, on: day)..<moment(shift.endMinute + length, on: day)
    let breaks = shift.breaks.map { rest in
      // A break before the beginning lies on the next day.
      let later = rest.lowerBound < shift.startMinute ? 1_440 : 0
      return (moment(rest.lowerBound + later, on: day)..<moment(rest.upperBound + later, on: day))
        .clamped(to: range)
    }
    return ShiftRun(name: shift.name, range: range, breaks: breaks)
  }

  /// Minutes after midnight by the clock on the wall.
  private func moment(_ minute: Int, on day: Date) -> Timestamp {
    let base = calendar.date(byAdding: .day, value: minute / 1_440, to: day) ?? day
    let rest = minute % 1_440
    let date =
      calendar.date(bySettingHour: rest / 60, minute: rest % 60, second: 0, of: base) ?? base
    return stamp(date)
  }

  private func stamp(_ date: Date) -> Timestamp {
    Timestamp(seconds: Int64(date.timeIntervalSince1970.rounded()))
  }
}

extension Range<Timestamp> {
  /// From beginning to end.
  public var duration: Duration { upperBound - lowerBound }

  /// What is left of it, in order, when others are taken out.
  package func without(_ others: [Range<Timestamp>]) -> [Range<Timestamp>] {
    var pieces: [Range<Timestamp>] = []
    var at = lowerBound
    for other in others.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      let own = other.clamped(to: self)
      if at < own.lowerBound { pieces.append(at..<own.lowerBound) }
      at = Swift.max(at, own.upperBound)
    }
    if at < upperBound { pieces.append(at..<upperBound) }
    return pieces
  }
}

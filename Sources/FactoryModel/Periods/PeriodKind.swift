/// How long a mean is taken over.
public enum PeriodKind: String, Hashable, Sendable, CaseIterable {
  case minute
  case halfHour
  case hour
  case day
  case month

  /// The start of the period in which a moment lies, by a clock `offsetSeconds` ahead of UTC that
  /// knows no summer time. For `.month` the moment must lie in the years 1678 to 2261.
  public func start(of time: Timestamp, offsetSeconds: Int) -> Timestamp {
    guard let seconds = fixedSeconds else {
      let civil = CivilTime(time, offsetSeconds: offsetSeconds)
      return CivilTime(year: civil.year, month: civil.month, day: 1)
        .timestamp(offsetSeconds: offsetSeconds)
    }
    let local =
      time.nanoseconds.flooredDivision(by: 1_000_000_000).quotient + Int64(offsetSeconds)
    let whole = local.flooredDivision(by: seconds).quotient * seconds
    return Timestamp(seconds: whole - Int64(offsetSeconds))
  }

  /// The end of the period that begins at `start`, which is the start of the next one.
  public func end(of start: Timestamp, offsetSeconds: Int) -> Timestamp {
    guard let seconds = fixedSeconds else {
      let civil = CivilTime(start, offsetSeconds: offsetSeconds)
      let isLast = civil.month == 12
      return CivilTime(
        year: civil.year + (isLast ? 1 : 0), month: isLast ? 1 : civil.month + 1, day: 1
      ).timestamp(offsetSeconds: offsetSeconds)
    }
    return start + .seconds(seconds)
  }

  /// Its length, nil for a month.
  private var fixedSeconds: Int64? {
    switch self {
    case .minute: 60
    case .halfHour: 1_800
    case .hour: 3_600
    case .day: 86_400
    case .month: nil
    }
  }
}

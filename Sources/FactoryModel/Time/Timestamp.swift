/// A moment: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds; years 1678 to 2262.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Since 1970-01-01T00:00:00Z.
  public var nanoseconds: Int64

  /// A moment from nanoseconds since 1970.
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// A moment from whole seconds since 1970, held at the ends of the range.
  public init(seconds: Int64) {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    nanoseconds = overflow ? (seconds < 0 ? .min : .max) : product
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// Later by a duration, held at the ends of the range.
  public static func + (time: Timestamp, duration: Duration) -> Timestamp {
    let (sum, overflow) = time.nanoseconds.addingReportingOverflow(duration.inNanoseconds)
    guard overflow else { return Timestamp(nanoseconds: sum) }
    return Timestamp(nanoseconds: duration < .zero ? .min : .max)
  }

  /// Earlier by a duration, held at the ends of the range.
  public static func - (time: Timestamp, duration: Duration) -> Timestamp {
    time + (.zero - duration)
  }

  /// From `earlier` to `later`, held at the ends of the range.
  public static func - (later: Timestamp, earlier: Timestamp) -> Duration {
    let (difference, overflow) =
      later.nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    guard overflow else { return .nanoseconds(difference) }
    return .nanoseconds(later < earlier ? Int64.min : .max)
  }
}

extension Duration {
  /// Whole nanoseconds, held at the ends of 64 bits (292 years).
  public var inNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflows) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflow || overflows ? (seconds < 0 ? .min : .max) : sum
  }

  /// Seconds with their fraction.
  public var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}

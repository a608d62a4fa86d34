import FactoryModel

/// The step in which a source counts time since 1970.
public enum TimePrecision: String, Hashable, Sendable, CaseIterable {
  case nanoseconds = "ns"
  case microseconds = "us"
  case milliseconds = "ms"
  case seconds = "s"
  case minutes = "m"
  case hours = "h"

  /// The precision that a write request names: `ns`, `n`, `us`, `u`, `µ`, `ms`, `s`, `m` or `h`;
  /// nil for anything else.
  public init?(parameter: String) {
    switch parameter {
    case "n": self = .nanoseconds
    case "u", "µ", "µs": self = .microseconds
    default: self.init(rawValue: parameter)
    }
  }

  /// Nanoseconds of one step.
  public var nanoseconds: Int64 {
    switch self {
    case .nanoseconds: 1
    case .microseconds: 1_000
    case .milliseconds: 1_000_000
    case .seconds: 1_000_000_000
    case .minutes: 60_000_000_000
    case .hours: 3_600_000_000_000
    }
  }

  /// The moment that lies so many steps after 1970; nil outside of `plausibleTimes`.
  public func time(steps: Int64) -> Timestamp? {
    let (product, overflow) = steps.multipliedReportingOverflow(by: nanoseconds)
    let time = Timestamp(nanoseconds: product)
    return overflow || !plausibleTimes.contains(time) ? nil : time
  }
}

/// What a reading's time may be: years 1980 to 2199. Anything else is a clock that was never set,
/// or a wrong precision.
public let plausibleTimes =
  Timestamp(seconds: 315_532_800)...Timestamp(nanoseconds: 7_258_118_400_000_000_000 - 1)

import FactoryModel
import Foundation

/// What time it is for delays, staleness and shelving.
public protocol MonitorClock: Sendable {
  /// The time of arrival of a batch, or now when there is none.
  func now(for batch: SampleBatch?) -> Timestamp
}

/// The machine's clock.
public struct WallClock: MonitorClock {
  public init() {}

  public func now(for batch: SampleBatch?) -> Timestamp { .now }
}

extension Timestamp {
  /// By the machine's clock.
  public static var now: Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}

import FactoryModel
import Foundation

/// Whose time counts for delays, staleness and shelving.
public enum MonitorClock: Sendable {
  /// The machine's: samples are judged as they arrive.
  case wall
  /// A recording's: a sample arrives when it was measured, time passes with the samples.
  case recording
}

extension Timestamp {
  /// By the machine's clock.
  public static var now: Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}

import Foundation

/// What the system lets this process do, set up for a monitor.
public enum ProcessLimits {
  /// Lets the process open as many files as its administrator allows, since a thousand loggers need
  /// a thousand; and makes a write beyond the largest file size an error instead of the process' end.
  public static func prepare() {
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}

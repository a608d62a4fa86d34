import FactoryModel

/// Slows down those who guess passwords: after some failures each further one doubles the wait.
///
/// Counted for a name at an address, for an address whatever the name, and for a name whatever the
/// address; the last with many free tries, so that a stranger cannot easily lock somebody out.
public struct LoginAttempts: Sendable {
  /// Failures before the first wait of a second: name at address, address, name.
  static let freeTries = (both: 5, address: 20, name: 100)
  /// The longest wait, and how long after the last failure they are forgotten.
  static let longestWaitSeconds = 900.0
  /// Keys that are remembered; beyond it the oldest are forgotten.
  static let capacity = 10_000

  private struct Failures {
    var count: Int
    var last: Timestamp
  }

  private enum Key: Hashable {
    case both(String, String)
    case address(String)
    case name(String)

    var freeTries: Int {
      switch self {
      case .both: LoginAttempts.freeTries.both
      case .address: LoginAttempts.freeTries.address
      case .name: LoginAttempts.freeTries.name
      }
    }
  }

  private var failures: [Key: Failures] = [:]

  /// Keys remembered now.
  public var size: Int { failures.count }

  /// No failures yet.
  public init() {}

  /// How long `name` at `address` has to wait before the next try; nil when it may try now.
  public func wait(name: String, address: String, at now: Timestamp) -> Duration? {
    let waits = keys(name, address).compactMap { key -> Duration? in
      guard let known = failures[key], known.count >= key.freeTries else { return nil }
      let exponent = Double(min(known.count - key.freeTries, 20))
      var seconds = 1.0
      for _ in 0..<Int(exponent) { seconds *= 2 }
      let left = known.last + .seconds(min(seconds, Self.longestWaitSeconds)) - now
      return left > .zero ? left : nil
    }
    return waits.max()
  }

  /// Counts a try before its password is checked, so that many at once count as many.
  public mutating func count(name: String, address: String, at now: Timestamp) {
    for key in keys(name, address) {
      let known = failures[key]
      let isOld = known.map { now - $0.last > .seconds(Self.longestWaitSeconds) } ?? true
      failures[key] = Failures(count: isOld ? 1 : (known?.count ?? 0) + 1, last: now)
    }
    if failures.count > Self.capacity { forget() }
  }

  /// The password was right: this try, and the failures of that name there, count no more.
  public mutating func forgive(name: String, address: String) {
    failures[.both(name, address)] = nil
    for key in [Key.address(address), .name(name)] {
      if let known = failures[key] { failures[key]?.count = max(0, known.count - 1) }
    }
  }

  private func keys(_ name: String, _ address: String) -> [Key] {
    [.both(name, address), .address(address), .name(name)]
  }

  /// Drops the older half.
  private mutating func forget() {
    let times = failures.values.map(\.last).sorted()
    let middle = times[times.count / 2]
    failures = failures.filter { $0.value.last > middle }
  }
}

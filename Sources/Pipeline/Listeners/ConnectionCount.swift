import Synchronization

/// How many connections are open, never more than the limit.
final class ConnectionCount: Sendable {
  private let limit: Int
  private let open = Mutex(0)

  init(limit: Int) {
    self.limit = limit
  }

  /// Takes a place; false when all are taken.
  func enter() -> Bool {
    open.withLock { count in
      guard count < limit else { return false }
      count += 1
      return true
    }
  }

  func leave() {
    open.withLock { $0 -= 1 }
  }
}

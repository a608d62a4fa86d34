import Dispatch
import Inspection
import Synchronization

/// Work spread over a fixed number of threads; results in order.
public struct AllCores: Workers {
  /// Threads used at the same time, ≥ 1.
  public let count: Int

  /// `count` threads.
  public init(count: Int) {
    precondition(count > 0, "\(count) workers")
    self.count = count
    _ = KeptMemory.kept
  }

  public func map<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    let results = Mutex([Swift.Result<Result, any Error>?](repeating: nil, count: count))
    let queue = WorkQueue(count: count)
    DispatchQueue.concurrentPerform(iterations: min(self.count, count)) { _ in
      while let index = queue.take() {
        let result = Swift.Result { try body(index) }
        results.withLock { $0[index] = result }
      }
    }
    return try results.withLock { try $0.map { try $0!.get() } }
  }
}

import Dispatch
import Foundation
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

  /// The threads are woken once; between stages, which are short, they do not sleep.
  public func inStages(_ pieces: [Int], _ body: @Sendable (Int, Int) -> Void) {
    let turns = pieces.map { StageTurn(count: $0) }
    DispatchQueue.concurrentPerform(iterations: min(count, pieces.max() ?? 0)) { _ in
      for (stage, turn) in turns.enumerated() {
        while let piece = turn.queue.take() {
          body(stage, piece)
          turn.finish()
        }
        turn.wait()
      }
    }
  }
}

/// The pieces of one stage: given out, then waited for. Whoever waits has found none left, so the rest
/// is in the hands of threads that run.
private final class StageTurn: Sendable {
  let queue: WorkQueue
  private let count: Int
  private let done = Atomic<Int>(0)

  init(count: Int) {
    queue = WorkQueue(count: count)
    self.count = count
  }

  func finish() { done.wrappingAdd(1, ordering: .releasing) }

  /// Returns when all pieces are done; lets other threads run when that takes long.
  func wait() {
    var looks = 0
    while done.load(ordering: .acquiring) < count {
      looks &+= 1
      if looks % 1024 == 0 { sched_yield() }
    }
  }
}

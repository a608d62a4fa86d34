import Synchronization

/// Counts finished pieces of a stage from any worker and reports each.
final class ProgressCounter: Sendable {
  private let done = Atomic<Int>(0)
  private let stage: String
  private let total: Int
  private let report: @Sendable (TeachingProgress) -> Void

  init(stage: String, total: Int, report: @escaping @Sendable (TeachingProgress) -> Void) {
    self.stage = stage
    self.total = total
    self.report = report
  }

  /// One more piece is done.
  func count() {
    let now = done.wrappingAdd(1, ordering: .relaxed).newValue
    report(TeachingProgress(stage: stage, done: now, total: total))
  }
}

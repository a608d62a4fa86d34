import Inspection
import Synchronization

/// Shows the stages of teaching, each with its own count and time left.
final class StageLines: Sendable {
  private let current = Mutex<(stage: String, line: ProgressLine)?>(nil)

  /// One more point of progress.
  func show(_ progress: TeachingProgress) {
    guard Terminal.errorIsTerminal else { return }
    let line = current.withLock { current in
      if let known = current, known.stage == progress.stage { return known.line }
      let line = ProgressLine(unit: progress.stage)
      current = (progress.stage, line)
      Terminal.progress(progress.stage)
      return line
    }
    if progress.done > 0 { line.show(progress.done, of: progress.total, note: progress.note) }
  }
}

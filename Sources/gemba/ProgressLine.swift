import Foundation
import Synchronization

/// A line on the terminal with rate and time left, redrawn at most ten times a second.
final class ProgressLine: Sendable {
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let drawn: Mutex<ContinuousClock.Instant?>
  private let unit: String

  /// Counts `unit` (`images`) from now.
  init(unit: String) {
    self.unit = unit
    start = clock.now
    drawn = Mutex(nil)
  }

  /// Shows `done` of `total` and what else there is to say.
  func show(_ done: Int, of total: Int, note: String = "") {
    guard Terminal.errorIsTerminal else { return }
    let now = clock.now
    let due = drawn.withLock { last in
      if let last, now - last < .milliseconds(100), done < total { return false }
      last = now
      return true
    }
    guard due else { return }
    let seconds = max((now - start) / .seconds(1), 0.001)
    let rate = Double(done) / seconds
    let left = rate > 0 ? Double(total - done) / rate : 0
    // Slow steps have no rate worth reading.
    let speed = rate < 1 ? "" : "  \(String(format: "%.0f", rate))/s"
    Terminal.progress(
      "\(done)/\(total) \(unit)\(speed)  "
        + "\(Self.words(seconds: left)) left\(note.isEmpty ? "" : "  " + note)")
  }

  /// Seconds since the line was made.
  var seconds: Double { (clock.now - start) / .seconds(1) }

  private static func words(seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }
}

import FactoryModel
import Storage

/// Why a site file is refused: an output would stay as an adjustment has set it.
struct AdjustmentWouldLeave: Error, CustomStringConvertible {
  var path: String
  var action: String
  var output: String
  /// Nil while its undoing is on its way.
  var value: Double?

  var description: String {
    let standing =
      value.map { "is in force (\(output) at \($0.shortText))" }
      ?? "is still being undone (\(output))"
    return
      "\(path): actions, \(action): the adjustment \(standing) and would leave with this file; "
      + "keep it until its alarm has cleared, or take out the alarm first, which undoes it"
  }
}

extension LineMonitor {
  /// Refuses a site file that would leave an output as an adjustment has set it.
  public func check(_ next: SiteFile) throws {
    for course in courses where !next.site.adjusts(course.action, "\(course.settings.output)") {
      let output = "\(course.settings.output)"
      if let line = course.written {
        throw AdjustmentWouldLeave(
          path: next.path, action: course.action, output: output, value: line.value)
      }
      if try outbox.next(of: course.action) != nil {
        throw AdjustmentWouldLeave(path: next.path, action: course.action, output: output)
      }
    }
  }

  /// Adjustments in force that left the site file while nobody ran: what undoes them is not known,
  /// so the outputs stay, the journal says so, and an action that comes back undoes them.
  /// - Returns: lines for the journal, and words for the log.
  static func left(
    of site: Site, _ journal: AdjustmentJournal
  ) throws -> (lines: [AdjustmentLine], words: [String]) {
    var (lines, words): ([AdjustmentLine], [String]) = ([], [])
    let first = try journal.lastSerial() + 1
    for last in try journal.standings() where !site.adjusts(last.action, last.output) {
      let isWritten = last.kind == .adjust && last.outcome != .dryRun
      guard isWritten || last.outcome == .pending else { continue }
      var line = last
      let value = last.value?.shortText ?? "what was written"
      let before = last.previous.map { ", it was at \($0.shortText) before" } ?? ""
      let comment =
        "no longer in the site file: \(last.output) stays at \(value)\(before); put it back by "
        + "hand, or put the action back into the file, which undoes it"
      words.append("actions, \(last.action): \(comment)")
      let later = try journal.lines(of: last.action, after: last.serial)
      if later.contains(where: { $0.kind == .left && $0.output == last.output }) { continue }
      line.serial = first + Int64(lines.count)
      line.time = .now
      (line.kind, line.outcome, line.comment) = (.left, .held, comment)
      line.settled = line.time
      lines.append(line)
    }
    return (lines, words)
  }
}

extension Site {
  /// Whether an action of that name adjusts that output.
  fileprivate func adjusts(_ action: String, _ output: String) -> Bool {
    actions.contains { $0.name == action && $0.adjustment.map { "\($0.output)" } == output }
  }
}

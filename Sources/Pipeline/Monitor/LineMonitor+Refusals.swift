import FactoryModel
import Telemetry

/// What was refused since the start, as far as it is on record.
struct RefusalLog {
  private var recorded: [String: Int] = [:]
  private var due: Timestamp?

  /// What came since the last call, by its source, once a minute; empty between.
  /// - Parameter isLast: whether there is no later call.
  mutating func take(
    _ counts: LineMonitor.Counts, at now: Timestamp, isLast: Bool
  ) -> [(source: String, count: Int)] {
    guard isLast || now >= due ?? .init(nanoseconds: .max) else {
      due = due ?? now + Self.every
      return []
    }
    due = now + Self.every
    let all = [
      ("lines", counts.linesRefused), ("hj212", counts.packetsRefused),
      ("mqtt", counts.messagesRefused),
    ]
    return all.compactMap { source, count in
      let new = count - (recorded.updateValue(count, forKey: source) ?? 0)
      return new > 0 ? (source, new) : nil
    }
  }

  private static let every = Duration.seconds(60)
}

/// What an engineer should hear of, the first of each source since it was last told.
struct TroubleLog {
  private var first: [String: String] = [:]

  /// Takes in what is the matter.
  /// - Parameter trouble: may hold what a stranger has sent.
  mutating func note(_ source: String, _ trouble: String) {
    guard first[source] == nil else { return }
    let scalars = trouble.unicodeScalars.prefix(400).map { scalar in
      scalar.properties.generalCategory == .control ? "\u{FFFD}" : Character(scalar)
    }
    first[source] = String(scalars)
  }

  mutating func take() -> [String: String] {
    defer { first.removeAll() }
    return first
  }
}

extension LineMonitor {
  /// By source (`lines`, `hj212`, `mqtt`, `mqtt broker`): what was refused and why, or why it is
  /// away; the first since the last call.
  public func takeTroubles() -> [String: String] { troubles.take() }

  /// Counts what a source of lines has sent since a report of it.
  func count(_ report: LineReport, since before: LineReport) {
    counts.lines += report.lines - before.lines
    counts.linesRefused += report.refused - before.refused
    guard report.firstRefused.count > before.firstRefused.count else { return }
    let first = report.firstRefused[before.firstRefused.count]
    troubles.note("lines", "refused: line \(first.line): \(first.fault)")
  }

  /// Records how many lines, packets and messages were refused: a sample of
  /// `monitor.refused{source=…}` is their number since the one before. A replay records none.
  func takeRefusals(isLast: Bool) {
    guard clock == .wall else { return }
    let now = now
    for (source, count) in refusals.take(counts, at: now, isLast: isLast) {
      let name = SignalName(path: "monitor.refused", tags: [.init("source", source)])
      batch.append(table.id(of: name), Sample(time: now, value: Double(count), quality: .good))
    }
    takeBatch()
  }
}

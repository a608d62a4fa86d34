import FactoryModel

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

extension LineMonitor {
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

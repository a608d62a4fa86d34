import FactoryModel
import Storage

/// What Gemba wrote to the process because of an alarm, or held back, and what became of it.
public struct AdjustmentStretch: Sendable {
  public var made: AdjustmentLine
  /// The line that took it back, nil while it is in force or where nothing was made.
  public var undone: AdjustmentLine?
  /// The machine that the alarm's signal belongs to, nil where none does.
  public var machine: String?

  /// Whether it was made, or would have been, and holds.
  public var isInForce: Bool {
    undone == nil && [.pending, .written, .dryRun].contains(made.outcome)
  }
}

extension PlantRecord {
  /// Adjustments that were decided in a range, after those that were in force at its beginning.
  public func adjustments(in range: Range<Timestamp>) throws -> [AdjustmentStretch] {
    let journal = AdjustmentJournal(file)
    var stretches: [AdjustmentStretch] = []
    /// By action and output: the place of the one that holds.
    var holding: [[String]: Int] = [:]
    let before = try inForce(before: range.lowerBound).map(\.made)
    for line in try before + journal.lines(in: range) {
      let last = holding[[line.action, line.output]]
      if line.outcome.isMade || line.kind == .undo {
        if let last { stretches[last].undone = line }
        holding[[line.action, line.output]] = line.kind == .adjust ? stretches.count : nil
      }
      if line.kind == .adjust {
        stretches.append(AdjustmentStretch(made: line, machine: machine(of: line.signal)))
      }
    }
    return stretches
  }

  /// Adjustments that hold now.
  public func adjustmentsInForce() throws -> [AdjustmentStretch] {
    try inForce(before: allTime.upperBound)
  }

  private func inForce(before moment: Timestamp) throws -> [AdjustmentStretch] {
    try AdjustmentJournal(file).standings(before: moment).filter { $0.kind == .adjust }
      .map { AdjustmentStretch(made: $0, machine: machine(of: $0.signal)) }.filter(\.isInForce)
  }

  private func machine(of signal: String) -> String? {
    (try? SignalPattern(signal))?.name.flatMap(layout.machine)?.name
  }
}

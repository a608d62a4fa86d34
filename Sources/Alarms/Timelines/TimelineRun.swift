import FactoryModel

/// What came of a timeline.
public struct TimelineResult: Hashable, Sendable {
  /// An alarm's row as it should be and as it was.
  public struct Row: Hashable, Sendable {
    public var label: String
    public var line: Int
    public var expected: [String]
    public var found: [String]
  }

  public var timeline: Timeline
  public var rows: [Row]
  /// Actions that went otherwise than the timeline says, in words.
  public var surprises: [String]
  public var journal: [AlarmTransition]

  public var hasPassed: Bool { surprises.isEmpty && rows.allSatisfy { $0.expected == $0.found } }

  /// What differs: expected and found under each other, a mark under each difference.
  public var failure: String {
    var lines = surprises.map { "  \($0)" }
    for row in rows where row.expected != row.found {
      let times = timeline.steps.map(Self.text)
      let width = (times + row.expected + row.found).map(\.count).max() ?? 1
      func joined(_ cells: [String]) -> String {
        cells.map { $0 + String(repeating: " ", count: width - $0.count) }.joined(separator: " ")
      }
      let marks = zip(row.expected, row.found).map { $0 == $1 ? "" : "^" }
      lines += [
        "  \(row.label), line \(row.line)", "    time      \(joined(times))",
        "    expected  \(joined(row.expected))", "    found     \(joined(row.found))",
        "              \(joined(marks))",
      ]
    }
    return lines.map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }

  private static func text(_ time: Duration) -> String {
    let milliseconds = time.inNanoseconds / 1_000_000
    return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
  }
}

extension Timeline {
  /// 2026-01-05T08:00:00Z, when every timeline begins.
  static let start = Timestamp(seconds: 1_767_600_000)

  /// Plays the timeline: in each step samples come row by row, then operators act, then alarms are
  /// looked at.
  /// - Parameter file: the file's name, for messages.
  public func run(under rules: [AlarmRule], file: String) throws(TimelineError) -> TimelineResult {
    var run = TimelineRun(rules: rules)
    var rows = expectations.map {
      TimelineResult.Row(label: $0.label, line: $0.line, expected: $0.cells, found: [])
    }
    for (step, offset) in steps.enumerated() {
      let now = Self.start + offset
      if step < restarts.count, restarts[step] { run.restart() }
      for row in samples {
        if let cell = row.cells[step] { run.give(cell, of: row.label, at: now) }
      }
      run.engine.advance(to: now, into: &run.journal)
      for row in actions {
        guard let cell = row.cells[step] else { continue }
        guard let status = run.status(of: row.label) else { throw unknown(row, file) }
        run.perform(cell, on: status, at: now, line: row.line)
      }
      for place in rows.indices {
        let status = run.status(of: rows[place].label)
        guard status != nil || rules.contains(where: { rows[place].label.hasPrefix($0.name) })
        else { throw unknown(expectations[place], file) }
        rows[place].found.append(status.map(letter) ?? ".")
      }
    }
    return TimelineResult(
      timeline: self, rows: rows, surprises: run.surprises, journal: run.journal)
  }

  private func unknown<Cell>(_ row: Row<Cell>, _ file: String) -> TimelineError {
    TimelineError(
      file: file, line: row.line, found: "“\(row.label)”",
      expected: "an alarm, as `NAME` or, where a rule means several signals, `NAME @ SIGNAL`")
  }
}

/// The engine and what surrounds it while a timeline plays.
private struct TimelineRun {
  let rules: [AlarmRule]
  var engine: AlarmEngine
  var table = SignalTable()
  var journal: [AlarmTransition] = []
  var surprises: [String] = []
  /// What a record would hold beside the journal.
  private var newest: [SignalID: Sample] = [:]
  private var memory: [[String]: AlarmMemory] = [:]

  init(rules: [AlarmRule]) {
    self.rules = rules
    engine = AlarmEngine(rules: rules)
  }

  /// The engine begins anew from what would be on record.
  mutating func restart() {
    for entry in engine.unsavedMemory(table) {
      memory[[entry.alarm, entry.signal]] = entry.bytes.isEmpty ? nil : entry
    }
    engine = AlarmEngine(rules: rules)
    engine.restore(from: journal)
    for (signal, sample) in newest { engine.recall(sample, of: signal, table: table) }
    engine.restore(memory: Array(memory.values), table: table)
  }

  mutating func give(_ cell: Timeline.SampleCell, of signal: String, at now: Timestamp) {
    guard let name = (try? SignalPattern(signal))?.name else { return }
    let id = table.id(of: name)
    var batch = SampleBatch()
    let isBad = cell.text == "bad"
    let value = isBad ? 0 : Double(cell.text) ?? table.value(of: cell.text, in: id)
    let sample = Sample(time: now + cell.offset, value: value, quality: isBad ? .bad : .good)
    batch.append(id, sample)
    if sample.time >= newest[id]?.time ?? sample.time { newest[id] = sample }
    engine.take(batch, places: 0..<1, arrivedAt: now, table: table, into: &journal)
  }

  /// The alarm of a label `NAME` or `NAME @ SIGNAL`.
  func status(of label: String) -> AlarmStatus? {
    let all = engine.statuses
    return all.first { "\($0.name) @ \($0.signal)" == label } ?? all.first { $0.name == label }
  }

  mutating func perform(
    _ cell: Timeline.ActionCell, on status: AlarmStatus, at now: Timestamp, line: Int
  ) {
    let action: OperatorAction =
      switch cell.word {
      case .plain(let action): action
      case .shelve(let time): .shelve(until: now + time)
      }
    do {
      try engine.perform(
        action, on: status.name, signal: status.signal, by: "operator", at: now, into: &journal)
      if cell.isRefused { surprises.append("line \(line): \(action.name) was not refused") }
    } catch {
      if !cell.isRefused { surprises.append("line \(line): \(error)") }
    }
  }
}

import FactoryModel
import StrictYAML

extension TimelineFile {
  /// Reads a file of timelines.
  /// - Parameter file: its name, for messages.
  public init(_ text: String, file: String) throws(TimelineError) {
    var rules: [Substring] = []
    var reader = TimelineReader(file: file)
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if !reader.hasBegun, !line.hasPrefix("timeline ") {
        rules.append(line)
      } else {
        try reader.take(line, number: index + 1)
      }
    }
    try reader.finish()
    guard !reader.timelines.isEmpty else {
      throw TimelineError(
        file: file, line: 1, found: "no timeline", expected: "a line `timeline TITLE`")
    }
    let hasRules = rules.contains { !$0.allSatisfy(\.isWhitespace) && !$0.hasPrefix("#") }
    self.init(
      rules: hasRules ? rules.joined(separator: "\n") : "", timelines: reader.timelines)
  }
}

/// Reads line by line what comes after the rules.
private struct TimelineReader {
  let file: String
  private(set) var timelines: [Timeline] = []
  private(set) var hasBegun = false
  private var every = Duration.seconds(1)
  private var hasTimes = false
  private var current = Timeline(title: "", line: 0)

  init(file: String) {
    self.file = file
  }

  mutating func take(_ text: Substring, number: Int) throws(TimelineError) {
    let line = text.trimmed
    if line.isEmpty || line.hasPrefix("#") { return }
    if line.hasPrefix("timeline ") {
      try finish()
      hasBegun = true
      every = .seconds(1)
      hasTimes = false
      current = Timeline(title: String(line.dropFirst(9).trimmed), line: number)
    } else if line.hasPrefix("every ") {
      guard let time = duration(of: String(line.dropFirst(6).trimmed)), time > .zero else {
        throw wrong(number, line, "every and a time with its unit, such as `every 5s`")
      }
      every = time
    } else if let bar = line.lastIndex(of: "|") {
      let cells = line[line.index(after: bar)...].split(whereSeparator: \.isWhitespace)
      try takeRow(String(line[..<bar].trimmed), cells, number)
    } else {
      throw wrong(number, line, "`timeline TITLE`, `every TIME` or `LABEL | cell cell …`")
    }
  }

  mutating func finish() throws(TimelineError) {
    guard hasBegun else { return }
    let lengths = [
      current.samples.map { ($0.line, $0.cells.count) },
      current.actions.map { ($0.line, $0.cells.count) },
      current.expectations.map { ($0.line, $0.cells.count) },
    ].flatMap(\.self)
    let count = hasTimes ? current.steps.count : lengths.first?.1 ?? 0
    guard !current.expectations.isEmpty, count > 0 else {
      throw wrong(current.line, "a timeline without expected states", "a row `ALARM | . . U`")
    }
    for (line, length) in lengths where length != count {
      throw wrong(line, "\(length) cells", "\(count), as in the row above")
    }
    if !current.restarts.isEmpty, current.restarts.count != count {
      throw wrong(
        current.line, "\(current.restarts.count) cells of restart", "\(count) of them")
    }
    if !hasTimes { current.steps = (0..<count).map { every * $0 } }
    timelines.append(current)
  }

  private mutating func takeRow(
    _ label: String, _ cells: [Substring], _ number: Int
  ) throws(TimelineError) {
    if label == "at" {
      current.steps = try cells.map { (cell) throws(TimelineError) in
        guard let time = duration(of: String(cell)) else {
          throw wrong(number, cell, "times with their unit: `at | 0s 5s 2m`")
        }
        return time
      }
      guard zip(current.steps, current.steps.dropFirst()).allSatisfy({ $0 <= $1 }) else {
        throw wrong(number, "times that go back", "times in order")
      }
      hasTimes = true
    } else if label == "restart" {
      current.restarts = cells.map { $0 != "-" }
    } else if label.hasPrefix("do ") {
      let row = try cells.map { (cell) throws(TimelineError) in try action(cell, number) }
      current.actions.append(
        Timeline.Row(label: String(label.dropFirst(3).trimmed), line: number, cells: row))
    } else if isSignal(label) {
      let row = try cells.map { (cell) throws(TimelineError) in try sample(cell, number) }
      current.samples.append(Timeline.Row(label: label, line: number, cells: row))
    } else {
      for cell in cells
      where !["p", ".", "U", "u", "A", "a", "R", "r", "S", "X", "O"].contains(cell) {
        throw wrong(number, cell, "one of . p U u A a R r S X O in the row of an alarm")
      }
      current.expectations.append(
        Timeline.Row(label: label, line: number, cells: cells.map(String.init)))
    }
  }

  /// Names of signals have a dot and no ` @ `; rules are told from them by that.
  private func isSignal(_ label: String) -> Bool {
    guard !label.contains(" @ "), let name = (try? SignalPattern(label))?.name else { return false }
    return name.path.contains(".")
  }

  private func sample(
    _ cell: Substring, _ number: Int
  ) throws(TimelineError) -> Timeline.SampleCell? {
    if cell == "-" { return nil }
    let parts = cell.split(separator: "@", maxSplits: 1)
    guard let text = parts.first else { throw wrong(number, cell, "a value") }
    guard parts.count == 2 else { return Timeline.SampleCell(text: String(text), offset: .zero) }
    guard let offset = duration(of: String(parts[1].drop { $0 == "-" })) else {
      throw wrong(number, cell, "a value and how much older it is, such as 90@-5s")
    }
    return Timeline.SampleCell(
      text: String(text), offset: parts[1].hasPrefix("-") ? .zero - offset : offset)
  }

  private func action(
    _ cell: Substring, _ number: Int
  ) throws(TimelineError) -> Timeline.ActionCell? {
    if cell == "-" { return nil }
    let isRefused = cell.hasPrefix("!")
    let word = isRefused ? cell.dropFirst() : cell
    let plain: [Substring: OperatorAction] = [
      "ack": .acknowledge, "reset": .reset, "shelve-once": .shelveOnce, "unshelve": .unshelve,
      "out": .takeOutOfService, "in": .returnToService,
    ]
    if let action = plain[word] {
      return Timeline.ActionCell(word: .plain(action), isRefused: isRefused)
    }
    if word.hasPrefix("shelve:"), let time = duration(of: String(word.dropFirst(7))) {
      return Timeline.ActionCell(word: .shelve(time), isRefused: isRefused)
    }
    throw wrong(
      number, cell, "ack, reset, shelve:TIME, shelve-once, unshelve, out, in or - in a row of `do`")
  }

  private func wrong(_ line: Int, _ found: some StringProtocol, _ expected: String)
    -> TimelineError
  {
    TimelineError(file: file, line: line, found: "“\(found)”", expected: expected)
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}

import FactoryModel

/// A shift in short: what signals said and operators did, step by step, and how alarms should stand
/// after each step. `Sources/Alarms/README.md` shows the text form.
public struct Timeline: Hashable, Sendable {
  /// What it shows, as the heading says.
  public var title: String
  /// The heading's line in its file, from 1.
  public var line: Int
  /// The time of every step, from the beginning of the timeline.
  public var steps: [Duration] = []
  var samples: [Row<SampleCell?>] = []
  var actions: [Row<ActionCell?>] = []
  var expectations: [Row<String>] = []
  /// Whether the engine starts anew from its journal before a step; empty: never.
  var restarts: [Bool] = []

  /// A row: what it is about, its line, one cell for each step.
  struct Row<Cell: Hashable & Sendable>: Hashable, Sendable {
    var label: String
    var line: Int
    var cells: [Cell]
  }

  /// A sample; its time is `offset` from the step's.
  struct SampleCell: Hashable, Sendable {
    var text: String
    var offset: Duration
  }

  /// An action; `isRefused` where the timeline says that it must not be possible.
  struct ActionCell: Hashable, Sendable {
    var word: ActionWord
    var isRefused: Bool
  }

  /// An action by its word; an end of shelving is counted from the step.
  enum ActionWord: Hashable, Sendable {
    case plain(OperatorAction)
    case shelve(Duration)
  }
}

/// A file of timelines: rules and what should come of them.
public struct TimelineFile: Sendable {
  /// The `alarms:` part as YAML, empty when the rules come from elsewhere.
  public var rules: String
  public var timelines: [Timeline]
}

/// Why a timeline cannot be read.
public struct TimelineError: Error, Hashable, Sendable, CustomStringConvertible {
  public var file: String
  public var line: Int
  public var found: String
  public var expected: String

  public var description: String {
    "\(file), line \(line): found \(found), expected \(expected)"
  }
}

/// How an alarm stands, as one letter: `.` normal, `U` unacknowledged, `A` acknowledged, `R`
/// returned, `S` shelved, `X` suppressed, `O` out of service; `p`, `u`, `a`, `r` while a change waits
/// for its delay.
func letter(of status: AlarmStatus) -> String {
  switch status.state {
  case .normal: status.isPending ? "p" : "."
  case .unacknowledged: status.isPending ? "u" : "U"
  case .acknowledged: status.isPending ? "a" : "A"
  case .returned: status.isPending ? "r" : "R"
  case .shelved: "S"
  case .suppressed: "X"
  case .outOfService: "O"
  }
}

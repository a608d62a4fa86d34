import FactoryModel

/// What is done when an alarm changes its state.
public struct AlarmAction: Hashable, Sendable {
  /// How it is done.
  public enum Way: Hashable, Sendable {
    /// A POST of the transition as JSON.
    case webhook(url: String, headers: [String: String])
    /// The v2 interface of a Prometheus Alertmanager; `url` is its root.
    case alertmanager(url: String)
    /// A message with the transition as JSON, of quality 1.
    case publish(MQTTSettings, topic: String)
    /// A program with its arguments; it reads the transition as JSON from standard input.
    case command([String])
    /// A number to a coil or registers: `value`, and `cleared` in the states in which the alarm
    /// does not hold.
    case modbusWrite(PlantOutput, value: Double, cleared: Double?)
    /// A guarded change of the process, and its undoing.
    case adjust(Adjustment)
  }

  public var name: String
  public var way: Way
  /// Names of alarms; `*` stands for any characters.
  public var alarms: [String]
  /// The states that it is told of, when they are entered.
  public var states: Set<AlarmState>
  /// After so many it is given up.
  public var attempts: Int
  /// Before the second attempt; twice as long before each later one, five minutes at most.
  public var wait: Duration
  /// The longest an attempt may take.
  public var timeout: Duration

  /// The guarded change that it is, nil for every other way.
  var adjustment: Adjustment? {
    if case .adjust(let adjustment) = way { adjustment } else { nil }
  }

  /// Whether it is to be done because of a transition. An adjustment has its own mind.
  func concerns(_ transition: AlarmTransition) -> Bool {
    states.contains(transition.to) && means(transition) && adjustment == nil
  }

  /// Whether a transition is one of an alarm that it is about.
  func means(_ transition: AlarmTransition) -> Bool {
    alarms.contains { Self.matches(transition.alarm, $0) }
  }

  /// How long to wait after the attempt with this number, counted from 1.
  func wait(after attempt: Int) -> Duration {
    // What changes the process must not come long after its device is back.
    let longest = Duration.seconds(adjustment == nil ? 300 : 2)
    // Beyond ten doublings any wait of a second is at its longest.
    return min(longest, wait * (1 << min(attempt - 1, 20)))
  }

  /// Whether a text fits a pattern in which `*` stands for any characters.
  static func matches(_ text: String, _ pattern: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = parts.first, let last = parts.last, parts.count > 1 else {
      return text == pattern
    }
    guard text.hasPrefix(first), text.hasSuffix(last), text.count >= first.count + last.count
    else { return false }
    var rest = text.dropFirst(first.count).dropLast(last.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }
}

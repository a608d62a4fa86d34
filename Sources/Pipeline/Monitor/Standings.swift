import FactoryModel

/// How one alarm stands.
public struct AlarmStanding: Hashable, Sendable {
  public var name: String
  public var signal: String
  public var state: AlarmState
  /// Of the signal when the state was entered.
  public var value: Double?
  public var limit: Double?
  /// When the state was entered, nil if it never changed.
  public var since: Timestamp?
  /// When it last called as a new alarm, nil if it never has.
  public var began: Timestamp?
  public var priority: AlarmPriority
  /// Where to go: the machine that the signal belongs to, else the signal's place; nil where the
  /// site file says neither.
  public var place: String?
  /// What people call the signal, and its unit; nil where the site file does not say.
  public var label: String?
  public var unit: String?
}

/// Which alarms an operator means.
public enum AlarmTarget: Hashable, Sendable {
  case one(name: String, signal: String)
  /// Of every signal.
  case all(name: String)
  /// Of `AlarmList`, by its identity.
  case group(String)

  /// As a message names it.
  var name: String {
    switch self {
    case .one(let name, _), .all(let name), .group(let name): name
    }
  }
}

/// How one signal stands.
public struct SignalStanding: Sendable {
  public var name: SignalName
  public var description: SignalDescription?
  public var kind: SignalKind
  /// The newest sample by its own time, calibrated.
  public var sample: Sample
  /// The word that the value stands for, for a signal of words.
  public var text: String?
  /// Nothing came within two expected intervals.
  public var isStale: Bool
  /// The last values, oldest first, nil where the reading was bad.
  public var recent: [Double?]
}

/// What a sender is told of the lines it sent.
public struct WriteReceipt: Hashable, Sendable {
  public var lines: Int
  public var samples: Int
  public var refused: Int
  /// Samples that were not recorded because they are dated too far ahead.
  public var ahead: Int
  /// The first refused lines: number and reason.
  public var faults: [String]
}

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
  public var priority: AlarmPriority
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

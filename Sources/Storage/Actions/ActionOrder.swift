import FactoryModel

/// One thing to be done because an alarm changed its state.
public struct ActionOrder: Hashable, Sendable {
  /// How far it has come.
  public enum State: String, Hashable, Sendable, CaseIterable {
    /// To be done, for the first time or again.
    case pending
    case done
    /// Given up after the last attempt: the dead letters.
    case dead
  }

  /// Counts up over the life of the record; 0 before it is on record.
  public var id: Int64
  /// Of the transition; of a shift's report the end of the shift in seconds since 1970, negative. One
  /// action has one order of a serial.
  public var serial: Int64
  /// The action's name.
  public var action: String
  /// What is sent.
  public var payload: String
  /// Made so far.
  public var attempts: Int
  /// When the next attempt is to be made.
  public var due: Timestamp
  public var state: State
  /// Of the last attempt that failed.
  public var fault: String?

  /// An order that nobody has tried to carry out yet.
  public init(serial: Int64, action: String, payload: String, due: Timestamp) {
    id = 0
    self.serial = serial
    self.action = action
    self.payload = payload
    attempts = 0
    self.due = due
    state = .pending
  }
}

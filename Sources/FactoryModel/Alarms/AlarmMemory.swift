/// What an alarm needs beside the journal and the samples, so that after a restart it goes on as if
/// there had been none: delays under way, charts, learned baselines. Rules alone know its form.
public struct AlarmMemory: Hashable, Sendable {
  /// The rule's name; empty for what is kept of a signal.
  public var alarm: String
  /// The signal's name; empty for what is kept of time: the clock's, and when signals were heard.
  public var signal: String
  /// Empty when there is nothing to keep any more.
  public var bytes: [UInt8]

  /// What is kept of one alarm, of a signal or of time.
  public init(alarm: String, signal: String, bytes: [UInt8]) {
    self.alarm = alarm
    self.signal = signal
    self.bytes = bytes
  }
}

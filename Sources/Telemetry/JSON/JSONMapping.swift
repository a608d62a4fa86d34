import FactoryModel

/// What the values of a JSON payload are called.
public struct JSONMapping: Hashable, Sendable {
  /// A value and its signal.
  public struct Entry: Hashable, Sendable {
    public var value: JSONPath
    public var signal: SignalTemplate

    /// The value that stands at a path is of a signal.
    public init(_ value: JSONPath, _ signal: SignalTemplate) {
      self.value = value
      self.signal = signal
    }
  }

  /// What is recorded.
  public enum Signals: Hashable, Sendable {
    /// The values named; what is not there is left out.
    case entries([Entry])
    /// Every number, truth value and text, each as `measurement.path.of.keys`, but for time and
    /// quality. Places of lists count as keys; a payload that is a value itself is
    /// `measurement.value`.
    case all(measurement: SignalTemplate)
  }

  /// A list whose items are read one by one; nil: the payload is one item, or a list of items.
  public var each: JSONPath?
  /// Where an item's time stands, else the payload's; nil: the time of receipt.
  public var time: JSONPath?
  /// The unit of times that are numbers; nil: as their size says.
  public var precision: TimePrecision?
  /// What the clock of times without a zone is ahead of UTC.
  public var zoneOffsetSeconds = 0
  /// Where `good`, `uncertain` or `bad` stands.
  public var quality: JSONPath?
  public var signals: Signals

  /// A mapping with paths inside of an item.
  public init(
    _ signals: Signals, each: JSONPath? = nil, time: JSONPath? = nil, quality: JSONPath? = nil
  ) {
    self.signals = signals
    self.each = each
    self.time = time
    self.quality = quality
  }

  /// `{"time":…,"signal":"machine.temp{id=m7}","value":…,"quality":"good"}`, as `gemba query --json`
  /// prints it.
  public static let readings: JSONMapping = {
    guard let signal = try? SignalTemplate("${signal}") else {
      preconditionFailure("${signal} is a template")
    }
    return JSONMapping(
      .entries([Entry(JSONPath("value"), signal)]), time: JSONPath("time"),
      quality: JSONPath("quality"))
  }()
}

/// One reading of one signal.
public struct Sample: Hashable, Sendable {
  /// When it was read, by the source's clock.
  public var time: Timestamp
  /// In the signal's unit; for a signal of words the place in its list of words. NaN is `bad`.
  public var value: Double
  public var quality: Quality

  /// One reading.
  public init(time: Timestamp, value: Double, quality: Quality = .good) {
    self.time = time
    self.value = value
    self.quality = quality
  }
}

/// Readings of many signals in order of arrival, column by column.
///
/// All four columns have one length. Numbers of signals belong to the `SignalTable` that the codec
/// was given.
public struct SampleBatch: Sendable {
  public private(set) var signals: [SignalID] = []
  /// Nanoseconds since 1970, as in `Timestamp`.
  public private(set) var times: [Int64] = []
  public private(set) var values: [Double] = []
  public private(set) var qualities: [Quality] = []

  /// An empty batch.
  public init() {}

  public var count: Int { signals.count }
  public var isEmpty: Bool { signals.isEmpty }

  /// One reading and its signal.
  public subscript(place: Int) -> (signal: SignalID, sample: Sample) {
    let sample = Sample(
      time: Timestamp(nanoseconds: times[place]), value: values[place], quality: qualities[place])
    return (signals[place], sample)
  }

  /// Adds a reading. A value that is not finite becomes `bad`.
  public mutating func append(_ signal: SignalID, time: Int64, value: Double, quality: Quality) {
    signals.append(signal)
    times.append(time)
    values.append(value)
    qualities.append(value.isFinite ? quality : .bad)
  }

  /// Adds a reading. A value that is not finite becomes `bad`.
  public mutating func append(_ signal: SignalID, _ sample: Sample) {
    append(
      signal, time: sample.time.nanoseconds, value: sample.value, quality: sample.quality)
  }

  /// Adds good readings column by column: numbers of signals, nanoseconds since 1970, and values,
  /// which must be finite. All three must have the same length.
  public mutating func append(
    signals: ArraySlice<Int32>, times: ArraySlice<Int64>, values: ArraySlice<Double>
  ) {
    precondition(
      signals.count == times.count && signals.count == values.count,
      "columns differ in length: \(signals.count), \(times.count), \(values.count)")
    self.signals.append(contentsOf: signals.lazy.map { SignalID(index: $0) })
    self.times.append(contentsOf: times)
    self.values.append(contentsOf: values)
    qualities.append(contentsOf: repeatElement(.good, count: signals.count))
  }

  /// Puts another value in a reading's place. A value that is not finite becomes `bad`.
  public mutating func setValue(_ value: Double, at place: Int) {
    values[place] = value
    if !value.isFinite { qualities[place] = .bad }
  }

  /// Empties the batch and keeps its memory.
  public mutating func removeAll() {
    signals.removeAll(keepingCapacity: true)
    times.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    qualities.removeAll(keepingCapacity: true)
  }
}

import FactoryModel

/// The newest sample of every signal, and a short memory for the screen.
struct SignalBoard {
  /// Values in the memory, oldest overwritten first.
  static let remembered = 60

  fileprivate struct Entry {
    var newest: Sample
    var arrival: Timestamp
    var recent: [Double?] = []
    var next = 0
    /// Samples of a signal that comes fast are thinned, so that the memory reaches back a minute.
    var lastRemembered: Timestamp
  }

  private var entries: [Entry?] = []
  /// The time of the newest sample that was received: what the monitor reckons itself goes on when
  /// nothing comes any more.
  private(set) var lastSample: Timestamp?

  /// Takes the newest sample of a record, which arrived when it was measured.
  mutating func restore(_ sample: Sample, of signal: SignalID, isReckoned: Bool) {
    var batch = SampleBatch()
    batch.append(signal, sample)
    _ = take(batch, arrival: sample.time, lateness: .zero, isReckoned: isReckoned)
  }

  /// Takes samples in order of arrival.
  /// - Parameter isReckoned: whether the monitor worked them out itself.
  /// - Returns: how many were older than the allowed lateness.
  mutating func take(
    _ batch: SampleBatch, arrival: Timestamp, lateness: Duration, isReckoned: Bool = false
  ) -> Int {
    let last = lastSample
    defer { if isReckoned { lastSample = last } }
    var late = 0
    let allowed = lateness.inNanoseconds
    for place in 0..<batch.count {
      let (signal, sample) = batch[place]
      let index = Int(signal.index)
      while entries.count <= index { entries.append(nil) }
      guard var entry = entries[index] else {
        entries[index] = Entry(
          newest: sample, arrival: arrival, recent: [sample.shown], lastRemembered: sample.time)
        if lastSample.map({ $0 < sample.time }) ?? true { lastSample = sample.time }
        continue
      }
      if sample.time < entry.newest.time {
        if entry.newest.time.nanoseconds - sample.time.nanoseconds > allowed { late += 1 }
        continue
      }
      entries[index] = nil
      entry.newest = sample
      entry.arrival = arrival
      if sample.time - entry.lastRemembered >= .seconds(1) {
        entry.remember(sample)
      }
      entries[index] = entry
      if let newest = lastSample, newest < sample.time { lastSample = sample.time }
    }
    return late
  }

  /// The newest sample of a signal by its own time.
  func newest(of id: SignalID) -> Sample? { entry(id)?.newest }

  /// When the newest sample of a signal arrived.
  func arrival(of id: SignalID) -> Timestamp? { entry(id)?.arrival }

  /// The remembered values of a signal, oldest first.
  func recent(of id: SignalID) -> [Double?] {
    guard let entry = entry(id) else { return [] }
    return Array(entry.recent[entry.next...] + entry.recent[..<entry.next])
  }

  private func entry(_ id: SignalID) -> Entry? {
    Int(id.index) < entries.count ? entries[Int(id.index)] : nil
  }
}

extension SignalBoard.Entry {
  fileprivate mutating func remember(_ sample: Sample) {
    lastRemembered = sample.time
    if recent.count < SignalBoard.remembered {
      recent.append(sample.shown)
    } else {
      recent[next] = sample.shown
      next = (next + 1) % SignalBoard.remembered
    }
  }
}

extension Sample {
  /// The value, nil where it cannot be relied on.
  fileprivate var shown: Double? { quality == .bad || !value.isFinite ? nil : value }
}

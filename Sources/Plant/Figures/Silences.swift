import Emissions
import FactoryModel
import Storage

extension PlantRecord {
  /// Stretches of five whole minutes or more of a range, counted from its beginning, in which no
  /// signal had a reading: a crash, a power cut, a plant without its monitor.
  ///
  /// Cost: as a rule that of reading one signal, because one that speaks every minute settles it.
  public func silences(in range: Range<Timestamp>) throws -> [Range<Timestamp>] {
    var minutes = MinuteMarks(range)
    let signals = try recordedSignals()
    for signal in signals.prefix(Self.askedAlone) {
      for open in minutes.silences {
        try history.visit(signal, in: open) { for sample in $0 { minutes.mark(sample.time) } }
      }
      if minutes.silences.isEmpty { return [] }
    }
    let others = Array(signals.dropFirst(Self.askedAlone))
    for open in minutes.silences {
      try history.visit(others, in: open) { for entry in $0 { minutes.mark(entry.sample.time) } }
    }
    return minutes.silences
  }

  /// All signals but those that the monitor reckons itself, in order of appearance.
  func recordedSignals() throws -> [SignalName] {
    let outlets = Set(layout.outlets.map(\.name))
    return try file.signals().all.filter { signal in
      let isReckoned =
        signal.path.hasPrefix("emission.") && signal[tag: "outlet"].map(outlets.contains) ?? false
      return !isReckoned && !signal.path.hasPrefix("monitor.")
    }
  }

  /// Signals that are read one by one before the others are read together.
  private static let askedAlone = 4
}

/// Which minutes of a range had a reading.
private struct MinuteMarks {
  private static let shortest = 5
  private let range: Range<Timestamp>
  private var isMarked: [Bool]

  init(_ range: Range<Timestamp>) {
    self.range = range
    isMarked = Array(repeating: false, count: Self.minutes(range.duration))
  }

  mutating func mark(_ time: Timestamp) {
    let place = Self.minutes(time - range.lowerBound)
    if isMarked.indices.contains(place) { isMarked[place] = true }
  }

  var silences: [Range<Timestamp>] {
    var found: [Range<Timestamp>] = []
    var begin: Int?
    for place in 0...isMarked.count {
      guard place == isMarked.count || isMarked[place] else {
        begin = begin ?? place
        continue
      }
      if let begin, place - begin >= Self.shortest { found.append(time(begin)..<time(place)) }
      begin = nil
    }
    return found
  }

  private static func minutes(_ duration: Duration) -> Int {
    Int(duration.inNanoseconds / 60_000_000_000)
  }

  private func time(_ minute: Int) -> Timestamp {
    minute == isMarked.count ? range.upperBound : range.lowerBound + .seconds(60 * minute)
  }
}

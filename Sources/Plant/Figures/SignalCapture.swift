import Emissions
import FactoryModel
import Storage

/// How completely a signal was recorded in a range.
public struct SignalCapture: Hashable, Sendable {
  public var signal: SignalName
  public var readings: Int
  public var uncertain: Int
  public var bad: Int
  /// How often a sample is expected, nil where the site file does not say.
  public var interval: Duration?
  /// The share of expected intervals with a reading that is not bad; nil without an interval.
  public var share: Double?
  /// Stretches longer than two intervals without such a reading, in order; empty without an
  /// interval.
  public var gaps: [Range<Timestamp>]
}

/// How completely a range was recorded.
public struct CaptureFigures: Hashable, Sendable {
  /// In order of appearance; values that the monitor works out itself are left out.
  public var signals: [SignalCapture]
  /// Stretches of five whole minutes or more in which no signal had a reading.
  public var silences: [Range<Timestamp>]
}

extension PlantRecord {
  /// The capture of all signals up to a moment in a range.
  /// - Parameter descriptions: what the site file says of signals; earlier ones win.
  public func capture(
    in range: Range<Timestamp>, until end: Timestamp, _ descriptions: [SignalDescription]
  ) throws -> CaptureFigures {
    let range = range.clamped(to: range.lowerBound..<max(range.lowerBound, end))
    let outlets = Set(layout.outlets.map(\.name))
    var minutes = MinuteMarks(range)
    var found: [SignalCapture] = []
    for signal in try file.signals().all {
      let isReckoned =
        signal.path.hasPrefix("emission.") && signal[tag: "outlet"].map(outlets.contains) ?? false
      guard !isReckoned else { continue }
      let interval = descriptions.first { $0.pattern.matches(signal) }?.interval
      found.append(try capture(of: signal, in: range, every: interval, marking: &minutes))
    }
    return CaptureFigures(signals: found, silences: minutes.silences)
  }

  private func capture(
    of signal: SignalName, in range: Range<Timestamp>, every interval: Duration?,
    marking minutes: inout MinuteMarks
  ) throws -> SignalCapture {
    var found = SignalCapture(
      signal: signal, readings: 0, uncertain: 0, bad: 0, interval: interval, gaps: [])
    let step = interval.map { max(1, $0.inNanoseconds) }
    var (last, slot, taken) = (range.lowerBound, Int64(-1), 0)
    func close(_ time: Timestamp) {
      guard let interval, last + interval + interval < time else { return }
      found.gaps.append(last..<time)
    }
    try history.visit(signal, in: range) { samples in
      for sample in samples {
        found.readings += 1
        minutes.mark(sample.time)
        if sample.quality == .uncertain { found.uncertain += 1 }
        guard sample.quality != .bad else {
          found.bad += 1
          continue
        }
        close(sample.time)
        last = sample.time
        guard let step else { continue }
        let own = (sample.time - range.lowerBound).inNanoseconds / step
        if own != slot { (slot, taken) = (own, taken + 1) }
      }
    }
    close(range.upperBound)
    if let step, range.duration > .zero {
      let slots = (range.duration.inNanoseconds - 1) / step + 1
      found.share = Double(taken) / Double(slots)
    }
    return found
  }
}

/// Which minutes of a range had a reading.
private struct MinuteMarks {
  private static let shortest = 5
  private let range: Range<Timestamp>
  private var isMarked: [Bool]

  init(_ range: Range<Timestamp>) {
    self.range = range
    isMarked = Array(repeating: false, count: Int(range.duration / .seconds(60)))
  }

  mutating func mark(_ time: Timestamp) {
    let place = Int((time - range.lowerBound) / .seconds(60))
    if isMarked.indices.contains(place) { isMarked[place] = true }
  }

  var silences: [Range<Timestamp>] {
    var found: [Range<Timestamp>] = []
    var begin: Int?
    for (place, isMarked) in (isMarked + [true]).enumerated() {
      guard isMarked else {
        begin = begin ?? place
        continue
      }
      if let begin, place - begin >= Self.shortest { found.append(time(begin)..<time(place)) }
      begin = nil
    }
    return found
  }

  private func time(_ minute: Int) -> Timestamp {
    minute == isMarked.count ? range.upperBound : range.lowerBound + .seconds(60 * minute)
  }
}

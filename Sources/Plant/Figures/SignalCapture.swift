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
public struct CaptureFigures: Sendable {
  /// In order of appearance; values that the monitor works out itself are left out.
  public var signals: [SignalCapture]
  /// Stretches of five whole minutes or more in which no signal had a reading.
  public var silences: [Range<Timestamp>]
  /// Lines, packets and messages that could not be read, by their source; none where all could.
  public var refused: [(source: String, count: Int)]
}

extension PlantRecord {
  /// The capture of all signals up to a moment in a range.
  /// - Parameter descriptions: what the site file says of signals; earlier ones win.
  public func capture(
    in range: Range<Timestamp>, until end: Timestamp, _ descriptions: [SignalDescription]
  ) throws -> CaptureFigures {
    let range = range.clamped(to: range.lowerBound..<max(range.lowerBound, end))
    var found: [SignalCapture] = []
    for signal in try recordedSignals() {
      let interval = descriptions.first { $0.pattern.matches(signal) }?.interval
      found.append(try capture(of: signal, in: range, every: interval))
    }
    return CaptureFigures(
      signals: found, silences: try silences(in: range),
      refused: try refused(in: range))
  }

  /// What the monitor recorded of lines, packets and messages that it refused.
  private func refused(in range: Range<Timestamp>) throws -> [(source: String, count: Int)] {
    let pattern = try SignalPattern("monitor.refused{source=*}")
    return try history.signals(matching: pattern).compactMap { signal in
      var count = 0
      try history.visit(signal, in: range) { for sample in $0 { count += Int(sample.value) } }
      return count > 0 ? (signal[tag: "source"] ?? "", count) : nil
    }
  }

  private func capture(
    of signal: SignalName, in range: Range<Timestamp>, every interval: Duration?
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

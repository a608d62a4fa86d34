import FactoryModel

/// What reckoning brought: rows for the record and samples of signals, in the order in which the
/// periods came to their end.
public struct EmissionResults: Sendable {
  public internal(set) var periods: [PeriodValue] = []
  public internal(set) var samples: [(signal: SignalName, sample: Sample)] = []

  /// Nothing.
  public init() {}

  /// Whether there is nothing to take.
  public var isEmpty: Bool { periods.isEmpty && samples.isEmpty }

  /// Gives everything away.
  public mutating func takeAll() -> (
    periods: [PeriodValue], samples: [(signal: SignalName, sample: Sample)]
  ) {
    defer { self = EmissionResults() }
    return (periods, samples)
  }

  mutating func add(_ name: SignalName, _ time: Timestamp, _ value: Double?, _ quality: Quality) {
    let sample = Sample(
      time: time, value: value ?? .nan, quality: value == nil ? .bad : quality)
    samples.append((name, sample))
  }
}

extension EmissionOutlet {
  /// Adds the rows and samples of a period that was reckoned.
  func publish(
    _ tallies: [PeriodTally], _ kind: PeriodKind, from start: Timestamp,
    into results: inout EmissionResults
  ) {
    let end = kind.end(of: start, offsetSeconds: zoneOffsetSeconds)
    for (place, factor) in factors.enumerated() {
      let value = row(tallies[place], place, kind, start..<end)
      results.periods.append(value)
      let isPollutant = place < pollutants.count
      let oxygen = isPollutant ? oxygenPlace.map { tallies[$0] } : nil
      publish(value, factor, isPollutant: isPollutant, oxygen: oxygen, into: &results)
    }
  }

  private func row(
    _ tally: PeriodTally, _ place: Int, _ kind: PeriodKind, _ time: Range<Timestamp>
  ) -> PeriodValue {
    var limit: Double?
    if place < pollutants.count {
      if kind == profile.basic { limit = pollutants[place].limit }
      if kind == .day { limit = pollutants[place].dayLimit }
    }
    return PeriodValue(
      signal: signal(factors[place]), kind: kind, start: time.lowerBound, end: time.upperBound,
      mean: tally.mean, minimum: tally.minimum, maximum: tally.maximum, total: tally.total,
      converted: tally.converted, count: tally.count, flag: tally.flag,
      capturePercent: tally.capturePercent, limit: limit)
  }

  private func publish(
    _ value: PeriodValue, _ factor: String, isPollutant: Bool, oxygen: PeriodTally?,
    into results: inout EmissionResults
  ) {
    let name = "-" + value.kind.rawValue
    let own = Self.quality(value.flag)
    let judged = max(own, oxygen.map { Self.quality($0.flag) } ?? own)
    let isConverted = isPollutant && value.converted != nil
    results.add(
      signal(factor, name), value.end, isPollutant ? value.converted ?? value.mean : value.mean,
      isPollutant ? (isConverted ? judged : .bad) : own)
    guard value.kind != .minute else { return }
    if oxygen != nil { results.add(signal(factor, name + "-measured"), value.end, value.mean, own) }
    results.add(signal(factor, name + "-capture"), value.end, value.capturePercent, .good)
    if flow != nil, isPollutant || factor == flow?.factor {
      let unit = isPollutant ? "-kg" : "-m3"
      results.add(signal(factor, name + unit), value.end, value.total, own)
    }
    if value.limit != nil {
      let isOver = value.isOverLimit
      results.add(signal(factor, name + "-over"), value.end, isOver.map { $0 ? 1 : 0 }, judged)
    }
  }

  private static func quality(_ flag: PeriodFlag) -> Quality {
    switch flag {
    case .normal: .good
    case .abnormal: .uncertain
    case .tooFew: .bad
    }
  }
}

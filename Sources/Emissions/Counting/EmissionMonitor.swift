import FactoryModel

/// What became of readings; every number only grows.
public struct EmissionCounts: Hashable, Sendable {
  /// Readings that counted, bad ones included.
  public var readings = 0
  /// Readings of a period that was closed.
  public var late = 0
  /// Second readings of one millisecond.
  public var repeated = 0
  /// Readings outside of the years 1970 to 2199, a day ahead of the clock that `advance` told, or
  /// lonely ones a day ahead of all others.
  public var absurd = 0
}

/// Means, masses and exceedances of all outlets, as their readings arrive.
///
/// Pure: samples in, rows and samples out, and time is that of the samples.
public struct EmissionMonitor: Sendable {
  private var outlets: [OutletCount]
  /// Outlet and input of each signal's readings, by name until the signal has a number.
  private var readers: [SignalName: [(outlet: Int, input: Int)]] = [:]
  private var routes: [[(outlet: Int, input: Int)]] = []

  /// Nothing counted yet.
  public init(_ outlets: [EmissionOutlet]) {
    self.outlets = outlets.map { OutletCount($0) }
    for (place, outlet) in outlets.enumerated() {
      for (input, signal) in outlet.inputs.enumerated() {
        readers[signal, default: []].append((place, input))
      }
    }
  }

  /// The outlets and what became of their readings.
  public var counts: [(outlet: EmissionOutlet, counts: EmissionCounts)] {
    outlets.map { ($0.outlet, $0.counts) }
  }

  /// Takes the readings that belong to an outlet; others pass by. `signals` must be the same table
  /// at every call.
  public mutating func take(
    _ batch: SampleBatch, signals: SignalTable, into results: inout EmissionResults
  ) {
    guard !readers.isEmpty else { return }
    for place in 0..<batch.count {
      take(batch[place].sample, of: batch.signals[place], signals: signals, into: &results)
    }
  }

  /// Takes one reading, as `take` of a batch does.
  public mutating func take(
    _ sample: Sample, of signal: SignalID, signals: SignalTable,
    into results: inout EmissionResults
  ) {
    while routes.count < signals.count {
      routes.append(readers[signals[SignalID(index: Int32(routes.count))]] ?? [])
    }
    for route in routes[Int(signal.index)] {
      outlets[route.outlet].take(sample, input: route.input, into: &results)
    }
  }

  /// Ends the periods of outlets that have fallen silent: the clock stands in for readings that are
  /// `openFor` late. Readings a day ahead of the clock are not believed from then on.
  public mutating func advance(to now: Timestamp, into results: inout EmissionResults) {
    for place in outlets.indices { outlets[place].advance(to: now, into: &results) }
  }

  /// Goes on after a restart from the record: give all hours (or half-hours) and days of this month
  /// and the last one. Then feed the readings since `resumesAt`.
  public mutating func restore(_ recorded: [PeriodValue]) {
    for place in outlets.indices { outlets[place].restore(recorded) }
  }

  /// The time from which readings still count, the earliest of all outlets.
  public var resumesAt: Timestamp? { outlets.map(\.closedBefore).min() }
}

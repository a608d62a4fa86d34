import Emissions
import FactoryModel

/// A generator with a seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Midnight of a day of 2024 in the zone of the outlets below.
func day(_ month: Int, _ day: Int) -> Timestamp {
  CivilTime(year: 2024, month: month, day: day).timestamp(offsetSeconds: 8 * 3_600)
}

func signal(_ name: String) -> SignalName { SignalName(measurement: "stack", field: name) }

/// Two pollutants, oxygen with 6 % as reference and a flow in m³/s.
func stack(_ profile: AveragingProfile, minuteSamples: Int? = nil) -> EmissionOutlet {
  var outlet = EmissionOutlet(
    name: "stack 1", profile: profile,
    pollutants: [
      .init(
        factor: "a21026", signal: signal("so2"), limit: 35, dayLimit: 30, confidencePercent: 20),
      .init(factor: "a34013", signal: signal("dust"), limit: 10),
    ])
  if profile != .euHalfHours { outlet.pollutants[0].confidencePercent = 0 }
  outlet.oxygen = .init(signal: signal("o2"), reference: OxygenReference(percent: 6)!)
  outlet.flow = .init(signal: signal("flow"), unit: .cubicMetresPerSecond)
  outlet.minuteSamples = minuteSamples ?? outlet.minuteSamples
  return outlet
}

/// Feeds readings in the order given, `size` to a batch, and gives everything that came out.
struct Feed {
  var monitor: EmissionMonitor
  var signals = SignalTable()
  let inputs: [SignalName]
  var results = EmissionResults()

  init(_ outlet: EmissionOutlet) {
    monitor = EmissionMonitor([outlet])
    inputs =
      outlet.pollutants.map(\.signal)
      + [outlet.oxygen?.signal, outlet.flow?.signal].compactMap { $0 }
  }

  mutating func take(_ readings: [Reading], batchSize size: Int = 100) {
    for start in stride(from: 0, to: readings.count, by: size) {
      var batch = SampleBatch()
      for reading in readings[start..<min(start + size, readings.count)] {
        let sample = Sample(
          time: reading.time, value: reading.value, quality: reading.quality)
        batch.append(signals.id(of: inputs[reading.input]), sample)
      }
      monitor.take(batch, signals: signals, into: &results)
    }
  }

  /// The last word on each period.
  var final: [PeriodKey: PeriodValue] {
    var rows: [PeriodKey: PeriodValue] = [:]
    for row in results.periods {
      rows[PeriodKey(signal: row.signal, kind: row.kind, start: row.start)] = row
    }
    return rows
  }

  /// The last value of a signal at a time.
  func sample(_ field: String, _ time: Timestamp) -> Sample? {
    results.samples.last { $0.signal.path == "emission.\(field)" && $0.sample.time == time }?.sample
  }
}

struct PeriodKey: Hashable {
  var signal: SignalName
  var kind: PeriodKind
  var start: Timestamp
}

/// One reading of each value every `seconds` from `start` on.
func steady(
  _ values: [Double], from start: Timestamp, seconds: Int, every step: Int = 5
) -> [Reading] {
  stride(from: 0, to: seconds, by: step).flatMap { second in
    values.enumerated().map { Reading(input: $0, time: start + .seconds(second), value: $1) }
  }
}

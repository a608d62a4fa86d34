import Alarms
import Emissions
import FactoryModel
import Plant
import Storage

/// A stretch of one signal's life.
public struct SignalRecord: Sendable {
  /// Means over equal stretches of time; nil where there was no usable sample.
  public var points: [(time: Timestamp, value: Double?)]
  /// What the site file says of it.
  public var description: SignalDescription?
  /// Limits of the alarms on it, and of an emission's means.
  public var limits: [Double]
  /// What its alarms did meanwhile.
  public var alarms: [AlarmTransition]
}

extension LineMonitor {
  /// What a signal did between two moments, in `points` means. Reads beside what arrives.
  public nonisolated func history(
    of name: SignalName, from start: Timestamp, to end: Timestamp, points: Int
  ) async throws -> SignalRecord {
    let width = max(1, (end.nanoseconds - start.nanoseconds) / Int64(points))
    var sums = [Double](repeating: 0, count: points + 1)
    var counts = [Int](repeating: 0, count: points + 1)
    let range = start..<Timestamp(nanoseconds: end.nanoseconds + 1)
    try SampleHistory(file).visit(name, in: range) { samples in
      for sample in samples where sample.quality != .bad {
        let bucket = Int((sample.time.nanoseconds - start.nanoseconds) / width)
        sums[min(bucket, points)] += sample.value
        counts[min(bucket, points)] += 1
      }
    }
    let signal = name.description
    let words = await words(of: name)
    return SignalRecord(
      points: sums.indices.map { place in
        let time = Timestamp(nanoseconds: start.nanoseconds + Int64(place) * width)
        return (time, counts[place] > 0 ? sums[place] / Double(counts[place]) : nil)
      },
      description: words.description, limits: words.limits,
      alarms: try journal.transitions(in: range).filter { $0.signal == signal })
  }

  /// What is said of a signal, and the limits that hold for it.
  private func words(of name: SignalName) -> (description: SignalDescription?, limits: [Double]) {
    let signal = name.description
    let alarms = engine.statuses.filter { $0.signal == signal }.compactMap(\.limit)
    let emissions = site.plant.outlets.flatMap { outlet in
      outlet.pollutants.filter {
        outlet.signal($0.factor, "-\(outlet.profile.basic.rawValue)") == name
      }.compactMap(\.limit)
    }
    return (
      site.signals.first { $0.pattern.matches(name) }, Set(alarms + emissions).sorted()
    )
  }

  /// The journal after a serial, in order.
  public nonisolated func journal(after serial: Int64) throws -> [AlarmTransition] {
    try journal.transitions(after: serial)
  }

  /// The plant's figures from what is on record.
  public var plantRecord: PlantRecord { PlantRecord(site.plant, file) }
}

import Emissions
import FactoryModel
import Plant
import Storage

extension LineMonitor {
  /// Reckons emissions by the site file in use, from what is on record.
  func resumeEmissions() throws {
    emissions = EmissionMonitor(site.plant.outlets)
    guard !site.plant.outlets.isEmpty, let newest = board.lastSample else { return }
    unwrittenEntries.periods += try emissions.resume(
      site.plant.outlets, from: file, table, newest: newest)
  }

  /// The same when time has passed.
  func takeEmissions() {
    var arrival = now
    takeEmissions(at: &arrival)
  }

  /// Takes over what has been reckoned: rows for the record, and samples that rules watch too.
  func takeEmissions(at arrival: inout Timestamp) {
    guard !emissionResults.isEmpty else { return }
    let (periods, samples) = emissionResults.takeAll()
    unwrittenEntries.periods += periods
    var reckoned = SampleBatch()
    for (name, sample) in samples { reckoned.append(table.id(of: name), sample) }
    judge(reckoned, 0..<reckoned.count, at: &arrival)
    record(reckoned, at: arrival, isReckoned: true)
  }
}

extension EmissionMonitor {
  /// Goes on with the periods that were open when a record ended, at `newest`.
  /// - Returns: rows that were reckoned again.
  mutating func resume(
    _ outlets: [EmissionOutlet], from file: RecordFile, _ table: SignalTable, newest: Timestamp
  ) throws -> [PeriodValue] {
    // Hours and days of this month and the last one.
    let start = newest - .seconds(63 * 86_400)
    let later = Timestamp(nanoseconds: .max)
    let kinds = Set(outlets.map(\.profile.basic)).union([.day])
    restore(try PeriodTable(file).values(of: kinds, in: start..<later))
    guard let since = resumesAt else { return [] }
    var readings: [(id: SignalID, sample: Sample)] = []
    for signal in Set(outlets.flatMap(\.inputs)) {
      guard let id = table.find(signal) else { continue }
      try SampleHistory(file).visit(signal, in: max(since, start)..<later) { samples in
        readings += samples.map { (id, $0) }
      }
    }
    readings.sort { ($0.sample.time, $0.id) < ($1.sample.time, $1.id) }
    // The samples that follow from these are on record already.
    var results = EmissionResults()
    for (id, sample) in readings { take(sample, of: id, signals: table, into: &results) }
    return results.takeAll().periods
  }
}

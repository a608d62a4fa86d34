import Alarms
import Emissions
import FactoryModel
import Storage

extension LineMonitor {
  /// Lets time pass for delays, staleness and shelving until cancelled.
  public func keepTime() async throws {
    while !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(200))
      engine.advance(to: now, into: &unwritten)
      advanceLoggers()
      emissions.advance(to: now, into: &emissionResults)
      takeEmissions()
      takeRefusals(isLast: false)
      if hasUnwritten { try? await commit() }
      dropOldHistory()
    }
  }

  /// Removes samples that are older than the site file keeps them, a little at a time.
  ///
  /// Ages count from the newest sample, not from the clock: a record of old data is not emptied
  /// because it is old.
  func dropOldHistory() {
    guard let keep = site.retention, let newest = board.lastSample, now >= nextAging else { return }
    let report = try? file.age(Retention(keep: keep), now: min(newest, now))
    nextAging = now + (report?.isPartial == true ? .seconds(1) : .seconds(600))
  }
}

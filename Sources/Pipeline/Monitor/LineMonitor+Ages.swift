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

  /// Removes and thins samples that are older than the site file keeps them, and forgets actions
  /// carried out long ago and old pictures, a little at a time.
  ///
  /// Ages of samples count from the newest one, not from the clock: a record of old data is not
  /// emptied because it is old.
  func dropOldHistory() {
    let now = now
    guard now >= nextAging else { return }
    var isPartial = false
    if site.retention.samples != Retention(), let newest = board.lastSample {
      isPartial = (try? file.age(site.retention.samples, now: min(newest, now)))?.isPartial == true
    }
    let forgotten = try? outbox.forget(doneBefore: now - site.retention.actions, most: 1_000)
    try? InspectionRecord(file).forgetPictures(
      before: now - site.retention.pictures, most: SiteRetention.mostPictures)
    nextAging = now + (isPartial || forgotten == 1_000 ? .seconds(1) : .seconds(600))
  }
}

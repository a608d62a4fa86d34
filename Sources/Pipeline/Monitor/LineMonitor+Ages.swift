import FactoryModel
import Storage

extension LineMonitor {
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

import Alarms
import Emissions
import FactoryModel
import Plant
import Storage

extension LineMonitor {
  /// Goes on under another site file; what `Site.restartNeeded` names stays.
  /// - Throws: `AdjustmentWouldLeave`, and then nothing has changed.
  public func take(_ file: SiteFile) async throws {
    try check(file)
    engine.replaceRules(
      by: file.site.rules, table: table, at: now, into: &unwritten)
    let outlets = site.plant.outlets
    site = file.site
    describer = SignalDescriber(site.signals)
    places = SignalPlaces(site)
    if site.plant.outlets != outlets { try resumeEmissions() }
    // What follows from the change of rules is still for the adjustments as they were.
    try await commit()
    courses = try Self.courses(of: site, isDryRun: isDryRun, self.file)
    loggers.use(site.loggers)
  }
}

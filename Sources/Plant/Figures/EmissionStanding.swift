import Emissions
import FactoryModel
import Storage

/// How a pollutant stands in the hour (or half-hour) that its limit is judged on.
public struct EmissionStanding: Hashable, Sendable {
  public var outlet: String
  public var factor: String
  /// Of mean, limit and forecast.
  public var unit: String
  /// Carries the converted mean at the end of each period.
  public var signal: SignalName
  /// When the open period began.
  public var start: Timestamp
  /// Mean of the minutes so far, converted where the outlet converts; nil without any.
  public var mean: Double?
  /// Minutes that count so far.
  public var minutes: Int
  public var limit: Double?
  /// The period's mean if the level of the last minutes holds.
  public var forecast: Double?
  /// The last period that ended.
  public var last: PeriodValue?
}

extension PlantRecord {
  /// How every pollutant stands at a moment.
  public func emissions(at now: Timestamp) throws -> [EmissionStanding] {
    let later = Timestamp(nanoseconds: now.nanoseconds + 1)
    return try layout.outlets.flatMap { outlet in
      let kind = outlet.profile.basic
      let start = kind.start(of: now, offsetSeconds: outlet.zoneOffsetSeconds)
      return try outlet.pollutants.map { pollutant in
        let factor = outlet.signal(pollutant.factor)
        let table = PeriodTable(file)
        let minutes = try table.values(of: [.minute], in: start..<later, signal: factor)
          .filter { $0.flag != .tooFew }.compactMap { $0.converted ?? $0.mean }
        let ended = try table.values(
          of: [kind], in: start - .seconds(86_400)..<start, signal: factor)
        let forecast = outlet.signal(pollutant.factor, "-\(kind.rawValue)-forecast")
        let forecasts = try history.samples(of: forecast, in: start..<later)
        return EmissionStanding(
          outlet: outlet.name, factor: pollutant.factor, unit: outlet.concentrationUnit,
          signal: outlet.signal(pollutant.factor, "-\(kind.rawValue)"), start: start,
          mean: minutes.isEmpty ? nil : minutes.reduce(0, +) / Double(minutes.count),
          minutes: minutes.count, limit: pollutant.limit,
          forecast: forecasts.last.flatMap { $0.quality == .bad ? nil : $0.value },
          last: ended.last)
      }
    }
  }

  /// Rows of emission periods that begin in a range.
  public func periods(
    of kind: PeriodKind, in range: Range<Timestamp>
  ) throws -> [PeriodValue] {
    try PeriodTable(file).values(of: [kind], in: range)
  }
}

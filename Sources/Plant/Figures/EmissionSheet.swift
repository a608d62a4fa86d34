import Emissions
import FactoryModel
import Storage

/// What the record says of one pollutant in a range, period by period.
public struct EmissionSheet: Hashable, Sendable {
  /// A place in time, with the recorded value where there is one.
  public struct Entry: Hashable, Sendable {
    public var range: Range<Timestamp>
    /// Nil where the record has nothing: missing, which is not zero.
    public var value: PeriodValue?
  }

  public var outlet: String
  public var factor: String
  /// Of the concentration: `mg/m³` of flue gas, `mg/L` of waste water.
  public var unit: String
  /// On the converted mean of each of `periods`.
  public var limit: Double?
  /// On the converted mean of each day.
  public var dayLimit: Double?
  /// Of `periods`: hours or half-hours.
  public var kind: PeriodKind
  /// Those that begin in the range and have ended.
  public var periods: [Entry]
  /// Days of the outlet's clock that begin in the range and have ended.
  public var days: [Entry]

  /// Periods over their limit.
  public var exceedances: [PeriodValue] {
    periods.compactMap(\.value).filter { $0.isOverLimit == true }
  }

  /// Periods of which the record has no mean.
  public var missing: [Entry] { periods.filter { $0.value?.mean == nil } }

  /// Kilograms of the periods that have a mass, and how many these are; nil where none has.
  public var mass: (kilograms: Double, periods: Int)? {
    let totals = periods.compactMap { $0.value?.total }
    return totals.isEmpty ? nil : (totals.reduce(0, +), totals.count)
  }
}

extension PlantRecord {
  /// Every pollutant of the site file with the periods of a range that had ended at a moment.
  public func emissionSheets(
    in range: Range<Timestamp>, until now: Timestamp
  ) throws -> [EmissionSheet] {
    try layout.outlets.flatMap { outlet in
      // A period is reckoned with the first reading of the minute after its allowance.
      let settled = now - outlet.allowance - .seconds(60)
      return try outlet.pollutants.map { pollutant in
        let signal = outlet.signal(pollutant.factor)
        func entries(_ kind: PeriodKind) throws -> [EmissionSheet.Entry] {
          let rows = try PeriodTable(file).values(of: [kind], in: range, signal: signal)
          let values = Dictionary(rows.map { ($0.start, $0) }) { first, _ in first }
          var entries: [EmissionSheet.Entry] = []
          var start = kind.start(of: range.lowerBound, offsetSeconds: outlet.zoneOffsetSeconds)
          while start < range.upperBound {
            let end = kind.end(of: start, offsetSeconds: outlet.zoneOffsetSeconds)
            let isDue = end <= settled || (end <= now && values[start] != nil)
            if range.contains(start), isDue {
              entries.append(.init(range: start..<end, value: values[start]))
            }
            start = end
          }
          return entries
        }
        return EmissionSheet(
          outlet: outlet.name, factor: pollutant.factor,
          unit: outlet.concentrationUnit, limit: pollutant.limit,
          dayLimit: pollutant.dayLimit, kind: outlet.profile.basic,
          periods: try entries(outlet.profile.basic),
          days: try entries(.day))
      }
    }
  }
}

extension EmissionOutlet {
  /// `mg/m³` of flue gas, `mg/L` of waste water.
  var concentrationUnit: String { medium == .flueGas ? "mg/m³" : "mg/L" }
}

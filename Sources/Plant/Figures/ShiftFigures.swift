import FactoryModel

/// What is known of a shift up to a moment in it: what the screen shows, and the report of the same
/// shift at the same moment says.
public struct ShiftFigures: Sendable {
  public var shift: ShiftRun
  /// Nil where the site file has no parts.
  public var production: Production?
  public var stations: [StationCount] = []
  /// Nil where nothing was inspected.
  public var quality: QualityFigures?
  /// Of the hours of the shift.
  public var chart: PChart?
  /// Rejected parts by class of defect, the most frequent first.
  public var classes: [(key: String, value: Int)] = []
  public var emissions: [EmissionStanding] = []
}

extension PlantRecord {
  /// The figures of the shift at a moment, up to and with it; what cannot be read is left out.
  public func figures(at now: Timestamp) -> ShiftFigures {
    let shift = ShiftCalendar(layout).shift(at: now)
    let end = min(Timestamp(nanoseconds: now.nanoseconds + 1), shift.range.upperBound)
    let past = shift.range.lowerBound..<max(end, shift.range.lowerBound)
    var figures = ShiftFigures(shift: shift)
    if !layout.parts.isEmpty {
      figures.production = try? production(of: shift, until: end)
      figures.stations = (try? stations(in: past)) ?? []
    }
    figures.emissions = (try? emissions(at: now)) ?? []
    guard let quality = try? quality(in: past), quality.inspected > 0 else { return figures }
    figures.quality = quality
    figures.classes = (try? rejectClasses(in: past)) ?? []
    let pieces = try? course(
      in: shift.range, until: end, every: .seconds(3_600), silences: silences(in: past))
    figures.chart = pieces.flatMap { PChart($0) }
    return figures
  }
}

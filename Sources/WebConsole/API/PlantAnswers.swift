import FactoryModel
import Pipeline
import Plant

/// What was made in this shift so far.
struct ProductionAnswer: Encodable {
  @ExplicitNull var shift: String?
  var from: String
  var to: String
  var parts: Int
  @ExplicitNull var plan: Int?
  @ExplicitNull var taktSeconds: Double?
  @ExplicitNull var cycleSeconds: Double?
  @ExplicitNull var oee: Double?
  @ExplicitNull var availability: Double?
  @ExplicitNull var performance: Double?

  init(_ production: Production, of run: ShiftRun) {
    shift = run.name
    from = run.range.lowerBound.description
    to = run.range.upperBound.description
    parts = production.parts
    plan = production.plan
    taktSeconds = production.taktSeconds
    cycleSeconds = production.cycleSeconds
    oee = production.oee?.value
    availability = production.oee?.availability
    performance = production.oee?.performance
  }
}

/// What the cameras found in this shift so far.
struct QualityAnswer: Encodable {
  var inspected: Int
  var rejects: Int
  @ExplicitNull var yield: Double?

  init(_ quality: QualityFigures) {
    inspected = quality.inspected
    rejects = quality.rejects
    yield = quality.yield
  }
}

/// The figures of the shift at the newest sample, which cost a look into the record.
struct ShiftFigures: Sendable {
  var shift: ShiftRun
  var production: Production?
  var stations: [StationCount] = []
  var quality: QualityFigures?

  /// The figures as far as they are on record; what cannot be read is left out.
  init(_ monitor: LineMonitor) async {
    let record = await monitor.plantRecord
    let now = await monitor.lastSample ?? .now
    shift = ShiftCalendar(record.layout).shift(at: now)
    let end = Timestamp(nanoseconds: now.nanoseconds + 1)
    if !record.layout.parts.isEmpty {
      production = try? record.production(of: shift, until: end)
      stations = (try? record.stations(in: shift.range)) ?? []
    }
    quality = (try? record.quality(in: shift.range)).flatMap { $0.inspected > 0 ? $0 : nil }
  }
}

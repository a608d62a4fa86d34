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

/// How a pollutant stands in the period that its limit is judged on.
struct EmissionAnswer: Encodable {
  var outlet: String
  var factor: String
  var label: String
  var signal: String
  var from: String
  @ExplicitNull var mean: Double?
  var minutes: Int
  @ExplicitNull var limit: Double?
  @ExplicitNull var forecast: Double?
  @ExplicitNull var last: PeriodAnswer?

  init(_ standing: EmissionStanding) {
    outlet = standing.outlet
    factor = standing.factor
    label = "\(standing.factor) \(standing.outlet)"
    signal = standing.signal.description
    from = standing.start.description
    mean = standing.mean
    minutes = standing.minutes
    limit = standing.limit
    forecast = standing.forecast
    last = standing.last.map(PeriodAnswer.init)
  }
}

/// A row of emission data.
struct PeriodAnswer: Encodable {
  var signal: String
  var kind: String
  var start: String
  var end: String
  @ExplicitNull var mean: Double?
  @ExplicitNull var converted: Double?
  @ExplicitNull var minimum: Double?
  @ExplicitNull var maximum: Double?
  @ExplicitNull var total: Double?
  var count: Int
  var flag: String
  var capturePercent: Double
  @ExplicitNull var limit: Double?
  @ExplicitNull var isOverLimit: Bool?

  init(_ value: PeriodValue) {
    signal = value.signal.description
    kind = value.kind.rawValue
    start = value.start.description
    end = value.end.description
    mean = value.mean
    converted = value.converted
    minimum = value.minimum
    maximum = value.maximum
    total = value.total
    count = value.count
    flag = value.flag.rawValue
    capturePercent = value.capturePercent
    limit = value.limit
    isOverLimit = value.isOverLimit
  }
}

/// The figures of the shift at the newest sample, which cost a look into the record.
struct ShiftFigures: Sendable {
  var shift: ShiftRun
  var production: Production?
  var stations: [StationCount] = []
  var quality: QualityFigures?
  var emissions: [EmissionStanding] = []

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
    emissions = (try? record.emissions(at: now)) ?? []
    quality = (try? record.quality(in: shift.range)).flatMap { $0.inspected > 0 ? $0 : nil }
  }
}

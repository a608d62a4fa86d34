import Alarms
import FactoryModel
import Pipeline
import Plant
import Reports

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
  /// Of all machines; nil where none tells its state.
  @ExplicitNull var changeovers: Int?
  @ExplicitNull var changeoverSeconds: Double?

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
    changeovers = production.changeover?.count
    changeoverSeconds = production.changeover?.seconds
  }
}

/// What the cameras found in this shift so far.
struct QualityAnswer: Encodable {
  /// Rejected parts with a class of defect.
  struct ClassAnswer: Encodable {
    var `class`: String
    var rejects: Int
  }

  /// Shares of rejects with their control limits.
  struct ChartAnswer: Encodable {
    struct Point: Encodable {
      var from: String
      var to: String
      var inspected: Int
      var share: Double
      var lower: Double
      var upper: Double
      /// Of Nelson's, those that the point completes.
      var rules: [String]
    }

    var mean: Double
    var points: [Point]

    init(_ chart: PChart) {
      mean = chart.mean
      points = chart.points.map { point in
        Point(
          from: point.range.lowerBound.description, to: point.range.upperBound.description,
          inspected: point.inspected, share: point.share, lower: point.lower, upper: point.upper,
          rules: point.rules.map(\.rawValue))
      }
    }
  }

  var inspected: Int
  var rejects: Int
  @ExplicitNull var yield: Double?
  /// The most frequent first.
  var classes: [ClassAnswer]
  @ExplicitNull var chart: ChartAnswer?

  init?(_ figures: ShiftFigures) {
    guard let quality = figures.quality else { return nil }
    inspected = quality.inspected
    rejects = quality.rejects
    yield = quality.yield
    classes = figures.classes.map { ClassAnswer(class: $0.key, rejects: $0.value) }
    chart = figures.chart.map(ChartAnswer.init)
  }
}

/// How a pollutant stands in the period that its limit is judged on.
struct EmissionAnswer: Encodable {
  var outlet: String
  var factor: String
  var label: String
  var unit: String
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
    label = "\(Pollutants.shortName(standing.factor)) \(standing.outlet)"
    unit = standing.unit
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

extension ShiftFigures {
  /// The figures of the shift at the newest sample, which cost a look into the record.
  init(_ monitor: LineMonitor) async {
    let record = await monitor.plantRecord
    self = record.figures(at: await monitor.lastSample ?? .now)
  }
}

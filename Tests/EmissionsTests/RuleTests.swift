import Emissions
import FactoryModel
import Testing

@Suite("rules of emission data")
struct RuleTests {
  private let start = day(3, 14)

  @Test("a concentration at the reference oxygen, in both forms")
  func conversion() {
    #expect(
      abs(OxygenReference(percent: 6)!.converted(50, oxygenPercent: 10.5)! - 500.0 / 7) < 1e-9)
    // α = 21 / (21 − 9) = 1.75; 1.75 / 1.4 = 1.25.
    #expect(abs(OxygenReference(excessAir: 1.4)!.converted(80, oxygenPercent: 9)! - 100) < 1e-9)
    #expect(OxygenReference(percent: 6)!.converted(50, oxygenPercent: 21) == nil)
    #expect(OxygenReference(percent: 21) == nil)
    #expect(OxygenReference(excessAir: 0.9) == nil)
  }

  @Test(
    "a minute of HJ 76 needs twelve readings, an hour 45 minutes, and three quarters normal",
    arguments: [
      ("whole", 60, 12, 0, PeriodFlag.normal), ("45 minutes", 45, 12, 0, .normal),
      ("44 minutes", 44, 12, 0, .tooFew), ("eleven readings", 60, 11, 0, .tooFew),
      ("a quarter not normal", 60, 12, 15, .normal),
      ("more than a quarter not normal", 60, 12, 16, .abnormal),
    ])
  func hour(_ what: String, minutes: Int, readings: Int, uncertain: Int, flag: PeriodFlag) {
    var feed = Feed(stack(.hj76))
    for minute in 0..<minutes {
      for place in 0..<readings {
        for (input, value) in [70.0, 5, 10.5, 50].enumerated() {
          feed.take([
            Reading(
              input: input, time: start + .seconds(60 * minute + 5 * place), value: value,
              quality: minute < uncertain ? .uncertain : .good)
          ])
        }
      }
    }
    feed.take(steady([1, 1, 1, 1], from: start + .seconds(3_600), seconds: 40))
    let row = feed.final[key(.hour)]
    #expect(row?.flag == flag, "\(what)")
    #expect(row?.converted == (flag == .tooFew ? nil : 100), "\(what)")
    // 70 mg/m³ · 180,000 m³/h · 10⁻⁶
    #expect(row?.total == (flag == .tooFew ? nil : 12.6), "\(what)")
    #expect(row?.isOverLimit == (flag == .tooFew ? nil : true), "\(what)")
    let sample = feed.sample("a21026-hour", start + .seconds(3_600))
    let quality = [PeriodFlag.normal: Quality.good, .abnormal: .uncertain, .tooFew: .bad][flag]
    #expect(sample?.quality == quality, "\(what)")
  }

  private func key(_ kind: PeriodKind) -> PeriodKey {
    PeriodKey(
      signal: SignalName(path: "emission.a21026", tags: [.init("outlet", "stack 1")]), kind: kind,
      start: start)
  }

  @Test("an hour over its limit is told, and its mass, capture and measured mean")
  func signals() {
    var feed = Feed(stack(.hj76))
    feed.take(steady([21, 5, 6, 50], from: start, seconds: 3_600 + 40))
    feed.take(steady([42, 5, 6, 50], from: start + .seconds(3_640), seconds: 3_600))
    let (first, second) = (start + .seconds(3_600), start + .seconds(7_200))
    #expect(feed.sample("a21026-hour", first)?.value == 21)
    #expect(feed.sample("a21026-hour-over", first)?.value == 0)
    #expect(feed.sample("a21026-hour-over", second)?.value == 1)
    #expect(feed.sample("a21026-hour-measured", first)?.value == 21)
    #expect(feed.sample("a21026-hour-kg", first).map { abs($0.value - 3.78) < 1e-9 } == true)
    #expect(feed.sample("a00000-hour-m3", first)?.value == 180_000)
    #expect(feed.sample("a21026-hour-capture", first)?.value == 100)
    #expect(feed.sample("a34013-day-over", first) == nil)
  }

  @Test("in waste water one value that is not normal makes the mean not normal")
  func water() {
    var outlet = EmissionOutlet(
      name: "stack 1", pollutants: [.init(factor: "a21026", signal: signal("cod"))])
    outlet.medium = .wasteWater
    outlet.flow = .init(signal: signal("flow"), unit: .litresPerSecond)
    var feed = Feed(outlet)
    var readings = steady([30, 10], from: start, seconds: 3_640)
    readings[2].quality = .uncertain
    feed.take(readings)
    #expect(feed.final[key(.hour)]?.flag == .abnormal)
    // 30 mg/L · 36 m³/h · 10⁻³
    #expect(feed.final[key(.hour)]?.total.map { abs($0 - 1.08) < 1e-9 } == true)
  }

  @Test("a US hour needs a minute in each quarter")
  func quarters() {
    for (minutes, flag) in [([1, 16, 31, 46], PeriodFlag.normal), ([1, 16, 31, 44], .tooFew)] {
      var feed = Feed(stack(.usQuarterHours))
      for minute in minutes + [61] {
        feed.take(steady([20, 5, 6, 50], from: start + .seconds(60 * minute), seconds: 60))
      }
      #expect(feed.final[key(.hour)]?.flag == flag)
    }
  }

  @Test("an EU half-hour is judged less its confidence interval")
  func confidence() {
    var feed = Feed(stack(.euHalfHours))
    feed.take(steady([40, 5, 6, 50], from: start, seconds: 1_840))
    // 20 % of the day's limit of 30.
    #expect(feed.final[key(.halfHour)]?.converted == 34)
    #expect(feed.final[key(.halfHour)]?.isOverLimit == false)
    #expect(feed.final[key(.halfHour)]?.total.map { abs($0 - 3.6) < 1e-9 } == true)
  }

  @Test("gas that is air is not converted and judged against no limit")
  func air() {
    var feed = Feed(stack(.hj76))
    feed.take(steady([40, 5, 21, 50], from: start, seconds: 3_640))
    let row = feed.final[key(.hour)]
    #expect(row?.mean == 40 && row?.converted == nil && row?.isOverLimit == nil)
    #expect(feed.sample("a21026-hour", start + .seconds(3_600))?.quality == .bad)
  }

  @Test("the forecast takes the minutes so far and the level of the last ten")
  func forecast() {
    var feed = Feed(stack(.hj76))
    feed.take(steady([10, 5, 6, 50], from: start, seconds: 1_200))
    feed.take(steady([40, 5, 6, 50], from: start + .seconds(1_200), seconds: 640))
    // 20 minutes of 10, 10 of 40, and 30 to come of 40.
    let sample = feed.sample("a21026-hour-forecast", start + .seconds(1_800))
    #expect(sample?.value == 30)
    // The last ten minutes were half 10, half 40.
    let before = feed.sample("a21026-hour-forecast", start + .seconds(1_500))
    #expect(before.map { abs($0.value - (200 + 200 + 35 * 25) / 60) < 1e-9 } == true)
  }
}

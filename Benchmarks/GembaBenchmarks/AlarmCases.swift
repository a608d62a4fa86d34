import Alarms
import FactoryModel

/// The alarm engine alone: batches of 10,000 samples of 100 signals, or of one sample of 100,000
/// signals; rows of one time.
enum AlarmCases {
  static func run() {
    measure("alarms, 100 signals, one limit each, quiet", spread: 80) {
      [rule("hot", .above(90), $0)]
    }
    measure("alarms, 100 signals, four limits each, quiet", spread: 80) {
      [
        rule("hh", .above(100), $0), rule("h", .above(90), $0), rule("l", .below(-1), $0),
        rule("ll", .below(-9), $0),
      ]
    }
    measure("alarms, 100 signals, one limit each, 1 of 1,000 beyond it", spread: 90.09) {
      [rule("hot", .above(90), $0)]
    }
    measure("alarms, 100 signals, one limit each, every other beyond it", spread: 180) {
      [rule("hot", .above(90), $0)]
    }
    measure("alarms, 100,000 signals, one limit each, quiet", signals: 100_000, spread: 80) {
      [rule("hot", .above(90), $0)]
    }
    measure(
      "alarms, 100,000 signals, limit and stale, 1 of 1,000 beyond", signals: 100_000,
      spread: 90.09
    ) {
      [rule("hot", .above(90), $0), rule("silent", .stale(.seconds(60)), $0)]
    }
    measure("alarms, 100 signals, stale after 60 s", spread: 80) {
      [rule("silent", .stale(.seconds(60)), $0)]
    }
    let baseline = Baseline.known(mean: 40, sigma: 30)
    measure("alarms, 100 signals, an EWMA chart each", spread: 80) {
      [rule("drift", .ewma(EWMASettings(), baseline), $0)]
    }
    measure("alarms, 100 signals, all Nelson rules each", spread: 80) {
      [rule("pattern", .nelson(Set(NelsonRule.allCases), baseline), $0)]
    }
  }

  private static func rule(
    _ name: String, _ condition: AlarmRule.Condition, _ pattern: SignalPattern
  ) -> AlarmRule {
    AlarmRule(name: name, signals: pattern, condition: condition)
  }

  private static func measure(
    _ name: String, signals count: Int = 100, spread: Double,
    rules: (SignalPattern) -> [AlarmRule]
  ) {
    guard let pattern = try? SignalPattern("machine.temp{*}") else { return }
    var table = SignalTable()
    let ids = (0..<count).map {
      table.id(of: SignalName(path: "machine.temp", tags: [.init("id", "m\($0)")]))
    }
    var engine = AlarmEngine(rules: rules(pattern))
    var batch = SampleBatch()
    var time: Int64 = 1_767_600_000_000_000_000
    var state: UInt64 = 1
    var transitions: [AlarmTransition] = []
    let rows = max(1, 10_000 / count)
    // Values do not depend on the pass; times go on from pass to pass.
    func fill() {
      batch.removeAll()
      for _ in 0..<rows {
        time += 1_000_000
        for id in ids {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          let value = Double(state >> 40) * 0x1p-24 * spread
          batch.append(id, time: time, value: value, quality: .good)
        }
      }
    }
    let clock = ContinuousClock()
    var times: [Double] = []
    for pass in 0..<(count > 1_000 ? 40 : 400) {
      fill()
      let start = clock.now
      engine.take(
        batch, places: 0..<batch.count, arrivedAt: Timestamp(nanoseconds: time), table: table,
        into: &transitions)
      let elapsed = (clock.now - start) / .milliseconds(1)
      if pass > 0 { times.append(elapsed) }
      transitions.removeAll(keepingCapacity: true)
    }
    let measured = Measurement(milliseconds: times)
    let count = Double(batch.count)
    Line.print(
      name, measured,
      [
        ("millionSamplesPerSecond", count / measured.minimum / 1e3),
        ("medianMillionSamplesPerSecond", count / measured.median / 1e3),
      ])
  }
}

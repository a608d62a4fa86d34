import Alarms
import FactoryModel
import StrictYAML
import TestSupport
import Testing

/// Models of a made-up pump: flow and current follow its speed, temperature goes its own way.
@Suite("models of several signals")
struct ModelTests {
  private let signals = ["speed", "flow", "current", "temp"].map {
    SignalName(measurement: "pump", field: $0)
  }

  /// Rows of normal running, or with a blocked outlet: the flow no longer follows the speed.
  private func rows(_ count: Int, seed: UInt64, blocked: Bool = false) -> [[Double]] {
    var random = RandomSeries(seed: seed)
    func noise() -> Double { (0..<4).reduce(0) { sum, _ in sum + random.unit() } - 2 }
    return (0..<count).map { _ in
      let speed = 1_500 + 20 * noise()
      let flow = blocked ? 29.5 - (speed - 1_500) / 50 : speed / 50
      return [speed, flow + 0.05 * noise(), speed / 300 + 0.01 * noise(), 40 + noise()]
    }
  }

  private func learned(smoothing: Double = 1, seed: UInt64 = 1) throws -> PrincipalModel {
    var learning = PrincipalLearning()
    learning.smoothing = smoothing
    learning.margin = 2
    learning.explained = 0.9
    return try learning.model(name: "pump", signals: signals, rows: rows(500, seed: seed))
  }

  @Test("a fault that no single signal shows", arguments: propertySeeds)
  func blocked(_ seed: UInt64) throws {
    let model = try learned(seed: seed)
    let normal = model.ratios(of: rows(500, seed: seed &+ 1), signals: signals)
    let faulty = model.ratios(of: rows(500, seed: seed &+ 2, blocked: true), signals: signals)
    #expect(normal.count { ($0 ?? 0) > 1 } < 5, "seed \(seed)")
    #expect(faulty.count { ($0 ?? 0) > 1 } > 350, "seed \(seed)")
  }

  @Test("distances are those of the definition")
  func definition() throws {
    let model = PrincipalModel(
      name: "m", signals: Array(signals.prefix(2)), means: [1, 2], deviations: [2, 4],
      components: [[0.6, 0.8]], variances: [1.5], tSquaredLimit: 1, qLimit: 1)
    // z = (2, −1), t = 0.4, what is left is (1.76, −1.32).
    let found = model.distances(of: [5, -2])
    #expect(abs(found.tSquared - 0.4 * 0.4 / 1.5) < 1e-12)
    #expect(abs(found.q - (1.76 * 1.76 + 1.32 * 1.32)) < 1e-12)
  }

  @Test("components are orthonormal, the largest variance first, their limits met by the quantile")
  func components() throws {
    let model = try learned()
    for (i, a) in model.components.enumerated() {
      for (j, b) in model.components.enumerated() {
        let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-12)
      }
    }
    #expect(model.variances == model.variances.sorted(by: >))
    let rows = rows(500, seed: 1)
    #expect(rows.count { model.distances(of: $0).q > model.qLimit / 2 } == 5)
    #expect(rows.count { model.distances(of: $0).tSquared > model.tSquaredLimit / 2 } == 5)
  }

  @Test("a model file holds exactly the model", arguments: [1, 0.1])
  func file(_ smoothing: Double) throws {
    let model = try learned(smoothing: smoothing)
    #expect(try PrincipalModel(yaml: model.yaml, file: "pump.model") == model)
  }

  @Test(
    "what is no model file is refused",
    arguments: [
      ("format: 1", "format: 2"), ("smoothing: 1.0", "smoothing: 0"),
      ("smoothing: 1.0", "smoothing: 2"), ("means: [", "means: [1, "), ("qLimit", "limit"),
      ("deviations: [", "deviations: [0, "), ("variances: [", "variances: [-1, "),
      ("components:\n", "components:\n  - [1]\n"), ("pump.flow", "pump.speed"),
      ("pump.flow", "pump.flow{*}"), ("signals:", "signals: []\nx:"),
    ])
  func refused(_ old: String, _ new: String) throws {
    let text = try learned().yaml.replacing(old, with: new)
    #expect(throws: YAMLError.self) { try PrincipalModel(yaml: text, file: "pump.model") }
  }

  @Test("signals that stand still are left out; too little is refused")
  func tooLittle() throws {
    let learning = PrincipalLearning()
    let still = rows(200, seed: 3).map { [$0[0], $0[1], 7, $0[3]] }
    #expect(
      try learning.model(name: "m", signals: signals, rows: still).signals.map(\.path) == [
        "pump.speed", "pump.flow", "pump.temp",
      ])
    #expect(throws: PrincipalLearningError.tooFewRows(found: 40, needed: 49)) {
      try learning.model(name: "m", signals: signals, rows: rows(40, seed: 3))
    }
    #expect(throws: PrincipalLearningError.tooFewSignals(moving: 1)) {
      try learning.model(
        name: "m", signals: signals, rows: rows(200, seed: 3).map { [$0[0], 1, 2, 3] })
    }
  }

  @Test("the engine judges a row when every signal has spoken, and names the signal")
  func engine() throws {
    var rule = AlarmRule(
      name: "pump unusual", signals: try SignalPattern("pump"), condition: .unusual(try learned()))
    rule.onDelay = .seconds(2)
    var engine = AlarmEngine(rules: [rule])
    var table = SignalTable()
    let ids = signals.map { table.id(of: $0) }
    var journal: [AlarmTransition] = []
    let series =
      rows(20, seed: 9) + rows(20, seed: 10, blocked: true).map { [$0[0], 27, $0[2], 40] }
    for (second, row) in series.enumerated() {
      let time = Timestamp(seconds: 1_767_600_000 + Int64(second))
      var batch = SampleBatch()
      for (id, value) in zip(ids, row) { batch.append(id, Sample(time: time, value: value)) }
      // A signal's sample is lost in one step: its row waits for the next.
      let places = second == 20 ? 1..<batch.count : 0..<batch.count
      engine.take(batch, places: places, arrivedAt: time, table: table, into: &journal)
    }
    #expect(journal.map(\.to) == [.unacknowledged])
    #expect(journal.first?.time == Timestamp(seconds: 1_767_600_023))
    #expect(journal.first?.signal == "pump")
    #expect(journal.first?.limit == 1)
    #expect(journal.first?.comment == "most unusual: pump.flow")
  }
}

import Alarms
import FactoryModel
import StrictYAML
import TestSupport
import Testing

/// Random shifts: whatever signals say and operators do, some things must always be so.
@Suite("alarms under random shifts")
struct EngineProperties {
  /// Which state may follow which, from PROTOCOLS and the doc comment of the state machine, written
  /// down once more.
  private static let legal: [AlarmState: Set<AlarmState>] = [
    .normal: [.unacknowledged, .shelved, .suppressed, .outOfService],
    .unacknowledged: [.acknowledged, .returned, .shelved, .suppressed, .outOfService],
    .acknowledged: [.normal, .returned, .unacknowledged, .shelved, .suppressed, .outOfService],
    .returned: [.normal, .unacknowledged, .shelved, .suppressed, .outOfService],
    .shelved: [.normal, .unacknowledged, .suppressed, .outOfService],
    .suppressed: [.normal, .unacknowledged, .outOfService],
    .outOfService: [.normal, .unacknowledged, .suppressed],
  ]

  @Test("transitions are legal, joined and in order", arguments: propertySeeds)
  func legality(_ seed: UInt64) throws {
    let shift = Shift(seed: seed, steps: 3_000)
    let (journal, engine) = try shift.play(under: Shift.rules())
    #expect(journal.count > 200, "seed \(seed): only \(journal.count) transitions")
    var states: [String: AlarmState] = [:]
    for transition in journal {
      let key = "\(transition.alarm) @ \(transition.signal)"
      #expect(transition.from == states[key] ?? .normal, "seed \(seed): \(transition)")
      #expect(Self.legal[transition.from]?.contains(transition.to) == true, "seed \(seed)")
      states[key] = transition.to
    }
    for status in engine.statuses {
      #expect(states["\(status.name) @ \(status.signal)"] ?? .normal == status.state)
    }
    #expect(Set(journal.map(\.to)).count == AlarmState.allCases.count, "seed \(seed)")
  }

  @Test("two replays give one journal", arguments: propertySeeds)
  func replay(_ seed: UInt64) throws {
    let shift = Shift(seed: seed, steps: 1_500)
    #expect(
      try shift.play(under: Shift.rules()).journal == shift.play(under: Shift.rules()).journal,
      "seed \(seed)")
  }

  @Test("how often time is told to pass changes nothing", arguments: propertySeeds)
  func ticks(_ seed: UInt64) throws {
    let shift = Shift(seed: seed, steps: 1_500)
    let ticking = try shift.play(under: Shift.rules(), tick: .milliseconds(230)).journal
    #expect(try shift.play(under: Shift.rules()).journal == ticking, "seed \(seed)")
  }

  @Test("a restart at any point equals none", arguments: propertySeeds)
  func restart(_ seed: UInt64) throws {
    let shift = Shift(seed: seed, steps: 400)
    let rules = try Shift.rules()
    let (whole, engine) = try shift.play(under: rules)
    for point in stride(from: 1, to: 400, by: 37) {
      let (found, restarted) = try shift.play(under: rules, restartAt: [point])
      let first = zip(whole, found).first { $0 != $1 }
      #expect(
        first == nil && whole.count == found.count,
        "seed \(seed), restart before step \(point): \(first.map { "\($0)" } ?? "length")")
      #expect(Self.standings(restarted) == Self.standings(engine), "seed \(seed), step \(point)")
    }
  }

  @Test("many restarts equal none", arguments: propertySeeds)
  func restarts(_ seed: UInt64) throws {
    let shift = Shift(seed: seed, steps: 250)
    let rules = try Shift.rules()
    let (whole, engine) = try shift.play(under: rules)
    for every in [1, 3] {
      let points = Set(stride(from: every, to: 250, by: every))
      let (found, restarted) = try shift.play(under: rules, restartAt: points)
      let first = zip(whole, found).first { $0 != $1 }
      #expect(
        first == nil && whole.count == found.count,
        "seed \(seed), every \(every) steps: \(first.map { "\($0)" } ?? "length")")
      #expect(Self.standings(restarted) == Self.standings(engine), "seed \(seed), every \(every)")
    }
  }

  /// How every alarm stands, in one order.
  private static func standings(_ engine: AlarmEngine) -> [AlarmStatus] {
    engine.statuses.sorted { ($0.name, $0.signal) < ($1.name, $1.signal) }
  }

  @Test("other rules now and then: every alarm's story stays joined", arguments: propertySeeds)
  func otherRules(_ seed: UInt64) throws {
    let shift = Shift(seed: seed, steps: 1_500)
    let sets = [try Shift.rules(), try Shift.rules(plain: true), try Shift.changedRules()]
    let (journal, engine) = try shift.play(under: sets[0], reloadEvery: 41, with: sets)
    var states: [String: AlarmState] = [:]
    var removed = 0
    for transition in journal {
      let key = "\(transition.alarm) @ \(transition.signal)"
      #expect(transition.from == states[key] ?? .normal, "seed \(seed): \(transition)")
      if transition.comment == "no rule makes this alarm any more" {
        #expect(transition.to == .normal)
        removed += 1
      } else {
        #expect(Self.legal[transition.from]?.contains(transition.to) == true, "seed \(seed)")
      }
      states[key] = transition.to
    }
    #expect(removed > 5, "seed \(seed)")
    for status in engine.statuses {
      #expect(states["\(status.name) @ \(status.signal)"] ?? .normal == status.state)
    }
  }

  @Test("the same rules once more change nothing", arguments: propertySeeds)
  func reload(_ seed: UInt64) throws {
    let shift = Shift(seed: seed, steps: 600)
    let rules = try Shift.rules()
    let whole = try shift.play(under: rules).journal
    #expect(try shift.play(under: rules, reloadEvery: 41).journal == whole, "seed \(seed)")
  }
}

/// A random shift: steps of samples and operators' actions.
private struct Shift {
  struct Step {
    var arrival: Timestamp
    var samples: [(signal: Int, sample: Sample)] = []
    var action: (action: OperatorAction, alarm: Int)?
  }

  private static let signals = [
    "oven.temp{id=1}", "oven.temp{id=2}", "oven.state{id=1}", "oven.target{id=1}",
  ]
  private var steps: [Step] = []

  init(seed: UInt64, steps count: Int) {
    var random = RandomSeries(seed: seed)
    var now = Timestamp(seconds: 1_767_600_000)
    for _ in 0..<count {
      now = now + .milliseconds(random.below(4_000) + 1)
      var step = Step(arrival: now)
      for _ in 0..<random.below(4) {
        let signal = random.below(Self.signals.count)
        let value =
          signal == 2
          ? Double(random.below(3))
          : signal == 3 ? Double(70 + random.below(20)) : Double(60 + random.below(50))
        let late = random.below(8) == 0 ? random.below(9_000) : 0
        let quality: Quality = random.below(10) == 0 ? .bad : .good
        let sample = Sample(time: now - .milliseconds(late), value: value, quality: quality)
        step.samples.append((signal, sample))
      }
      if random.below(3) == 0 {
        let actions: [OperatorAction] = [
          .acknowledge, .acknowledge, .acknowledge, .reset, .reset, .unshelve, .shelveOnce,
          .shelve(until: now + .seconds(random.below(20) + 1)), .takeOutOfService,
          .returnToService, .returnToService,
        ]
        step.action = (actions[random.below(actions.count)], random.below(100))
      }
      steps.append(step)
    }
  }

  static func rules(plain: Bool = false) throws -> [AlarmRule] {
    let delays =
      """
        - {name: hot, signal: "oven.temp{*}", high: 90, deadband: 10, onDelay: 2s, offDelay: 3s}
        - {name: silent, signal: "oven.temp{*}", stale: 9s, latch: true}
        - {name: off target, signal: "oven.temp{id=1}", deviation: {from: "oven.target{*}", above: 9}}
        - {name: drift, signal: "oven.temp{*}", ewma: {mean: 85, sigma: 10}}
        - {name: fast, signal: "oven.temp{*}", rate: {rise: 20, fall: 20, over: 3s}, onDelay: 1s}
        - {name: shift, signal: "oven.temp{*}", cusum: {learn: 20}}
        - {name: odd, signal: "oven.temp{*}", nelson: {mean: 85, sigma: 10}, offDelay: 5s}
        - {name: rig, model: rig.model, onDelay: 2s, offDelay: 2s}
      """
    let yaml =
      """
      alarms:
        - {name: cold, signal: "oven.temp{*}", low: 65, latch: true}
        - name: over
          signal: oven.temp{*}
          high: 100
          reAlarm: 20s
          suppress: {signal: "oven.state{*}", equals: "1"}
        - {name: tripped, signal: "oven.state{*}", equals: "2"}
      """
    let site = try YAMLValue.document(plain ? yaml : yaml + "\n" + delays, file: "site")
    return try AlarmRule.list(site?.mapping(keys: ["alarms"])["alarms"]) { _ in rig }
  }

  /// Both ovens together.
  private static let rig = PrincipalModel(
    name: "rig",
    signals: [1, 2].map { SignalName(path: "oven.temp", tags: [.init("id", "\($0)")]) },
    smoothing: 0.5, means: [85, 85], deviations: [15, 15], components: [[0.6, 0.8]],
    variances: [1], tSquaredLimit: 1, qLimit: 1)

  /// Some of the rules with other limits, delays and conditions of suppression.
  static func changedRules() throws -> [AlarmRule] {
    var changed = try rules().dropLast(2)
    for place in changed.indices {
      changed[place].onDelay = place == 1 ? .seconds(4) : .zero
      changed[place].latches.toggle()
      changed[place].suppressions = place == 0 ? changed[1].suppressions : []
      if case .above = changed[place].condition { changed[place].condition = .above(80) }
    }
    return Array(changed)
  }

  /// Plays the shift, maybe with time passing in ticks, a restart or rules loaded anew.
  func play(
    under rules: [AlarmRule], tick: Duration? = nil, restartAt: Set<Int> = [],
    reloadEvery: Int? = nil, with sets: [[AlarmRule]]? = nil
  ) throws -> (journal: [AlarmTransition], engine: AlarmEngine) {
    var engine = AlarmEngine(rules: rules)
    var journal: [AlarmTransition] = []
    var table = SignalTable()
    var kept: [SignalID: Sample] = [:]
    var memory: [[String]: AlarmMemory] = [:]
    let ids = try Self.signals.map { table.id(of: try #require(try SignalPattern($0).name)) }
    var now = steps.first?.arrival ?? Timestamp(seconds: 0)
    for (number, step) in steps.enumerated() {
      if let tick {
        while now + tick < step.arrival {
          now = now + tick
          engine.advance(to: now, into: &journal)
        }
      }
      now = step.arrival
      // A commit after every step.
      if !restartAt.isEmpty {
        let entries = engine.unsavedMemory(table)
        for entry in entries {
          memory[[entry.alarm, entry.signal]] = entry.bytes.isEmpty ? nil : entry
        }
        engine.memoryIsSaved(entries)
      }
      if restartAt.contains(number) {
        engine = AlarmEngine(rules: rules)
        engine.restore(from: journal)
        for (id, sample) in kept { engine.recall(sample, of: id, table: table) }
        engine.restore(memory: Array(memory.values), table: table)
      }
      if let reloadEvery, number % reloadEvery == 7 {
        let next = sets.map { $0[number / reloadEvery % $0.count] } ?? rules
        engine.replaceRules(by: next, table: table, at: steps[number - 1].arrival, into: &journal)
      }
      var batch = SampleBatch()
      for (signal, sample) in step.samples {
        batch.append(ids[signal], sample)
        if sample.time >= kept[ids[signal]]?.time ?? sample.time { kept[ids[signal]] = sample }
      }
      engine.take(
        batch, places: 0..<batch.count, arrivedAt: now, table: table, into: &journal)
      engine.advance(to: now, into: &journal)
      if let (action, alarm) = step.action {
        let all = engine.statuses.sorted { ($0.name, $0.signal) < ($1.name, $1.signal) }
        let status = all[alarm % all.count]
        try? engine.perform(
          action, on: status.name, signal: status.signal, by: "shift", at: now, into: &journal)
      }
    }
    return (journal, engine)
  }
}

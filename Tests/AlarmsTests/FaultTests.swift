import Alarms
import FactoryModel
import StrictYAML
import TestSupport
import Testing

/// What goes wrong around alarms: clocks, restarts, senseless numbers, very many signals.
@Suite("alarms when things go wrong")
struct FaultTests {
  /// An engine with what it needs, driven by hand.
  private struct Plant {
    var rules: [AlarmRule]
    var engine: AlarmEngine
    var table = SignalTable()
    var journal: [AlarmTransition] = []
    var last: [SignalID: Sample] = [:]

    init(_ rules: [AlarmRule]) {
      self.rules = rules
      engine = AlarmEngine(rules: rules)
    }

    static func at(_ second: Int) -> Timestamp { Timestamp(seconds: 1_767_600_000 + Int64(second)) }

    mutating func give(_ signal: String, _ value: Double, at second: Int, measured: Int? = nil) {
      guard let name = (try? SignalPattern(signal))?.name else { return }
      let id = table.id(of: name)
      var batch = SampleBatch()
      let sample = Sample(time: Self.at(measured ?? second), value: value)
      batch.append(id, sample)
      last[id] = sample
      engine.take(
        batch, places: 0..<1, arrivedAt: Self.at(second), table: table, into: &journal)
    }

    mutating func pass(to second: Int) {
      engine.advance(to: Self.at(second), into: &journal)
    }

    mutating func act(_ action: OperatorAction, at second: Int) throws {
      let status = engine.statuses[0]
      try engine.perform(
        action, on: status.name, signal: status.signal, by: "shift", at: Self.at(second),
        into: &journal)
    }

    mutating func restart(under rules: [AlarmRule]? = nil) {
      let memory = engine.unsavedMemory(table).filter { !$0.bytes.isEmpty }
      engine = AlarmEngine(rules: rules ?? self.rules)
      engine.restore(from: journal)
      for (id, sample) in last.sorted(by: { $0.key < $1.key }) {
        engine.recall(sample, of: id, table: table)
      }
      engine.restore(memory: memory, table: table)
    }

    var states: [AlarmState] { journal.map(\.to) }
  }

  private func rules(_ lines: String) throws -> [AlarmRule] {
    let site = try YAMLValue.document("alarms:\n" + lines, file: "site")
    return try AlarmRule.list(site?.mapping(keys: ["alarms"])["alarms"]) { _ in
      throw CancellationError()
    }
  }

  @Test("the clock is set back by an hour: staleness, delays and shelving go on")
  func clockSetBack() throws {
    var plant = Plant(
      try rules(
        """
          - {name: hot, signal: a.b, high: 9, onDelay: 10s}
          - {name: silent, signal: a.c, stale: 20s}
        """))
    plant.give("a.c", 1, at: 7_200)
    plant.give("a.b", 10, at: 7_204)
    plant.pass(to: 3_604)
    plant.pass(to: 3_613)
    #expect(plant.journal.isEmpty)
    plant.pass(to: 3_614)
    #expect(
      plant.journal.map(\.alarm) == ["hot"], "ten seconds have passed, whatever they are called")
    plant.pass(to: 3_620)
    #expect(plant.journal.last?.alarm == "silent")
    try plant.act(.shelve(until: Plant.at(3_640)), at: 3_625)
    plant.pass(to: 39)
    #expect(plant.engine.statuses[0].state == .shelved)
    plant.pass(to: 54)
    #expect(plant.engine.statuses[0].state == .unacknowledged)
  }

  @Test("an operator whose clock is a little behind")
  func operatorBehind() throws {
    var plant = Plant(try rules("  - {name: hot, signal: a.b, high: 9}\n"))
    plant.give("a.b", 10, at: 100)
    try plant.engine.perform(
      .acknowledge, on: "hot", signal: "a.b", by: "x", at: Plant.at(100) - .milliseconds(300),
      into: &plant.journal)
    #expect(plant.journal.map(\.time) == [Plant.at(100), Plant.at(100)])
  }

  @Test("a signal's clock is set back: after a minute it is followed again")
  func signalSetBack() throws {
    var plant = Plant(try rules("  - {name: hot, signal: a.b, high: 9, onDelay: 2s}\n"))
    plant.give("a.b", 5, at: 7_200)
    for second in 7_201..<7_280 { plant.give("a.b", 10, at: second, measured: second - 3_600) }
    #expect(plant.states == [.unacknowledged])
    #expect(plant.journal[0].time == Plant.at(3_663))
    #expect(plant.engine.lateSamples == 60)
  }

  @Test("a shelving that ended while nobody ran ends at its own time")
  func shelvedWhileDown() throws {
    var plant = Plant(try rules("  - {name: hot, signal: a.b, high: 9}\n"))
    plant.give("a.b", 10, at: 0)
    try plant.act(.shelve(until: Plant.at(60)), at: 10)
    plant.restart()
    #expect(plant.engine.statuses[0].state == .shelved)
    #expect(plant.engine.statuses[0].shelvedUntil == Plant.at(60))
    #expect(plant.journal.count == 2, "a restart adds no transition")
    plant.pass(to: 600)
    #expect(plant.states == [.unacknowledged, .shelved, .unacknowledged])
    #expect(plant.journal.last?.time == Plant.at(60))
  }

  @Test(
    "shelvings that end together come back in the order of the rules, restarted or not",
    arguments: [true, false])
  func together(_ restarted: Bool) throws {
    var plant = Plant(
      try rules(
        "  - {name: a, signal: \"a.b{*}\", high: 9}\n  - {name: b, signal: \"a.b{*}\", high: 8}\n"))
    plant.give("a.b{id=2}", 10, at: 0)
    plant.give("a.b{id=1}", 10, at: 1)
    for status in plant.engine.statuses.reversed() {
      try plant.engine.perform(
        .shelve(until: Plant.at(60)), on: status.name, signal: status.signal, by: "x",
        at: Plant.at(2), into: &plant.journal)
    }
    if restarted {
      plant.engine = AlarmEngine(rules: plant.rules)
      plant.engine.restore(from: plant.journal.suffix(4))
    }
    plant.pass(to: 61)
    #expect(
      plant.journal.suffix(4).map { "\($0.alarm) \($0.signal)" } == [
        "a a.b{id=1}", "a a.b{id=2}", "b a.b{id=1}", "b a.b{id=2}",
      ])
  }

  @Test("shelved once, raised, restarted, cleared: it comes back")
  func shelvedOnce() throws {
    var plant = Plant(try rules("  - {name: hot, signal: a.b, high: 9}\n"))
    plant.give("a.b", 5, at: 0)
    try plant.act(.shelveOnce, at: 1)
    plant.give("a.b", 10, at: 2)
    plant.restart()
    plant.give("a.b", 5, at: 3)
    #expect(plant.states == [.shelved, .normal])
  }

  @Test("an answered alarm that called again began when it first called, restarted or not")
  func beginning() throws {
    var plant = Plant(try rules("  - {name: hot, signal: a.b, high: 9, reAlarm: 1m}\n"))
    plant.give("a.b", 10, at: 0)
    try plant.act(.acknowledge, at: 10)
    plant.pass(to: 70)
    #expect(plant.states == [.unacknowledged, .acknowledged, .unacknowledged])
    try plant.act(.acknowledge, at: 80)
    let whole = plant.engine.statuses
    plant.restart()
    #expect(plant.engine.statuses == whole)
    #expect(whole.map(\.began) == [Plant.at(0)])
  }

  @Test("a rule loaded while it runs misses a signal from then on, come before or never")
  func loadedSilence() throws {
    var plant = Plant(try rules("  - {name: hot, signal: a.b, high: 9}\n"))
    plant.give("a.b", 1, at: 0)
    let next = try rules(
      """
        - {name: never, signal: a.c, stale: 10s}
        - {name: known, signal: a.b, stale: 20s}
        - {name: each, signal: "a.b{*}", stale: 30s}
      """)
    plant.engine.replaceRules(
      by: next, table: plant.table, at: Plant.at(100), into: &plant.journal)
    plant.pass(to: 200)
    #expect(plant.journal.map(\.alarm) == ["never", "known", "each"])
    #expect(plant.journal.map(\.time) == [110, 120, 130].map(Plant.at))
  }

  @Test("hundreds of signals heard at moments of their own are each missed at theirs")
  func restartedSilence() throws {
    let count = 300
    let rules = try rules("  - {name: silent, signal: \"a.b{*}\", stale: 10m}\n")
    var journals: [[AlarmTransition]] = []
    for isRestarted in [false, true] {
      var plant = Plant(rules)
      var saved: [[String]: AlarmMemory] = [:]
      for second in 0..<900 {
        // Every third falls silent; each entry of the memory changes again and again.
        let signal = second * 7 % count
        if second < 300 || signal % 3 != 0 { plant.give("a.b{id=\(signal)}", 1, at: second) }
        guard isRestarted else { continue }
        let entries = plant.engine.unsavedMemory(plant.table)
        for entry in entries { saved[[entry.alarm, entry.signal]] = entry }
        plant.engine.memoryIsSaved(entries)
        guard second % 97 == 0 else { continue }
        plant.engine = AlarmEngine(rules: rules)
        plant.engine.restore(from: plant.journal)
        for (id, sample) in plant.last { plant.engine.recall(sample, of: id, table: plant.table) }
        plant.engine.restore(
          memory: saved.values.filter { !$0.bytes.isEmpty }, table: plant.table)
      }
      plant.pass(to: 2_000)
      journals.append(plant.journal)
    }
    #expect(journals.map(\.count) == [count, count])
    #expect(zip(journals[0], journals[1]).first { $0 != $1 } == nil)
  }

  @Test("suppressed on the record, but the rule suppresses no more", arguments: [true, false])
  func suppressedForNothing(_ restarted: Bool) throws {
    let old = try rules(
      "  - {name: hot, signal: a.b, high: 9, suppress: {signal: a.s, above: 0}}\n")
    let new = try rules("  - {name: hot, signal: a.b, high: 9}\n")
    var plant = Plant(old)
    plant.give("a.b", 10, at: 0)
    plant.give("a.s", 1, at: 1)
    if restarted {
      plant.restart(under: new)
      plant.pass(to: 5)
    } else {
      plant.engine.replaceRules(
        by: new, table: plant.table, at: Plant.at(5), into: &plant.journal)
    }
    #expect(plant.states == [.unacknowledged, .suppressed, .unacknowledged])
  }

  @Test("a condition on a tag that the signal lacks suppresses nothing")
  func unnameable() throws {
    var plant = Plant(
      try rules(
        "  - {name: hot, signal: \"a.b{*}\", high: 9, suppress: {signal: \"a.s{zone=*}\", above: 0}}\n"
      ))
    plant.give("a.s{zone=1}", 1, at: 0)
    plant.give("a.b{id=1}", 10, at: 1)
    plant.give("a.b{zone=1}", 10, at: 1)
    #expect(
      plant.journal.map(\.to).sorted { $0.rawValue < $1.rawValue } == [
        .suppressed, .unacknowledged,
      ])
  }

  @Test("a shorter re-alarm time counts from when the alarm was acknowledged")
  func reAlarmChanged() throws {
    var plant = Plant(try rules("  - {name: hot, signal: a.b, high: 9, reAlarm: 1h}\n"))
    plant.give("a.b", 10, at: 0)
    try plant.act(.acknowledge, at: 10)
    let shorter = try rules("  - {name: hot, signal: a.b, high: 9, reAlarm: 1m}\n")
    plant.engine.replaceRules(
      by: shorter, table: plant.table, at: Plant.at(20), into: &plant.journal)
    plant.pass(to: 69)
    #expect(plant.journal.count == 2)
    plant.pass(to: 70)
    #expect(plant.states.last == .unacknowledged)
  }

  @Test(
    "senseless numbers and times break nothing and leave numbers on the record",
    arguments: propertySeeds)
  func senseless(_ seed: UInt64) throws {
    var random = RandomSeries(seed: seed)
    let wild = [
      0, -0.0, 1, -1, 1e30, 1e308, -1.7e308, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
      -Double.greatestFiniteMagnitude, .nan, .infinity,
    ]
    var lines = ""
    for (place, kind) in [
      "high: 1.7e308, deadband: 1.7e308", "low: -1.7e308, deadband: 1e308, onDelay: 100000d",
      "rate: {rise: 1e-300, fall: 1e-300, per: 1ns}", "rate: {rise: 1e300, over: 100000d}",
      "deviation: {from: a.c, above: 0, below: 1.7e308}, deadband: 1e308",
      "ewma: {mean: -1.7e308, sigma: 5e-324}", "ewma: {learn: 3, weight: 1, width: 1e308}",
      "cusum: {mean: 1e308, sigma: 5e-324, decision: 1e308}", "nelson: {learn: 2}",
      "nelson: {mean: 0, sigma: 1e-300}", "stale: 1ns", "stale: 100000d, latch: true",
      "high: 0, onDelay: 1ns, offDelay: 100000d, reAlarm: 1ns",
      "equals: ['1', 1e308, nan, 'true']",
    ].enumerated() {
      lines += "  - {name: r\(place), signal: \"a.\(place % 3 == 0 ? "b" : "c")\", \(kind)}\n"
    }
    var engine = AlarmEngine(rules: try rules(lines))
    var table = SignalTable()
    let ids = ["a.b", "a.c"].compactMap { (try? SignalPattern($0))?.name }.map { table.id(of: $0) }
    var journal: [AlarmTransition] = []
    var now = Timestamp(seconds: 1_767_600_000)
    for _ in 0..<3_000 {
      var batch = SampleBatch()
      let times = [now.nanoseconds, now.nanoseconds, now.nanoseconds, .min, .max, 0]
      batch.append(
        ids[random.below(2)], time: times[random.below(random.below(40) == 0 ? 6 : 3)],
        value: wild[random.below(wild.count)], quality: .good)
      now = now + .milliseconds(random.below(2_000))
      if random.below(300) == 0 {
        now =
          [now - .seconds(9_000), Timestamp(nanoseconds: .max), Timestamp(nanoseconds: .min)][
            random.below(3)]
      } else if now.nanoseconds > 1 << 62 || now.nanoseconds < 0 {
        now = Timestamp(seconds: 1_767_600_000)
      }
      engine.take(batch, places: 0..<1, arrivedAt: now, table: table, into: &journal)
      engine.advance(to: now, into: &journal)
    }
    #expect(journal.count > 100, "seed \(seed)")
    #expect(journal.allSatisfy { ($0.value ?? 0).isFinite && ($0.limit ?? 0).isFinite })
  }

  @Test("twenty thousand signals go wrong at once, are one flood, and come back")
  func manySignals() throws {
    let count = 20_000
    var plant = Plant(
      try rules(
        """
          - {name: hot, signal: "a.b{*}", high: 9, onDelay: 5s}
          - {name: silent, signal: "a.b{*}", stale: 1m}
        """))
    let ids = (0..<count).map {
      plant.table.id(of: SignalName(path: "a.b", tags: [.init("id", "\($0)")]))
    }
    for second in stride(from: 0, through: 40, by: 10) {
      var batch = SampleBatch()
      for id in ids {
        batch.append(id, Sample(time: Plant.at(second), value: second == 20 ? 5 : 10))
      }
      plant.engine.take(
        batch, places: 0..<count, arrivedAt: Plant.at(second), table: plant.table,
        into: &plant.journal)
    }
    plant.pass(to: 1_000)
    // Raised after 5 s, over at 20 s, raised 5 s after the next; silent a minute after the last.
    #expect(plant.states.count == count * 4)
    #expect(plant.states.count { $0 == .returned } == count)
    let floods = AlarmFlood.floods(
      of: plant.journal.filter(\.isNewAlarm).map(\.time), until: Plant.at(1_000))
    #expect(floods.map(\.alarms) == [3 * count])
    #expect(floods.allSatisfy { $0.ended != nil })
  }
}

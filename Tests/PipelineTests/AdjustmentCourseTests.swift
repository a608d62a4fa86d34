import FactoryModel
import Imaging
import TestSupport
import Testing

@testable import Pipeline

@Suite("the guard of an adjustment")
struct AdjustmentCourseTests {
  /// A step down from the read-back signal, within 60 to 80, once in 600 s.
  private func settings(_ change: Adjustment.Change = .step(-5)) -> Adjustment {
    Adjustment(
      output: .publish(MQTTSettings(host: "b"), topic: "set", payload: "${value}"), change: change,
      undoing: .previous, bounds: 60...80, limit: .init(count: 1, per: .seconds(600)),
      readBack: SignalName(measurement: "die", field: "set"), tolerance: 0.02)
  }

  private func course(
    _ settings: Adjustment, isArmed: Bool = true, lines: [AdjustmentLine] = [],
    standings: [AlarmTransition] = []
  ) -> AdjustmentCourse {
    AdjustmentCourse("cool", settings, isArmed: isArmed, lines: lines, standings: standings)
  }

  private func change(
    _ serial: Int64, _ from: AlarmState, _ to: AlarmState, of alarm: String = "hot"
  ) -> AlarmTransition {
    AlarmTransition(
      serial: serial, time: at(serial), alarm: alarm, signal: "die.temp", from: from, to: to)
  }

  private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: 1_000_000 + seconds) }

  private func reading(_ value: Double, at seconds: Int64 = 0) -> AdjustmentCourse.Reading {
    .init(value: value, time: at(seconds), isUsable: true)
  }

  @Test(
    "what is written, cut to the bounds or held back",
    arguments: [
      (.step(-5), 75, 70, .pending, nil),
      (.step(-5), 62, 60, .pending, "57 cut to 60 to 80"),
      (.step(30), 70, 80, .pending, "100 cut to 60 to 80"),
      (.value(65), 75, 65, .pending, nil),
      (.step(-5), 60, 60, .held, "die.set is 60 already"),
      (.value(65), 65.01, 65, .held, "die.set is 65.01 already"),
      (
        .value(65), 90, nil, .held,
        "die.set is 90, outside of 60 to 80: run otherwise than this adjustment is made for"
      ),
      (.value(65), nil, nil, .held, "die.set has no good value of the last 60 s"),
    ] as [(Adjustment.Change, Double?, Double?, AdjustmentLine.Outcome, String?)])
  func target(
    _ change: Adjustment.Change, read: Double?, wanted: Double?, outcome: AdjustmentLine.Outcome,
    comment: String?
  ) throws {
    var course = course(settings(change))
    let made = course.take(
      self.change(1, .normal, .unacknowledged), at: at(1), read.map { reading($0) })
    let line = try #require(made)
    #expect(line.outcome == outcome && line.value == wanted && line.comment == comment)
    #expect(line.previous == read)
    // What was held back is not undone.
    let end = course.take(self.change(2, .unacknowledged, .returned), at: at(2), nil)
    #expect((end == nil) == (outcome == .held))
  }

  @Test("two alarms: made once, undone when the last has cleared; acknowledging changes nothing")
  func together() throws {
    var course = course(settings())
    let first = course.take(change(1, .normal, .unacknowledged), at: at(1), reading(75))
    #expect(first?.outcome == .pending)
    #expect(course.take(change(2, .unacknowledged, .acknowledged), at: at(2), nil) == nil)
    let second = course.take(change(3, .normal, .unacknowledged, of: "dry"), at: at(3), reading(70))
    #expect(second?.outcome == .held)
    #expect(second?.comment == "in force already because of hot, die.temp")
    #expect(course.take(change(4, .acknowledged, .normal), at: at(4), reading(70)) == nil)
    #expect(course.take(change(5, .unacknowledged, .shelved, of: "dry"), at: at(5), nil) == nil)
    let undo = course.take(change(6, .shelved, .normal, of: "dry"), at: at(6), reading(70, at: 6))
    #expect(undo?.kind == .undo && undo?.value == 75 && undo?.outcome == .pending)
    #expect(course.take(change(7, .normal, .outOfService), at: at(7), nil) == nil)
  }

  @Test(
    "what the read-back signal says at the end",
    arguments: [
      (70, .pending), (75, .pending), (70.01, .pending), (72, .held), (nil, .pending),
    ] as [(Double?, AdjustmentLine.Outcome)])
  func hands(_ read: Double?, outcome: AdjustmentLine.Outcome) {
    var course = course(settings())
    _ = course.take(change(1, .normal, .unacknowledged), at: at(1), reading(75))
    let undo = course.take(
      change(9, .unacknowledged, .outOfService), at: at(9), read.map { reading($0, at: 8) })
    #expect(undo?.outcome == outcome)
  }

  @Test("a clock set back holds adjustments back for the limit's time at most")
  func clock() {
    var course = course(settings())
    _ = course.take(change(1, .normal, .unacknowledged), at: at(90_000), reading(75))
    _ = course.take(change(2, .unacknowledged, .returned), at: at(90_001), reading(75))
    let late = course.take(change(3, .returned, .unacknowledged), at: at(5), reading(75))
    #expect(late?.outcome == .delayed)
    #expect(!course.isDue(at: at(604)) && course.isDue(at: at(605)))
    #expect(course.pass(at: at(605), reading(75))?.outcome == .pending)
  }

  @Test("armed after a dry run: nothing real is undone; disarmed: what is real stays")
  func arming() throws {
    var dry = course(settings(), isArmed: false)
    let raised = change(1, .normal, .unacknowledged)
    let cleared = change(2, .unacknowledged, .normal)
    let made = dry.take(raised, at: at(1), reading(75))
    let line = try #require(made)
    #expect(line.outcome == .dryRun && line.value == 70)
    var armed = course(settings(), lines: [line], standings: [raised])
    #expect(armed.take(cleared, at: at(2), reading(75))?.outcome == .dryRun)
    // A dry run does not use up the limit of real ones.
    #expect(armed.take(change(3, .normal, .unacknowledged), at: at(3), reading(75))?.value == 70)
    var real = line
    real.outcome = .written
    var disarmed = course(settings(), isArmed: false, lines: [real], standings: [raised])
    let undo = disarmed.take(cleared, at: at(2), reading(70, at: 2))
    #expect(undo?.outcome == .dryRun && undo?.comment?.hasPrefix("no longer armed") == true)
  }

  @Test("an alarm whose rule has gone: the adjustment is undone when time passes")
  func lost() throws {
    var first = course(settings())
    let made = first.take(change(1, .normal, .unacknowledged), at: at(1), reading(75))
    let line = try #require(made)
    var next = course(settings(), lines: [line], standings: [])
    #expect(next.isDue(at: at(9)))
    let undo = next.pass(at: at(9), reading(70, at: 8))
    #expect(undo?.value == 75 && undo?.transition == 1 && undo?.outcome == .pending)
    #expect(!next.isDue(at: at(10)))
  }

  @Test(
    "brought back from its journal at any moment, it goes on as if it had never ended",
    arguments: propertySeeds)
  func restarts(_ seed: UInt64) {
    var dice = SeededGenerator(seed: seed)
    var steady = course(settings())
    var lines: [AdjustmentLine] = []
    var last: [String: AlarmTransition] = [:]
    for step in 1...400 {
      let now = Int64(step) * 97
      let read = reading([60, 65, 70, 75, 80, 90].randomElement(using: &dice) ?? 70, at: now)
      let alarm = Bool.random(using: &dice) ? "hot" : "dry"
      let from = last[alarm]?.to ?? .normal
      let to = AlarmState.allCases.filter { $0 != from }.randomElement(using: &dice) ?? .normal
      let transition = change(Int64(step), from, to, of: alarm)
      var restarted = course(
        settings(), lines: lines, standings: last.values.sorted { $0.serial < $1.serial })
      let found = steady.take(transition, at: at(now), read)
      #expect(restarted.take(transition, at: at(now), read) == found, "step \(step)")
      lines += [found].compactMap(\.self)
      let passed = steady.pass(at: at(now), read)
      #expect(restarted.pass(at: at(now), read) == passed, "step \(step)")
      lines += [passed].compactMap(\.self)
      last[alarm] = transition
    }
    #expect(Set(lines.map(\.outcome)).isSuperset(of: [.pending, .held, .delayed]))
  }
}

import Emissions
import FactoryModel
import TestSupport
import Testing

@Suite("means agree with their definitions")
struct DefinitionTests {
  /// A day and two hours of readings with gaps, faults, uncertain stretches and air in the gas.
  private func readings(_ seed: UInt64, every step: Int) -> [Reading] {
    var numbers = SeededNumbers(state: seed)
    var list: [Reading] = []
    var level = [30.0, 8, 9, 40]
    var quality = Quality.good
    var isSilent = false
    for second in stride(from: 0, to: 26 * 3_600, by: step) {
      if second % 600 == 0 {
        isSilent = Int.random(in: 0..<12, using: &numbers) == 0
        quality = [.good, .good, .good, .good, .uncertain, .bad].randomElement(using: &numbers)!
        level[2] = Int.random(in: 0..<20, using: &numbers) == 0 ? 20.99 : 9
      }
      if isSilent { continue }
      for input in 0..<4 where Int.random(in: 0..<30, using: &numbers) > 0 {
        let value = level[input] * Double.random(in: 0.9..<1.1, using: &numbers)
        let time = day(3, 14) + .seconds(second) + .milliseconds(input)
        list.append(Reading(input: input, time: time, value: value, quality: quality))
      }
    }
    return list
  }

  /// Arrival up to `most` after the reading.
  private func delayed(_ readings: [Reading], most: Duration, _ seed: UInt64) -> [Reading] {
    var numbers = SeededNumbers(state: seed)
    let arrivals = readings.map {
      ($0, $0.time + .nanoseconds(Int64.random(in: 0...most.inNanoseconds, using: &numbers)))
    }
    return arrivals.sorted { $0.1 < $1.1 }.map(\.0)
  }

  private func compare(_ feed: Feed, _ definition: Definition, _ what: String) {
    var compared: [PeriodKind: Int] = [:]
    for (key, row) in feed.final {
      let factors = ["a21026", "a34013", "a19001", "a00000"]
      let place = factors.firstIndex { key.signal.path == "emission.\($0)" }!
      let wanted = definition.values(key.kind, key.start)[place]
      let isSame =
        same(row.mean, wanted.mean) && same(row.converted, wanted.converted)
        && same(row.total, wanted.total) && row.count == wanted.count && row.flag == wanted.flag
      if !isSame { Issue.record("\(what) found \(row), wanted \(wanted)") }
      compared[key.kind, default: 0] += 1
    }
    #expect(compared[.day] == 4 && compared[definition.outlet.profile.basic]! >= 25 * 4)
    #expect(compared[.minute]! > 1_000)
  }

  private func same(_ a: Double?, _ b: Double?) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b))
  }

  @Test(
    "readings in order, late within the allowance, and late while the hour is open",
    arguments: zip(AveragingProfile.allCases, propertySeeds))
  func streaming(_ profile: AveragingProfile, seed: UInt64) {
    let outlet = stack(profile, minuteSamples: 2)
    let all = readings(seed, every: 20)
    let definition = Definition(outlet, all)
    for late in [Duration.seconds(25), .seconds(3_000)] {
      var feed = Feed(outlet)
      feed.take(delayed(all, most: late, seed))
      // The end of the last day that is whole.
      feed.monitor.advance(to: day(3, 15) + .seconds(3 * 3_600 + 60), into: &feed.results)
      compare(feed, definition, "seed \(seed), late by up to \(late):")
      #expect(feed.monitor.counts[0].counts.late == 0)
    }
  }

  @Test("how readings are cut into batches changes nothing")
  func batches() {
    let all = delayed(readings(4, every: 30), most: .seconds(300), 4)
    var feeds: [Feed] = []
    for size in [1, 17, 100_000] {
      var feed = Feed(stack(.hj76, minuteSamples: 2))
      feed.take(all, batchSize: size)
      feeds.append(feed)
    }
    for feed in feeds.dropFirst() {
      #expect(feed.results.periods == feeds[0].results.periods)
      #expect(feed.results.samples.count == feeds[0].results.samples.count)
    }
  }

  @Test(
    "a month needs 25 valid days, February 23",
    arguments: [(2, 23, PeriodFlag.normal), (2, 22, .tooFew), (3, 24, .tooFew)])
  func months(_ month: Int, days: Int, flag: PeriodFlag) {
    var outlet = EmissionOutlet(
      name: "stack 1", pollutants: [.init(factor: "a21026", signal: signal("so2"))])
    outlet.minuteSamples = 1
    var feed = Feed(outlet)
    for number in 1...days {
      // Twenty hours of 45 minutes.
      for hour in 0..<20 {
        feed.take(
          steady(
            [Double(number)], from: day(month, number) + .seconds(hour * 3_600), seconds: 2_700,
            every: 60))
      }
    }
    feed.take(steady([1], from: day(month + 1, 1), seconds: 1_200, every: 60))
    let row = feed.final[
      PeriodKey(
        signal: SignalName(path: "emission.a21026", tags: [.init("outlet", "stack 1")]),
        kind: .month, start: day(month, 1))]
    #expect(row?.count == days)
    #expect(row?.flag == flag)
    #expect(row?.mean == Double(days + 1) / 2)
    #expect((row?.converted == nil) == (flag == .tooFew))
  }
}

import Emissions
import FactoryModel
import Testing

@Suite("readings out of order, and silence")
struct StreamTests {
  private let start = day(3, 14)
  private let values = [20.0, 5, 6, 50]

  private func hours(_ feed: Feed) -> [PeriodValue] {
    feed.results.periods.filter { $0.kind == .hour && $0.signal.path == "emission.a21026" }
  }

  @Test("an hour is told once it is over and its allowance has passed")
  func allowance() {
    var feed = Feed(stack(.hj76))
    feed.take(steady(values, from: start, seconds: 3_630))
    #expect(hours(feed).isEmpty)
    feed.take(steady(values, from: start + .seconds(3_630), seconds: 5))
    #expect(hours(feed).map(\.count) == [60])
  }

  @Test("a late reading recounts its hour while that is open, and is refused afterwards")
  func late() {
    var feed = Feed(stack(.hj76))
    let all = steady(values, from: start, seconds: 3_600 * 3)
    // A minute of the first hour is missing, and comes in two halves.
    let missing = all.filter { $0.time >= start + .seconds(600) && $0.time < start + .seconds(660) }
    let rest = all.filter { !missing.contains($0) }
    let now = start + .seconds(3_600 + 1_800)
    feed.take(rest.filter { $0.time < now })
    #expect(hours(feed).map(\.count) == [59])
    feed.take(missing)
    feed.take(rest.filter { $0.time >= now && $0.time < now + .seconds(120) })
    #expect(hours(feed).map(\.count) == [59, 60])
    feed.take(rest.filter { $0.time >= now + .seconds(120) })
    feed.take(missing)
    #expect(feed.monitor.counts[0].counts.late == missing.count)
    #expect(hours(feed).map(\.count) == [59, 60, 60])
  }

  @Test("readings that come twice count once")
  func repeated() {
    var feed = Feed(stack(.hj76))
    let all = steady(values, from: start, seconds: 3_640)
    feed.take(all.flatMap { [$0, $0] })
    #expect(hours(feed).map(\.mean) == [20])
    #expect(feed.monitor.counts[0].counts.repeated == all.count)
    #expect(feed.monitor.counts[0].counts.readings == all.count)
  }

  @Test("the hours of an outlet that falls silent end by the clock, without a value")
  func silence() {
    var feed = Feed(stack(.hj76))
    feed.take(steady(values, from: start, seconds: 3_000))
    feed.monitor.advance(to: start + .seconds(3 * 3_600), into: &feed.results)
    #expect(hours(feed).map(\.count) == [50])
    feed.monitor.advance(to: start + .seconds(3 * 3_600 + 30), into: &feed.results)
    #expect(hours(feed).map(\.count) == [50, 0])
    #expect(hours(feed).map(\.flag) == [.normal, .tooFew])
    let sample = feed.sample("a21026-hour", start + .seconds(7_200))
    #expect(sample?.quality == .bad)
  }

  @Test("a lonely reading of another time spoils nothing")
  func absurd() {
    var feed = Feed(stack(.hj76))
    feed.take(steady(values, from: start, seconds: 600))
    for time in [Timestamp.init(nanoseconds: .max), .init(nanoseconds: .min), day(12, 1)] {
      feed.take([Reading(input: 0, time: time, value: 1)])
      feed.take([Reading(input: 1, time: start + .seconds(599), value: 5)])
    }
    feed.take(steady(values, from: start + .seconds(600), seconds: 3_040))
    #expect(hours(feed).map(\.count) == [60])
    #expect(feed.monitor.counts[0].counts.absurd == 3)
  }

  @Test("after a pause of days the hours between are told, but not without end")
  func pause() {
    var feed = Feed(stack(.hj76))
    feed.take(steady(values, from: day(1, 1), seconds: 3_600))
    feed.take(steady(values, from: day(11, 1), seconds: 3_700))
    #expect(hours(feed).count <= 110)
    #expect(hours(feed).last?.count == 60)
  }

  @Test("a restart goes on from the recorded hours and days")
  func restart() {
    let all = steady(values, from: start, seconds: 26 * 3_600, every: 30)
    var whole = Feed(stack(.hj76, minuteSamples: 2))
    whole.take(all)
    for second in [5 * 3_600 + 1_234, 24 * 3_600 + 10] {
      let moment = start + .seconds(second)
      var before = Feed(stack(.hj76, minuteSamples: 2))
      before.take(all.filter { $0.time < moment })
      var after = Feed(stack(.hj76, minuteSamples: 2))
      after.monitor.restore(before.results.periods)
      let resume = after.monitor.resumesAt!
      #expect(resume <= moment && resume >= moment - .seconds(3_640))
      after.take(all.filter { $0.time >= resume })
      let rows = before.final.merging(after.final) { $1 }
      #expect(rows == whole.final, "restart after \(second) s")
    }
  }
}

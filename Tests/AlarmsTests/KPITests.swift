import Alarms
import FactoryModel
import Testing

@Suite("KPIs of a journal")
struct KPITests {
  private let start = Timestamp(seconds: 1_767_600_000)

  /// New alarms of one alarm at these seconds, each acknowledged and over after a second.
  private func calls(_ alarm: String, at seconds: [Int]) -> [AlarmTransition] {
    seconds.flatMap { second in
      [
        line(alarm, second, .normal, .unacknowledged),
        line(alarm, second + 1, .unacknowledged, .acknowledged),
        line(alarm, second + 1, .acknowledged, .normal),
      ]
    }
  }

  private func line(
    _ alarm: String, _ second: Int, _ from: AlarmState, _ to: AlarmState
  ) -> AlarmTransition {
    AlarmTransition(
      serial: 0, time: start + .seconds(second), alarm: alarm, signal: "m.f", from: from, to: to)
  }

  private func kpis(_ journal: [AlarmTransition], hours: Int = 1, operators: Int = 1) -> AlarmKPIs {
    AlarmKPIs(
      of: journal, from: start, to: start + .seconds(hours * 3_600), operators: operators
    ) { $0 == "fire" ? .critical : .low }
  }

  @Test("nothing happened: nothing is wrong")
  func quiet() {
    let found = kpis([])
    #expect(found.newAlarms == 0 && found.topTen.isEmpty && found.meanTimeToAcknowledge == nil)
    #expect(found.targets.allSatisfy(\.isMet) && !found.isLongEnough)
  }

  @Test("load, shares and priorities")
  func load() {
    let found = kpis(calls("hot", at: [0, 700, 1_400]) + calls("fire", at: [2_000]), operators: 2)
    #expect(found.newAlarms == 4)
    #expect(found.newAlarmsPerTenMinutes == 4.0 / 6 / 2)
    #expect(found.mostInTenMinutes == 1 && found.crowdedShare == 0)
    #expect(found.topTen.map(\.alarm) == ["hot", "fire"])
    #expect(found.topTen.map(\.share) == [0.75, 0.25])
    #expect(found.newAlarmsByPriority == [.low: 3, .critical: 1])
    #expect(found.meanTimeToAcknowledge == .seconds(1))
    let names = found.targets.filter { !$0.isMet }.map(\.name)
    #expect(names == ["the ten most frequent", "high and critical", "above low"])
  }

  @Test("a flood begins with the eleventh alarm in ten minutes and ends below five")
  func flood() throws {
    // One alarm every 30 s for 20 minutes, then silence.
    let found = kpis(calls("hot", at: Array(stride(from: 0, to: 1_200, by: 30))))
    let flood = try #require(found.floods.first)
    #expect(found.floods.count == 1)
    #expect(flood.began == start + .seconds(300))
    // Of the last five, at 1,050 … 1,170 s, the first is ten minutes old then.
    #expect(flood.ended == start + .seconds(1_050 + 600))
    #expect(flood.alarms == 40)
    #expect(found.mostInTenMinutes == 20)
    #expect(found.crowdedShare == 2.0 / 6)
    #expect(found.floodShare == 1_350.0 / 3_600)
  }

  @Test("a flood that lasts has no end yet")
  func endless() {
    let found = kpis(calls("hot", at: Array(stride(from: 3_000, to: 3_600, by: 30))))
    #expect(found.floods.map(\.ended) == [nil])
    #expect(found.floodShare == 300.0 / 3_600)
  }

  @Test("three times within a minute chatters, three times in 61 seconds does not")
  func chattering() {
    let journal = calls("fast", at: [10, 40, 70]) + calls("slow", at: [10, 40, 71])
    #expect(kpis(journal).chattering.map(\.alarm) == ["fast"])
  }

  @Test("active for over a day, acknowledged or not, also from before the stretch")
  func stale() {
    let day = 86_400
    let journal = [
      line("before", -day, .normal, .unacknowledged),
      line("ended", -day, .normal, .unacknowledged),
      line("ended", -10, .unacknowledged, .returned),
      line("interrupted", -day, .normal, .unacknowledged),
      line("shelved", -day, .normal, .unacknowledged),
      line("shelved", 0, .unacknowledged, .shelved),
      line("before", 5, .unacknowledged, .acknowledged),
      line("interrupted", 8, .unacknowledged, .returned),
      line("interrupted", 9, .returned, .unacknowledged),
    ]
    let found = kpis(journal)
    #expect(found.stale.map(\.alarm) == ["interrupted", "before"])
    #expect(found.newAlarms == 1, "only what began in the stretch is new")
    #expect(found.longestTimeToAcknowledge == .seconds(day + 5))
    #expect(found.silencedAtEnd == 1)
  }

  @Test("a re-alarm is no new alarm, a shelved alarm that comes back is one")
  func whatIsNew() {
    let journal = [
      line("hot", 1, .normal, .unacknowledged), line("hot", 2, .unacknowledged, .acknowledged),
      line("hot", 3, .acknowledged, .unacknowledged), line("hot", 4, .unacknowledged, .shelved),
      line("hot", 5, .shelved, .unacknowledged), line("hot", 4_000, .unacknowledged, .returned),
    ]
    let found = kpis(journal)
    #expect(found.newAlarms == 2)
    #expect(found.silencedAtEnd == 0)
  }
}

import FactoryModel
import Foundation
import Plant
import Testing

@Suite("when reports are due")
struct ReportScheduleTests {
  private func layout(_ zone: String, withShifts: Bool = true) -> PlantLayout {
    var layout = PlantLayout()
    layout.timeZone = TimeZone(identifier: zone) ?? .gmt
    if withShifts {
      layout.shifts = [
        Shift(name: "early", startMinute: 360, endMinute: 840, breaks: []),
        Shift(name: "late", startMinute: 840, endMinute: 1_320, breaks: []),
        Shift(name: "night", startMinute: 1_320, endMinute: 360, breaks: []),
      ]
    }
    return layout
  }

  private func time(_ text: String) throws -> Timestamp {
    try #require(Timestamp(rfc3339: text))
  }

  @Test(
    "each shift is due once, two minutes after its end, also when clocks are put forward or back",
    arguments: [("2026-03-27T11:00:00Z", 7), ("2026-10-23T11:00:00Z", 9)])
  func isDueOnce(_ start: String, nightHours: Int) throws {
    let schedule = ReportSchedule(layout("Europe/Berlin"))
    var now = try time(start)
    let end = now + .seconds(4 * 86_400)
    var last = now
    var reported: [ShiftRun] = []
    while now < end {
      for run in schedule.due(at: now, after: last) {
        let delay = now - run.range.upperBound
        #expect(delay >= .seconds(120) && delay < .seconds(120 + 300))
        reported.append(run)
        last = run.range.upperBound
      }
      now = now + .seconds(300)
    }
    #expect(reported.count == 12)
    for (run, next) in zip(reported, reported.dropFirst()) {
      #expect(run.range.upperBound == next.range.lowerBound)
    }
    let nights = reported.filter { $0.name == "night" }.map(\.range.duration)
    #expect(nights.contains(.seconds(nightHours * 3_600)))
  }

  @Test("what was missed is due at once, the oldest first, at most seven days back")
  func makesUp() throws {
    let schedule = ReportSchedule(layout("Asia/Shanghai"))
    let now = try time("2026-03-10T12:00:00Z")
    let due = schedule.due(at: now, after: try time("2026-03-08T22:00:00Z"))
    #expect(due.map(\.name) == ["early", "late", "night", "early"])
    #expect(schedule.due(at: now, after: try time("2026-01-01T00:00:00Z")).count == 21)
    #expect(schedule.due(at: now, after: now).isEmpty)
    #expect(schedule.due(at: now, after: now + .seconds(86_400)).isEmpty)
  }

  @Test("without shifts the day is reported, of 23 or 25 hours too")
  func reportsDays() throws {
    let schedule = ReportSchedule(layout("Europe/Berlin", withShifts: false))
    let spring = schedule.due(
      at: try time("2026-03-30T12:00:00Z"), after: try time("2026-03-28T12:00:00Z"))
    #expect(spring.map(\.range.duration) == [.seconds(24 * 3_600), .seconds(23 * 3_600)])
    let autumn = schedule.due(
      at: try time("2026-10-26T12:00:00Z"), after: try time("2026-10-24T23:00:00Z"))
    #expect(autumn.map(\.range.duration) == [.seconds(25 * 3_600)])
  }
}

import FactoryModel
import Foundation
import Plant
import Testing

@Suite("shift calendar")
struct ShiftCalendarTests {
  private func layout(_ zone: String) -> PlantLayout {
    var layout = PlantLayout()
    layout.timeZone = TimeZone(identifier: zone) ?? .gmt
    layout.shifts = [
      Shift(name: "early", startMinute: 360, endMinute: 840, breaks: [600..<615]),
      Shift(name: "late", startMinute: 840, endMinute: 1_320, breaks: []),
      Shift(name: "night", startMinute: 1_320, endMinute: 360, breaks: [120..<150]),
    ]
    return layout
  }

  private func time(_ text: String) throws -> Timestamp {
    try #require(Timestamp(rfc3339: text))
  }

  @Test("a moment belongs to the shift that the plant's clocks say")
  func findsShift() throws {
    let calendar = ShiftCalendar(layout("Asia/Shanghai"))
    let early = calendar.shift(at: try time("2026-03-02T01:30:00Z"))
    #expect(early.name == "early")
    #expect(early.range.lowerBound == (try time("2026-03-01T22:00:00Z")))
    #expect(early.plannedTime(in: early.range) == .seconds(8 * 3_600 - 15 * 60))
    let night = calendar.shift(at: try time("2026-03-01T18:10:00Z"))
    #expect(night.name == "night")
    #expect(night.range.lowerBound == (try time("2026-03-01T14:00:00Z")))
    #expect(
      night.breaks == [try time("2026-03-01T18:00:00Z")..<time("2026-03-01T18:30:00Z")])
  }

  @Test("a night in which clocks are put forward or back is an hour shorter or longer")
  func followsDaylightSaving() throws {
    let calendar = ShiftCalendar(layout("Europe/Berlin"))
    let spring = calendar.shift(at: try time("2026-03-28T23:00:00Z"))
    #expect(spring.name == "night" && spring.range.duration == .seconds(7 * 3_600))
    let autumn = calendar.shift(at: try time("2026-10-24T23:00:00Z"))
    #expect(autumn.name == "night" && autumn.range.duration == .seconds(9 * 3_600))
  }

  @Test("the shifts of a year follow each other without gap or overlap")
  func coversYear() throws {
    let calendar = ShiftCalendar(layout("Europe/Berlin"))
    let range = try time("2026-01-01T05:00:00Z")..<time("2027-01-01T05:00:00Z")
    let runs = calendar.shifts(in: range)
    #expect(runs.count == 365 * 3)
    #expect(zip(runs, runs.dropFirst()).allSatisfy { $0.range.upperBound == $1.range.lowerBound })
  }

  @Test("a day holds the end of the night before it and the beginning of the next, which add up")
  func partsOfDays() throws {
    let calendar = ShiftCalendar(layout("Europe/Berlin"))
    for day in ["2026-03-02T12:00:00Z", "2026-03-28T12:00:00Z", "2026-10-24T12:00:00Z"] {
      let first = calendar.day(at: try time(day)).range
      let second = calendar.day(at: first.upperBound).range
      let days = [first, second].map(calendar.parts)
      for (range, parts) in zip([first, second], days) {
        #expect(parts.map(\.run.name) == ["night", "early", "late", "night"], "\(day)")
        #expect(parts[0].run.range.lowerBound == range.lowerBound, "\(day)")
        #expect(parts[3].run.range.upperBound == range.upperBound, "\(day)")
        #expect(parts[1].share == 1 && parts[2].share == 1)
      }
      #expect(abs(days[0][3].share + days[1][0].share - 1) < 1e-12, "\(day)")
      #expect(days[0][3].share < 0.3 && days[0][3].share > 0.2, "\(day)")
    }
  }

  @Test("without shifts the local day counts")
  func fallsBackToDay() throws {
    var layout = PlantLayout()
    layout.timeZone = TimeZone(identifier: "Asia/Shanghai") ?? .gmt
    let day = ShiftCalendar(layout).shift(at: try time("2026-03-01T18:10:00Z"))
    let midnight = try time("2026-03-01T16:00:00Z")
    #expect(day.name == nil && day.range.lowerBound == midnight)
  }
}

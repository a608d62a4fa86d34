import FactoryModel
import TestSupport
import Testing

@Suite("Timestamps")
struct TimestampTests {
  @Test(
    "a moment is written and read in RFC 3339",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2000-02-29T23:59:59Z", 951_868_799),
      ("2026-03-01T08:00:00Z", 1_772_352_000), ("1969-12-31T23:59:59Z", -1),
      ("2100-03-01T00:00:00Z", 4_107_542_400),
    ])
  func text(_ text: String, _ seconds: Int64) {
    #expect(Timestamp(rfc3339: text) == Timestamp(seconds: seconds))
    #expect(Timestamp(seconds: seconds).description == text)
  }

  @Test("zones, fractions and dates alone are read")
  func forms() {
    let noon = Timestamp(rfc3339: "2026-03-01T12:00:00Z")
    #expect(Timestamp(rfc3339: "2026-03-01T20:00:00+08:00") == noon)
    #expect(Timestamp(rfc3339: "2026-03-01 07:00:00-0500") == noon)
    #expect(Timestamp(rfc3339: "2026-03-01T12:00") == noon)
    #expect(Timestamp(rfc3339: "2026-03-01")?.description == "2026-03-01T00:00:00Z")
    #expect(
      Timestamp(rfc3339: "2026-03-01T12:00:00.25Z")?.description == "2026-03-01T12:00:00.250Z")
  }

  @Test(
    "what is no moment is refused",
    arguments: [
      "", "2026", "2026-13-01", "2026-02-29", "2026-03-01T24:00:00Z", "2026-03-01T12:00:00X",
      "2026-03-01T12:00:00Z ", "2026-03-01T12:00:00.Z", "0001-01-01T00:00:00Z",
    ])
  func refused(_ text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test("every month of 1700 to 2249 has the length the calendar gives it")
  func calendar() {
    var day = CivilTime(year: 1700, month: 1, day: 1).timestamp()
    for year in 1700..<2250 {
      let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      for (month, days) in zip(1..., [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
        #expect(CivilTime(year: year, month: month, day: 1).timestamp() == day)
        let last = CivilTime(day + .seconds(86_400 * days - 1))
        #expect(last.month == month && last.day == days && last.second == 59)
        day = day + .seconds(86_400 * days)
      }
    }
  }
}

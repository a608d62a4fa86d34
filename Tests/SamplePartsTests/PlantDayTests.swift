import SampleParts
import Testing

@Suite("a made-up day")
struct PlantDayTests {
  @Test("the same for a seed, another for another, and in order of time")
  func repeats() throws {
    let (day, same, other) = (
      PlantDay(start: 86_400, seed: 1), PlantDay(start: 86_400, seed: 1),
      PlantDay(start: 86_400, seed: 2)
    )
    for hour in [0, 10, 23] {
      #expect(day.lines(ofHour: hour) == same.lines(ofHour: hour))
      #expect(day.lines(ofHour: hour) != other.lines(ofHour: hour))
      let times = try day.lines(ofHour: hour).split(separator: "\n").map { line in
        try #require(line.split(separator: " ").last.flatMap { Int64($0) })
      }
      let begin = Int64(86_400 + hour * 3_600) * 1_000_000_000
      #expect(times == times.sorted() && times.first == begin)
      #expect(times.allSatisfy { $0 < begin + 3_600_000_000_000 })
    }
  }
}

import FactoryModel
import Imaging
import TestSupport
import Testing

@testable import Pipeline

@Suite("the list of alarms")
struct AlarmListTests {
  private func standing(
    _ number: Int, at second: Int64, of place: String?, _ state: AlarmState = .unacknowledged,
    _ priority: AlarmPriority = .medium
  ) -> AlarmStanding {
    AlarmStanding(
      name: "alarm \(number)", signal: "m.value{id=\(number)}", state: state,
      since: Timestamp(seconds: second), began: Timestamp(seconds: second), priority: priority,
      place: place)
  }

  @Test("ten alarms stand alone; the eleventh within ten minutes folds them by place")
  func eleventh() {
    let ten = (0..<10).map { standing($0, at: Int64(60 * $0), of: $0 < 6 ? "press" : "oven") }
    let calm = AlarmList(ten, at: Timestamp(seconds: 600))
    #expect(calm.groups.isEmpty && calm.alone == ten)
    let list = AlarmList(
      ten + [standing(10, at: 599, of: "saw", .unacknowledged, .critical)],
      at: Timestamp(seconds: 600))
    #expect(list.groups.map(\.place) == ["press", "oven"])
    #expect(list.groups.map(\.alarms.count) == [6, 4])
    #expect(list.alone.map(\.name) == ["alarm 10"], "one alone at its place is no group")
  }

  @Test("a group says its worst priority, its first cause and how many nobody has answered")
  func figures() {
    var alarms = (0..<12).map { standing($0, at: Int64(100 - $0), of: "press") }
    alarms[4].priority = .critical
    alarms[5].state = .acknowledged
    alarms[6].state = .returned
    alarms[7].state = .shelved
    let list = AlarmList(alarms, at: Timestamp(seconds: 200))
    #expect(list.groups.count == 1)
    let group = list.groups[0]
    #expect(group.priority == .critical && group.alarms.count == 11 && group.unacknowledged == 9)
    #expect(group.alarms.first?.name == "alarm 11" && group.since == Timestamp(seconds: 89))
    #expect(list.alone.map(\.state) == [.shelved], "a silenced alarm is in no group")
  }

  @Test("without a machine or a place the measurement groups")
  func measurement() {
    let alarms = (0..<20).map { standing($0, at: 1, of: nil) }
    #expect(AlarmList(alarms, at: Timestamp(seconds: 2)).groups.map(\.place) == ["m"])
  }

  @Test("random lists fold as a naive count of neighbours says", arguments: 1...6)
  func random(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    print("seed \(seed)")
    let alarms = (0..<120).map { number in
      standing(
        number, at: Int64.random(in: 0..<(seed < 4 ? 20_000 : 3_000), using: &random),
        of: "p\(Int.random(in: 0..<4, using: &random))")
    }
    let times = alarms.compactMap { $0.began?.nanoseconds }.map { $0 / 1_000_000_000 }.sorted()
    // The state of the flood at each second, by counting.
    var isFlood = false
    var stretches: [Range<Int64>] = []
    for second in 0...Int64(30_000) {
      let count = times.count { $0 > second - 600 && $0 <= second }
      if !isFlood, count > 10 {
        isFlood = true
        stretches.append(second - 599..<30_001)
      } else if isFlood, count < 5, let last = stretches.popLast() {
        isFlood = false
        stretches.append(last.lowerBound..<second)
      }
    }
    let list = AlarmList(alarms, at: Timestamp(seconds: 30_000))
    var expected: [[String]: Int] = [:]
    for alarm in alarms {
      let second = (alarm.began?.nanoseconds ?? 0) / 1_000_000_000
      guard let flood = stretches.firstIndex(where: { $0.contains(second) }) else { continue }
      expected[["\(flood + 1) \(alarm.place ?? "")"], default: 0] += 1
    }
    let found = Dictionary(uniqueKeysWithValues: list.groups.map { ([$0.id], $0.alarms.count) })
    #expect(found == expected.filter { $0.value > 1 })
    #expect(list.alone.count + list.groups.reduce(0) { $0 + $1.alarms.count } == 120)
  }
}

import Alarms
import Foundation
import StrictYAML
import TestSupport
import Testing

@Suite("timelines")
struct TimelineTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/alarms")

  static var files: [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return all.filter { $0.hasSuffix(".timeline") }.sorted()
  }

  @Test("alarms stand as written", arguments: files)
  func fixtures(_ name: String) throws {
    let text = try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
    let file = try TimelineFile(text, file: name)
    let rules = try rules(file.rules)
    #expect(!file.timelines.isEmpty)
    for timeline in file.timelines {
      let result = try timeline.run(under: rules, file: name)
      #expect(
        result.hasPassed, "\(name), line \(timeline.line): \(timeline.title)\n\(result.failure)")
    }
  }

  private func rules(_ yaml: String) throws -> [AlarmRule] {
    let top = try YAMLValue.document(yaml, file: "timeline")?.mapping(keys: ["alarms"])
    return try AlarmRule.list(top?["alarms"]) { _ in throw CancellationError() }
  }

  private let oven = "alarms:\n  - {name: hot, signal: oven.temp, high: 90}\n"

  @Test("a wrong expectation shows both rows and a mark under the difference")
  func failure() throws {
    let file = try TimelineFile(
      oven + "timeline t\noven.temp | 95 70\nhot | U .\n", file: "t")
    let result = try file.timelines[0].run(under: rules(file.rules), file: "t")
    #expect(!result.hasPassed)
    #expect(
      result.failure == """
          hot, line 5
            time      0s 1s
            expected  U  .
            found     U  R
                         ^
        """)
  }

  @Test("an action that goes otherwise than written is a failure")
  func surprise() throws {
    let file = try TimelineFile(
      oven + "timeline t\noven.temp | 95\ndo hot | !ack\nhot | A\n", file: "t")
    let result = try file.timelines[0].run(under: rules(file.rules), file: "t")
    #expect(result.surprises == ["line 5: acknowledge was not refused"])
  }

  @Test(
    "what is no timeline names its line",
    arguments: [
      ("timeline t\noven.temp | 1 2\nhot | .\n", 3), ("timeline t\noven.temp | 1\n", 1),
      ("timeline t\nevery 5\n", 2), ("timeline t\nhot | Q\n", 2), ("timeline t\nhot\n", 2),
      ("timeline t\ndo hot | sleep\nhot | .\n", 2), ("timeline t\nat | 5s 1s\nhot | . .\n", 2),
      ("timeline t\noven.temp | 1@soon\nhot | .\n", 2), ("alarms: []\n", 1),
    ])
  func refused(_ text: String, _ line: Int) {
    #expect { try TimelineFile(text, file: "t") } throws: { ($0 as? TimelineError)?.line == line }
  }

  @Test("damaged files are refused or played, never more", arguments: propertySeeds)
  func damaged(_ seed: UInt64) throws {
    var random = RandomSeries(seed: seed)
    let whole = try Self.files.map {
      Array(try String(contentsOf: Self.folder.appendingPathComponent($0), encoding: .utf8))
    }
    var played = 0
    for _ in 0..<60 {
      var text = whole[random.below(whole.count)]
      for _ in 0..<random.below(4) + 1 {
        let place = random.below(text.count)
        let other = whole[random.below(whole.count)]
        let start = random.below(other.count)
        let piece = other[start..<min(other.count, start + random.below(9))]
        text.replaceSubrange(place..<min(text.count, place + random.below(9)), with: piece)
      }
      guard let file = try? TimelineFile(String(text), file: "t"),
        let rules = try? rules(file.rules)
      else { continue }
      for timeline in file.timelines {
        if (try? timeline.run(under: rules, file: "t")) != nil { played += 1 }
      }
    }
    #expect(played > 20, "seed \(seed)")
  }

  @Test("an alarm that no rule makes is not known")
  func unknownAlarm() throws {
    let file = try TimelineFile("timeline t\noven.temp | 1\ncold | .\n", file: "t")
    #expect(throws: TimelineError.self) {
      try file.timelines[0].run(under: rules(oven), file: "t")
    }
  }
}

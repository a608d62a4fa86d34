import FactoryModel
import Foundation
import Imaging
import TestSupport
import Testing

@testable import Telemetry

private let received = Timestamp(seconds: 1_772_352_000)

private func read(
  _ payload: String, _ mapping: JSONMapping, topic: [String] = []
) throws -> [String] {
  var reader = JSONSignalReader(mapping)
  var table = SignalTable()
  var batch = SampleBatch()
  try reader.read(
    Array(payload.utf8)[...], topic: topic, receivedAt: received, table: &table, into: &batch)
  return samples(of: batch, table)
}

@Suite("JSON payloads")
struct JSONSignalTests {
  @Test("a mapping names values by their paths, with gaps from topic and payload")
  func entries() throws {
    let mapping = JSONMapping(
      .entries([
        .init(JSONPath("d.temp"), try SignalTemplate("machine.temp{id=$2,shop=${place}}")),
        .init(JSONPath("d.list.1"), try SignalTemplate("${kind}.second")),
        .init(JSONPath("absent"), try SignalTemplate("x.y")),
      ]), time: JSONPath("ts"))
    let payload = #"""
      {"ts":1772352000250,"place":"hall 3","kind":"kiln","d":{"temp":21.5,"list":[1,true]}}
      """#
    #expect(
      try read(payload, mapping, topic: ["plant", "m7", "telemetry"]) == [
        "machine.temp{id=m7,shop=hall 3} 2026-03-01T08:00:00.250Z 21.5",
        "kiln.second 2026-03-01T08:00:00.250Z 1.0",
      ])
  }

  @Test("all values of a payload are taken by their keys, a plain number too")
  func all() throws {
    let mapping = JSONMapping(
      .all(measurement: try SignalTemplate("plant{machine=$2}")), time: JSONPath("t"))
    #expect(
      try read(#"{"t":"2026-03-01","a":{"b":1,"c":null},"s":"on"}"#, mapping, topic: ["x", "m7"])
        == [
          "plant.a.b{machine=m7} 2026-03-01T00:00:00Z 1.0",
          "plant.a.c{machine=m7} 2026-03-01T00:00:00Z nan bad",
          "plant.s{machine=m7} 2026-03-01T00:00:00Z 0.0",
        ])
    #expect(
      try read(" 21.5 ", mapping, topic: ["x", "m8"])
        == ["plant.value{machine=m8} 2026-03-01T08:00:00Z 21.5"])
  }

  @Test("the items of a list are read one by one, with their own times")
  func each() throws {
    let mapping = JSONMapping(
      .entries([.init(JSONPath("v"), try SignalTemplate("m.${n}"))]), each: JSONPath("r"),
      time: JSONPath("t"), quality: JSONPath("q"))
    let payload = #"""
      {"t":1772352060,"r":[{"n":"a","v":1,"t":1772352000,"q":"uncertain"},{"n":"b","v":"2"}]}
      """#
    #expect(
      try read(payload, mapping) == [
        "m.a 2026-03-01T08:00:00Z 1.0 uncertain", "m.b 2026-03-01T08:01:00Z 2.0",
      ])
  }

  @Test(
    "a payload with a fault records nothing and says why",
    arguments: [
      (#"{"a":1"#, EntryFault.badJSON(byte: 7, expected: "a comma or a closing brace")),
      (#"{"a":01}"#, .badJSON(byte: 6, expected: "a value")),
      (#"{"a":NaN}"#, .badJSON(byte: 6, expected: "a value")),
      ("[1] x", .badJSON(byte: 5, expected: "the end")),
      (#"{"b":1}"#, .nothingFound),
      (#"{"a":[1]}"#, .badValue(signal: "m.a")),
      (#"{"a":1,"t":"soon"}"#, .badTime("soon")),
      (#"{"a":1,"t":12}"#, .badTime("12")),
      (#"{"a":1,"q":"fine"}"#, .badQuality("fine")),
      (
        "{\"a\":\"\u{7}\"}", .badJSON(byte: 7, expected: "an escape instead of a control character")
      ),
    ])
  func faults(_ payload: String, _ fault: EntryFault) throws {
    let mapping = JSONMapping(
      .entries([.init(JSONPath("a"), try SignalTemplate("m.a"))]), time: JSONPath("t"),
      quality: JSONPath("q"))
    #expect(throws: fault) { try read(payload, mapping) }
  }

  @Test(
    "a template that is no signal's name is refused", arguments: ["", "{a=b}", "m.a{b", "m{*}"])
  func templates(_ text: String) {
    #expect(throws: SignalPatternError.self) { try SignalTemplate(text) }
  }

  @Test("lines of JSON are read, whatever the chunks, and a bad line costs itself")
  func lines() {
    let text = """
      {"time":"2026-03-01T08:00:00Z","signal":"machine.temp{id=m7}","value":90,"quality":"good"}

      {"time":"2026-03-01T08:00:01Z","signal":"machine.temp{id=m7}","value":null,"quality":"bad"}
      oops
      {"signal":"machine.state","value":"run"}
      """
    for chunk in [1, 13, 10_000] {
      var reader = NDJSONReader()
      var table = SignalTable()
      var batch = SampleBatch()
      var rest = Array(text.utf8)[...]
      while !rest.isEmpty {
        let piece = Array(rest.prefix(chunk))
        reader.read(piece, receivedAt: received, table: &table, into: &batch)
        rest = rest.dropFirst(piece.count)
      }
      reader.finish(receivedAt: received, table: &table, into: &batch)
      #expect(
        samples(of: batch, table) == [
          "machine.temp{id=m7} 2026-03-01T08:00:00Z 90.0",
          "machine.temp{id=m7} 2026-03-01T08:00:01Z nan bad",
          "machine.state 2026-03-01T08:00:00Z 0.0",
        ])
      #expect(reader.report.lines == 5)
      #expect(
        reader.report.firstFaults.map(\.description).map { $0.prefix(16) } == ["line 4: not JSON"])
    }
  }
}

@Suite("JSON")
struct JSONParserTests {
  @Test("random values come back as Foundation reads them", arguments: propertySeeds)
  func random(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let value = Self.value(&generator, level: 0)
      let data = try JSONSerialization.data(
        withJSONObject: value, options: [.fragmentsAllowed, .prettyPrinted])
      let parsed = try JSONParser.parse(Array(data)[...])
      #expect(Self.plain(parsed) == value as? NSObject, "seed \(seed)")
    }
  }

  @Test("damaged text is refused or read, never more", arguments: propertySeeds)
  func damage(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let marks = Array("{}[]\",:0-+.eE\\u\u{1}ntf ".utf8)
    for _ in 0..<2_000 {
      let value = Self.value(&generator, level: 0)
      var bytes = Array(
        try JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed]))
      for _ in 0...generator.below(3) {
        bytes[generator.below(bytes.count)] = marks[generator.below(marks.count)]
      }
      _ = try? JSONParser.parse(bytes[...])
    }
    let deep = Array(String(repeating: "[", count: 100_000).utf8)
    #expect(throws: EntryFault.self) { try JSONParser.parse(deep[...]) }
    #expect(throws: EntryFault.notUTF8) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
  }

  private static func value(_ generator: inout SeededGenerator, level: Int) -> Any {
    switch generator.below(level < 4 ? 7 : 5) {
    case 0: return NSNull()
    case 1: return generator.below(2) == 0
    case 2: return Double(generator.below(1_000_000)) / 64
    case 3: return generator.below(1_000_000_000) - 500_000_000
    case 4: return String((0..<generator.below(8)).map { _ in Self.characters[generator.below(9)] })
    case 5: return (0..<generator.below(4)).map { _ in Self.value(&generator, level: level + 1) }
    default:
      var object: [String: Any] = [:]
      for key in 0..<generator.below(4) {
        object["k\(key)"] = Self.value(&generator, level: level + 1)
      }
      return object
    }
  }

  private static let characters: [Character] = [
    "a", "\"", "\\", "/", "\n", "\u{1}", "ä", "\u{1F3ED}", " ",
  ]

  /// As Foundation holds it.
  private static func plain(_ value: JSONValue) -> NSObject {
    switch value {
    case .null: NSNull()
    case .bool(let isTrue): NSNumber(value: isTrue)
    case .number(let digits): NSNumber(value: Double(digits) ?? .nan)
    case .text(let text): text as NSString
    case .list(let items): items.map(plain) as NSArray
    case .object(let members):
      Dictionary(members.map { ($0.key, plain($0.value)) }) { $1 } as NSDictionary
    }
  }
}

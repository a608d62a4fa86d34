import StrictYAML
import Testing

@Suite("strict YAML")
struct StrictYAMLTests {
  private func mapping(_ text: String, keys: [String]) throws -> StrictMapping {
    try #require(try YAMLValue.document(text, file: "site.yaml")).mapping(keys: keys)
  }

  @Test("an unknown key names its line and the nearest known one")
  func unknownKey() {
    #expect(
      throws: YAMLError.unknownKey(
        place: "site.yaml", line: 2, key: "databse", nearest: "database")
    ) { try mapping("listen: x\ndatabse: y\n", keys: ["listen", "database"]) }
  }

  @Test(
    "a length of time needs a number and a unit",
    arguments: [
      ("250ms", 0.25), ("1.5m", 90), ("8h", 28_800), ("7d", 604_800), ("0s", 0), ("5", nil),
      ("s", nil), ("-1s", nil), ("5 weeks", nil), ("99999999999d", nil),
    ] as [(String, Double?)])
  func durations(_ text: String, _ seconds: Double?) throws {
    let mapping = try mapping("time: '\(text)'", keys: ["time"])
    if let seconds {
      #expect(try mapping.duration("time") == .milliseconds(Int(seconds * 1_000)))
    } else {
      #expect(throws: YAMLError.self) { try mapping.duration("time") }
    }
  }

  @Test("a wrong value names its place, what was found and what was expected")
  func wrongValue() throws {
    let mapping = try mapping("high: hot\nnames: [a, [b]]", keys: ["high", "names"])
    #expect {
      try mapping.number("high")
    } throws: {
      "\($0)" == "site.yaml, high: found line 1: “hot”, expected a number"
    }
    #expect(throws: YAMLError.self) { try mapping.strings("names") }
    #expect(throws: YAMLError.missingKey(place: "site.yaml", key: "low")) {
      try mapping.required("low", mapping["low"])
    }
  }

  @Test("what is no YAML says so", arguments: ["a: [", "a: b: c", "a: 1\na: 2"])
  func syntax(_ text: String) {
    #expect(throws: YAMLError.self) { try YAMLValue.document(text, file: "site.yaml") }
  }

  @Test("nothing is nothing", arguments: ["", "# only a comment", "~"])
  func nothing(_ text: String) throws {
    #expect(try YAMLValue.document(text, file: "site.yaml")?.place == nil)
  }
}

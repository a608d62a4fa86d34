import FactoryModel
import Storage
import Testing

@testable import Reports

@Suite("Samples as text")
struct SampleTextTests {
  private let signals = [
    (name: SignalName(path: "m.temp", tags: [.init("id", "a,b")]), words: [String]()),
    (name: SignalName(path: "m.state"), words: ["run", "\"stop\", now"]),
  ]

  private func lines(_ form: RecordForm, namesSignals: Bool) -> String {
    var text = SampleText(form, signals: signals, namesSignals: namesSignals)
    var out: [UInt8] = []
    let samples: [(Int, Int64, Double, Quality)] = [
      (0, 0, 90, .good), (0, 1, -0.1, .uncertain), (0, 1_000_000_000, .nan, .bad),
      (1, 1_000_000_000, 1, .good), (1, 2_000_000_000, 7, .good),
    ]
    for (place, time, value, quality) in samples {
      let sample = Sample(time: Timestamp(nanoseconds: time), value: value, quality: quality)
      text.append(sample, of: place, to: &out)
    }
    return String(decoding: out, as: UTF8.self)
  }

  @Test("CSV has empty cells for no value, words as text, names in quotes where needed")
  func csv() {
    #expect(
      lines(.csv, namesSignals: false).split(separator: "\n") == [
        "1970-01-01T00:00:00Z,90,good",
        "1970-01-01T00:00:00.000000001Z,-0.1,uncertain",
        "1970-01-01T00:00:01Z,,bad",
        #"1970-01-01T00:00:01Z,"""stop"", now",good"#,
        "1970-01-01T00:00:02Z,7,good",
      ])
    #expect(lines(.csv, namesSignals: true).hasPrefix("\"m.temp{id=a\\,b}\",1970"))
  }

  @Test("JSON says null for no value and names its signal for a pattern")
  func json() {
    let found = lines(.json, namesSignals: true).split(separator: "\n")
    #expect(
      found[2]
        == #"{"signal":"m.temp{id=a\\,b}","time":"1970-01-01T00:00:01Z","value":null,"quality":"bad"}"#
    )
    #expect(
      found[3]
        == #"{"signal":"m.state","time":"1970-01-01T00:00:01Z","value":"\"stop\", now","quality":"good"}"#
    )
  }
}

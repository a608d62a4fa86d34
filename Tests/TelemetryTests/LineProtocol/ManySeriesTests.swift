import FactoryModel
import Telemetry
import Testing

@Suite("Line protocol, many series")
struct ManySeriesTests {
  /// Names of thousands of signals, as plants number them.
  private static let namings: [@Sendable (Int) -> String] = [
    { "machine,id=m\($0) temp" }, { "machine,id=\($0),line=2 temp" }, { "m\($0) t" },
    { "plant,cell=\($0 / 100),robot=\($0 % 100) joint\($0 % 6)" },
    { "table c\($0)" }, { "sensor,serial=00000000000\($0 * 4_096) value" },
  ]

  @Test("thousands of signals are each recorded under their own name", arguments: namings.indices)
  func reads(_ naming: Int) {
    let names = (0..<5_000).map(Self.namings[naming])
    var source = TestSource()
    // The second time all names are known.
    for round in 1...2 {
      let text = names.enumerated().map { "\($1)=\($0) \(round)000000000000000000\n" }.joined()
      source.read(Array(text.utf8))
    }
    source.finish()
    #expect(source.stream.report.firstRefused.isEmpty)
    #expect(source.table.count == Set(names).count)
    #expect(source.batch.count == 2 * names.count)
    for (place, name) in names.enumerated() {
      let words = name.split(separator: " ")
      let series = words[0].split(separator: ",")
      let tags = series.dropFirst().joined(separator: ",")
      let signal = "\(series[0]).\(words[1])" + (tags.isEmpty ? "" : "{\(tags)}")
      for round in [place, names.count + place] {
        #expect(source.table[source.batch.signals[round]].description == signal)
        #expect(source.batch.values[round] == Double(place))
      }
    }
  }
}

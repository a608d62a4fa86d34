import FactoryModel
import Foundation
import Pipeline
import Telemetry
import Testing

@Suite("stretches to learn from")
struct NormalStretchTests {
  private func stretch(
    _ text: String, _ name: String, _ selection: NormalStretch.Selection = .init()
  ) throws -> NormalStretch {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("gemba-\(UUID().uuidString)-\(name)")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try NormalStretch(of: file.path, selection)
  }

  @Test("CSV: numbers beside a column of times, whatever separates them")
  func csv() throws {
    let table = """
      datetime;temp;oven.load{id=1};note
      2026-01-05 08:00:00;20;1.5;ok
      2026-01-05 08:00:01;;2.5;ok
      2026-01-05 08:00:02;22;3.5
      2026-01-05 08:00:03;23;4.5;
      """
    for separator in [";", ",", "\t"] {
      let found = try stretch(table.replacing(";", with: separator), "a.csv")
      #expect(found.signals.map(\.description) == ["rig.temp", "oven.load{id=1}"])
      // A row waits for every signal; the line that is too short is left out.
      #expect(found.rows == [[20, 1.5], [23, 4.5]])
      #expect(found.span?.upperBound == Timestamp(seconds: 1_767_600_003))
    }
  }

  @Test("line protocol: wanted signals, range and number of rows; words are no numbers")
  func lines() throws {
    let lines = (0..<10).map { second in
      let time = 1_767_600_000 + second
      return
        "pump,id=1 flow=\(second),state=\"on\" \(time)\npump,id=1 speed=\(second * 2) \(time)\n"
    }.joined()
    var selection = NormalStretch.Selection()
    selection.precision = .seconds
    #expect(try stretch(lines, "a.lp", selection).rows.count == 10)
    selection.range = Timestamp(seconds: 1_767_600_003)..<Timestamp(seconds: 1_767_600_008)
    selection.rows = 4
    #expect(try stretch(lines, "a.lp", selection).rows == [[3, 6], [4, 8], [5, 10], [6, 12]])
    selection.patterns = [try SignalPattern("pump.speed{*}")]
    #expect(try stretch(lines, "a.lp", selection).signals.map(\.path) == ["pump.speed"])
    selection.patterns = [try SignalPattern("pump.power")]
    #expect(throws: RecordingError.self) { try stretch(lines, "a.lp", selection) }
  }

  @Test(
    "what is no table is refused",
    arguments: ["", "a,b\n1,2\n", "time,b\nsoon,2\n", "time,b\n1e30,2\n", "time\n1\n", "time,b\n"])
  func refused(_ text: String) {
    #expect(throws: RecordingError.self) { try stretch(text, "a.csv") }
  }
}

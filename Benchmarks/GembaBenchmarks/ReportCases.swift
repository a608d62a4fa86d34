import Emissions
import FactoryModel
import Foundation
import Plant
import Reports
import Storage

/// A month's report from stored period values: 50 outlets of 4 factors each, 200 signals, hours and
/// days of 30 days.
enum ReportCases {
  private static let start = Timestamp(seconds: 1_767_225_600)
  private static let days = 30
  private static let factors = ["a21026", "a21002", "a34013", "a21005"]

  static func run() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("gemba-report-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let layout = layout()
    let file = try RecordFile(path: folder.appendingPathComponent("r.sqlite").path, for: .write)
    var writer = try SampleWriter(file)
    for outlet in layout.outlets {
      try writer.commit(SignalTable(), with: RecordEntries(periods: periods(outlet)))
    }
    let range = start..<start + .seconds(days * 86_400)
    let question = ShiftReport.Question(
      name: "month", range: range, now: range.upperBound + .seconds(86_400))
    var bytes = 0
    let time = try Measurement(passes: 3, pieces: 1) {
      bytes = try ShiftReport(PlantRecord(layout, file), question).html(.english).utf8.count
    }
    Line.print(
      "report, 30 days of 200 signals, HTML", time,
      [("megabytes", Double(bytes) / 1e6), ("peakMegabytes", peakMegabytes)])
    let json = try Measurement(passes: 3, pieces: 1) {
      bytes = try ShiftReport(PlantRecord(layout, file), question).json.utf8.count
    }
    Line.print(
      "report, 30 days of 200 signals, JSON", json,
      [("megabytes", Double(bytes) / 1e6), ("peakMegabytes", peakMegabytes)])
  }

  /// The most memory that the process has held so far.
  private static var peakMegabytes: Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(separator: " ").compactMap { Double($0) }.first.map { $0 / 1_024 } ?? .nan
  }

  private static func layout() -> PlantLayout {
    var layout = PlantLayout()
    layout.outlets = (0..<50).map { number in
      var outlet = EmissionOutlet(
        name: "stack \(number)",
        pollutants: factors.map {
          .init(factor: $0, signal: SignalName(path: "cems.\($0)_\(number)"), limit: 50)
        })
      outlet.zoneOffsetSeconds = 0
      return outlet
    }
    return layout
  }

  /// Hours and days of an outlet's factors; one hour in a hundred is missing, some are over.
  private static func periods(_ outlet: EmissionOutlet) -> [PeriodValue] {
    outlet.pollutants.flatMap { pollutant in
      [(PeriodKind.hour, 3_600), (.day, 86_400)].flatMap { kind, length in
        (0..<days * 86_400 / length).filter { $0 % 100 != 7 }.map { number in
          let begin = start + .seconds(number * length)
          let mean = Double((number * 37 + pollutant.factor.utf8.count) % 53)
          return PeriodValue(
            signal: outlet.signal(pollutant.factor), kind: kind, start: begin,
            end: begin + .seconds(length), mean: mean, total: mean / 10, converted: mean,
            count: 60, flag: .normal, capturePercent: 100, limit: 50)
        }
      }
    }
  }
}

import Alarms
import FactoryModel
import Foundation

/// T² and Q with delays on recordings of a test rig: a folder of `;`-separated files with the columns
/// `datetime`, one per signal, `anomaly` and `changepoint` (SKAB's form).
///
/// A model is learned from the first 400 rows of each file and judged on the rest; counts are summed
/// over files. `chosen elsewhere`: the settings for each file are those that did best on all others.
enum RigCases {
  private static let taught = 400

  private struct Settings {
    var learning = PrincipalLearning()
    var onDelay = Duration.seconds(5)
    var offDelay = Duration.seconds(30)
  }

  /// Rows judged, by what they are and what was said of them.
  private struct Tally {
    var hits = 0
    var misses = 0
    var falseAlarms = 0
    var rests = 0

    var f1: Double { Double(2 * hits) / Double(max(1, 2 * hits + misses + falseAlarms)) }
    var falseAlarmRate: Double { Double(falseAlarms) / Double(max(1, falseAlarms + rests)) }
    var missedRate: Double { Double(misses) / Double(max(1, misses + hits)) }

    static func += (sum: inout Tally, other: Tally) {
      sum.hits += other.hits
      sum.misses += other.misses
      sum.falseAlarms += other.falseAlarms
      sum.rests += other.rests
    }
  }

  static func run(_ folder: String) throws {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".csv") }.sorted()
    let rigs = try names.map { try Recording("\(folder)/\($0)") }
    let settings = grid()
    let start = ContinuousClock.now
    let tallies = try settings.map { setting in try rigs.map { try tally($0, under: setting) } }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    var chosen = Tally()
    for rig in rigs.indices {
      let others = tallies.map { sum($0, without: rig) }
      let allowed = others.indices.filter { others[$0].falseAlarmRate <= 0.2 }
      let best = allowed.max { others[$0].f1 < others[$1].f1 } ?? 0
      chosen += tallies[best][rig]
    }
    report("rig, settings chosen elsewhere", chosen, seconds, of: rigs.count)
    let usual = try rigs.map { try tally($0, under: Settings()) }
    report("rig, default settings", sum(usual, without: nil), seconds, of: rigs.count)
  }

  private static func report(_ name: String, _ tally: Tally, _ seconds: Double, of files: Int) {
    Line.print(
      name, Measurement(milliseconds: [seconds * 1_000 / Double(grid().count * max(1, files))]),
      [
        ("f1", tally.f1), ("falseAlarmRate", tally.falseAlarmRate),
        ("missedRate", tally.missedRate),
      ])
  }

  private static func sum(_ tallies: [Tally], without rig: Int?) -> Tally {
    var all = Tally()
    for (place, tally) in tallies.enumerated() where place != rig { all += tally }
    return all
  }

  private static func grid() -> [Settings] {
    var all: [Settings] = []
    for smoothing in [0.05, 0.1, 0.2, 0.3] {
      for explained in [0.3, 0.5, 0.7, 0.9] {
        for margin in [3.0, 4, 6, 8] {
          for (on, off) in [(0, 0), (5, 5), (5, 15), (5, 30)] {
            var settings = Settings(onDelay: .seconds(on), offDelay: .seconds(off))
            settings.learning.smoothing = smoothing
            settings.learning.explained = explained
            settings.learning.margin = margin
            all.append(settings)
          }
        }
      }
    }
    return all
  }

  /// Learns from the beginning of a recording and judges the rest, through the alarm engine.
  private static func tally(_ rig: Recording, under settings: Settings) throws -> Tally {
    let model = try settings.learning.model(
      name: "rig", signals: rig.signals, rows: Array(rig.rows.prefix(taught)))
    var rule = AlarmRule(
      name: "unusual", signals: try SignalPattern("rig"), condition: .unusual(model))
    rule.onDelay = settings.onDelay
    rule.offDelay = settings.offDelay
    var engine = AlarmEngine(rules: [rule])
    var table = SignalTable()
    let ids = rig.signals.map { table.id(of: $0) }
    var journal: [AlarmTransition] = []
    var tally = Tally()
    for (place, row) in rig.rows.enumerated() {
      var batch = SampleBatch()
      for (id, value) in zip(ids, row) {
        batch.append(id, Sample(time: rig.times[place], value: value))
      }
      engine.take(
        batch, places: 0..<batch.count, arrivedAt: rig.times[place], table: table,
        into: &journal)
      engine.advance(to: rig.times[place], into: &journal)
      guard place >= taught else { continue }
      switch (rig.isAnomalous[place], engine.statuses[0].state == .unacknowledged) {
      case (true, true): tally.hits += 1
      case (true, false): tally.misses += 1
      case (false, true): tally.falseAlarms += 1
      case (false, false): tally.rests += 1
      }
    }
    return tally
  }

  /// One file.
  private struct Recording {
    var signals: [SignalName]
    var times: [Timestamp] = []
    var rows: [[Double]] = []
    var isAnomalous: [Bool] = []

    init(_ path: String) throws {
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let lines = text.split(whereSeparator: \.isNewline).map {
        $0.split(separator: ";", omittingEmptySubsequences: false)
      }
      let columns = lines[0].count - 3
      signals = lines[0][1...columns].map {
        SignalName(measurement: "rig", field: String($0))
      }
      for line in lines.dropFirst() {
        let numbers = line.dropFirst().compactMap { Double($0) }
        guard let time = Timestamp(rfc3339: line[0]), numbers.count == columns + 2 else { continue }
        times.append(time)
        rows.append(Array(numbers.prefix(columns)))
        isAnomalous.append(numbers[columns] > 0)
      }
    }
  }
}

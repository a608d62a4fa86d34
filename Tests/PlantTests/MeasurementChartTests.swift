import Alarms
import FactoryModel
import Foundation
import Imaging
import Plant
import Storage
import TestSupport
import Testing

@Suite("control charts and capability")
struct MeasurementChartTests {
  private static let size = 5
  private let folder = TemporaryFolder()

  /// Nearly normal, mean 0, standard deviation 1: twelve uniform numbers less six.
  private func normal(_ random: inout SeededGenerator) -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
  }

  /// Eight hours of a bore, six readings a minute around 10 with a spread of 0.01; from the sixth
  /// hour on 0.05 larger; nothing recorded in the fourth hour.
  private func bore() throws -> (record: PlantRecord, values: [(second: Int, value: Double)]) {
    let seed: UInt64 = 11
    print("seed \(seed)")
    var random = SeededGenerator(seed: seed)
    var values: [(second: Int, value: Double)] = []
    for second in stride(from: 0, to: 8 * 3_600, by: 10) where second / 3_600 != 3 {
      let shift = second >= 6 * 3_600 ? 0.05 : 0
      values.append((second, 10 + shift + 0.01 * normal(&random)))
    }
    let file = try RecordFile(path: folder.file("gemba.sqlite"), for: .write)
    var table = SignalTable()
    let id = table.id(of: SignalName(path: "gauge.bore", tags: [.init("id", "1")]))
    var batch = SampleBatch()
    for (second, value) in values {
      batch.append(id, time: Int64(second) * 1_000_000_000, value: value, quality: .good)
    }
    batch.append(id, time: 5_000_000_001, value: 99, quality: .bad)
    var writer = try SampleWriter(file)
    writer.append(batch)
    try writer.commit(table)
    return (PlantRecord(PlantLayout(), file), values)
  }

  private func chart(_ record: PlantRecord) throws -> MeasurementChart {
    let range = Timestamp(seconds: 0)..<Timestamp(seconds: 8 * 3_600)
    let charts = try record.measurements(
      in: range,
      [
        SignalDescription(
          pattern: SignalPattern("gauge.bore{*}"),
          specification: Specification(low: 9.95, high: 10.05))
      ])
    return try #require(charts.first)
  }

  @Test("subgroups, limits and capability follow their definitions")
  func followsDefinitions() throws {
    let (record, values) = try bore()
    let chart = try chart(record)
    #expect(chart.piece == .seconds(600) && chart.readings == values.count)
    // The definition once more: the first five readings of each ten minutes.
    let groups = (0..<48).map { piece in
      values.filter { $0.second / 600 == piece }.prefix(Self.size).map(\.value)
    }.filter { $0.count == Self.size }
    #expect(chart.subgroups.count == 42 && groups.count == 42)
    let means = groups.map { $0.reduce(0, +) / 5 }
    let ranges = groups.map { ($0.max() ?? 0) - ($0.min() ?? 0) }
    #expect(zip(chart.subgroups, means).allSatisfy { abs($0.mean - $1) < 1e-12 })
    #expect(zip(chart.subgroups, ranges).allSatisfy { abs($0.range - $1) < 1e-12 })
    let mean = means.reduce(0, +) / 42
    let sigma = ranges.reduce(0, +) / 42 / 2.326
    let upper = try #require(chart.reach)
    #expect(abs(upper - 3 * sigma / 5.0.squareRoot()) < 1e-12)
    #expect(abs((chart.cp ?? 0) - 0.1 / (6 * sigma)) < 1e-9)
    #expect(abs((chart.cpk ?? 0) - min(10.05 - mean, mean - 9.95) / (3 * sigma)) < 1e-9)
    let all = values.map(\.value)
    let center = all.reduce(0, +) / Double(all.count)
    let spread = all.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(all.count - 1)
    let least = min(10.05 - center, center - 9.95)
    #expect(abs((chart.ppk ?? 0) - least / (3 * spread.squareRoot())) < 1e-9)
    #expect(chart.outside == all.count { $0 < 9.95 || $0 > 10.05 })
  }

  @Test("a lasting shift breaks Nelson's rules where an alarm rule would see it too")
  func findsShift() throws {
    let chart = try chart(try bore().record)
    let late = chart.subgroups.filter { $0.piece.lowerBound >= Timestamp(seconds: 6 * 3_600) }
    #expect(late.count == 12 && late.allSatisfy { $0.rules.contains(.beyondThreeSigma) })
    #expect(late.last?.rules.contains(.nineOnOneSide) == true)
    let distances = chart.subgroups.map { ($0.mean - (chart.mean ?? 0)) / ((chart.reach ?? 1) / 3) }
    let found = NelsonRule.completed(Set(NelsonRule.allCases), by: distances)
    #expect(chart.subgroups.map(\.rules) == found)
  }

  @Test("a signal that stands still has limits but no capability")
  func standsStill() throws {
    let file = try RecordFile(path: folder.file("still.sqlite"), for: .write)
    var table = SignalTable()
    let id = table.id(of: SignalName(path: "gauge.bore", tags: [.init("id", "2")]))
    var batch = SampleBatch()
    for second in 0..<1_000 {
      batch.append(id, time: Int64(second) * 1_000_000_000, value: 10, quality: .good)
    }
    var writer = try SampleWriter(file)
    writer.append(batch)
    try writer.commit(table)
    let chart = try chart(PlantRecord(PlantLayout(), file))
    #expect(chart.reach == 0 && chart.cp == nil && chart.cpk == nil && chart.ppk == nil)
    #expect(chart.violations.isEmpty)
  }
}

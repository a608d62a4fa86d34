import FactoryModel
import Imaging
import TestSupport
import Testing

@testable import Storage

@Suite("Retention and thinning")
struct AgingTests {
  private let folder = TemporaryFolder()
  private static let names = [SignalName(path: "m.a"), SignalName(path: "m.state")]
  private static let second: Int64 = 1_000_000_000

  /// A record of readings in seconds, each commit one chunk row or tail row.
  private func record(
    _ commits: [[(signal: Int, second: Int64, value: Double)]], limits: SampleWriter.Limits
  ) throws -> (file: RecordFile, writer: SampleWriter, table: SignalTable) {
    let file = try RecordFile(path: folder.file("r.sqlite"), for: .write)
    var writer = try SampleWriter(file, mostPending: 1_000_000, limits: limits)
    var table = SignalTable()
    for name in Self.names { _ = table.id(of: name) }
    for word in ["run", "stop"] { _ = table.value(of: word, in: SignalID(index: 1)) }
    for commit in commits {
      var batch = SampleBatch()
      for (signal, second, value) in commit {
        batch.append(
          SignalID(index: Int32(signal)), time: second * Self.second, value: value, quality: .good)
      }
      writer.append(batch)
      try writer.commit(table)
    }
    return (file, writer, table)
  }

  private static let everyCommitAChunk = SampleWriter.Limits(
    chunkReadings: 1, fewReadings: 1, tailReadings: 1, tailRows: 1)

  private func ageFully(
    _ file: RecordFile, _ retention: Retention, now: Int64, chunks: Int
  ) throws -> AgingReport {
    var sum = AgingReport()
    while true {
      let report = try file.age(
        retention, now: Timestamp(nanoseconds: now * Self.second), chunks: chunks)
      sum.removed += report.removed
      sum.thinned += report.thinned
      sum.means += report.means
      if !report.isPartial { return sum }
    }
  }

  @Test("without settings nothing is touched")
  func off() throws {
    let (file, _, _) = try record(
      [(0..<100).map { (0, $0, 1) }], limits: Self.everyCommitAChunk)
    #expect(try ageFully(file, Retention(), now: 1_000_000, chunks: 10) == AgingReport())
    #expect(try SampleHistory(file).samples(of: Self.names[0]).count == 100)
  }

  @Test("chunks that are too old as a whole are removed, the others are left")
  func removal() throws {
    let commits = (0..<10).map { chunk in
      (0..<10).map { (signal: 0, second: Int64(chunk * 10 + $0), value: 1.0) }
    }
    let (file, _, _) = try record(commits, limits: Self.everyCommitAChunk)
    let report = try ageFully(file, Retention(keep: .seconds(50)), now: 95, chunks: 2)
    #expect(report.removed == 40)
    #expect(
      try SampleHistory(file).samples(of: Self.names[0]).first?.time
        == Timestamp(seconds: 40))
  }

  @Test(
    "what is thinned is the means of its stretches, whatever the chunks", arguments: propertySeeds)
  func means(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var second: Int64 = 0
    var values: [Int64: Double] = [:]
    let commits = (0..<60).map { _ in
      (0..<(1 + generator.below(30))).map { _ in
        second += Int64(1 + generator.below(4))
        // One in eight comes again or late.
        let time = generator.below(8) == 0 ? max(0, second - Int64(generator.below(40))) : second
        let value = Double(generator.below(1_000)) / 4
        values[time] = value
        return (signal: 0, second: time, value: value)
      }
    }
    let (file, _, _) = try record(commits, limits: Self.everyCommitAChunk)
    let now = second + 1
    let retention = Retention(thinning: [
      .init(after: .seconds(300), every: .seconds(10)),
      .init(after: .seconds(900), every: .seconds(60)),
    ])
    _ = try ageFully(file, retention, now: now, chunks: 3)
    let found = try SampleHistory(file).samples(of: Self.names[0])
    // Everything newer is as it came; older readings are means of what was written.
    let recent = found.filter { $0.time.nanoseconds >= (now - 300) * Self.second }
    #expect(
      recent.map(\.value)
        == values.filter { $0.key >= now - 300 }.sorted { $0.key < $1.key }.map(\.value))
    var stretches: [Int64: [Double]] = [:]
    for (time, value) in values { stretches[time / 10 * 10, default: []].append(value) }
    let middle = found.filter {
      $0.time.nanoseconds >= (now - 840) * Self.second
        && $0.time.nanoseconds < (now - 400) * Self.second
    }
    #expect(middle.count > 30)
    for sample in middle {
      let readings = stretches[sample.time.nanoseconds / Self.second] ?? []
      let mean = readings.reduce(0, +) / Double(max(1, readings.count))
      #expect(abs(sample.value - mean) < 1e-9, "seed \(seed), \(sample.time)")
    }
    // A chunk of means is thinned again once all of it is old enough.
    let old = found.filter { $0.time.nanoseconds < (now - 1_400) * Self.second }
    #expect(!old.isEmpty)
    #expect(old.allSatisfy { $0.time.nanoseconds % (60 * Self.second) == 0 }, "seed \(seed)")
  }

  @Test("of words the changes are kept")
  func words() throws {
    let values: [Double] = [0, 0, 1, 1, 1, 0, 0]
    let commit = values.enumerated().map { (signal: 1, second: Int64($0), value: $1) }
    let (file, _, _) = try record([commit], limits: Self.everyCommitAChunk)
    let report = try ageFully(
      file, Retention(thinning: [.init(after: .zero, every: .seconds(60))]), now: 600, chunks: 9)
    #expect(report.thinned == 7)
    #expect(
      try SampleHistory(file).samples(of: Self.names[1]).map { $0.time.nanoseconds / Self.second }
        == [0, 2, 5])
  }

  @Test("a chunk whose tail rows are still there waits for the next fold")
  func tailRows() throws {
    let limits = SampleWriter.Limits(
      chunkReadings: 20, fewReadings: 4, tailReadings: 1_000, tailRows: 8)
    let commits = (0..<3).map { commit in
      (0..<10).map { (signal: 0, second: Int64(commit * 10 + $0), value: Double($0)) }
    }
    var (file, writer, table) = try record(commits, limits: limits)
    let retention = Retention(keep: .seconds(10))
    let expected = try SampleHistory(file).samples(of: Self.names[0])
    #expect(try ageFully(file, retention, now: 10_000, chunks: 9).removed == 0)
    #expect(try SampleHistory(file).samples(of: Self.names[0]) == expected)
    for second in 100..<112 {
      var batch = SampleBatch()
      batch.append(
        SignalID(index: 1), time: Int64(second) * Self.second, value: 0, quality: .good)
      writer.append(batch)
      try writer.commit(table)
    }
    #expect(try ageFully(file, retention, now: 100, chunks: 9).removed == 30)
    #expect(try SampleHistory(file).samples(of: Self.names[0]).isEmpty)
    #expect(try SampleHistory(file).samples(of: Self.names[1]).count == 12)
    table = try file.signals()
    #expect(table.count == 2)
  }
}

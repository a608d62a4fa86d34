import FactoryModel
import GRDB
import Imaging
import TestSupport
import Testing

@testable import Storage

@Suite("Samples in the record")
struct SampleStoreTests {
  private static let start: Int64 = 1_772_352_000_000_000_000

  private static func table(_ count: Int) -> SignalTable {
    var table = SignalTable()
    for number in 0..<count {
      _ = table.id(of: SignalName(path: "m.f", tags: [.init("id", "\(number)")]))
    }
    return table
  }

  private static func batch(_ samples: [(signal: Int, time: Int64, value: Double)]) -> SampleBatch {
    var batch = SampleBatch()
    for (signal, time, value) in samples {
      batch.append(
        SignalID(index: Int32(signal)), time: start + time * 1_000_000_000, value: value,
        quality: .good)
    }
    return batch
  }

  /// What the record should hold: the last value written for each signal and time.
  private struct Model {
    var values: [Int: [Int64: Double]] = [:]

    mutating func write(_ batch: SampleBatch) {
      for place in 0..<batch.count {
        let signal = Int(batch.signals[place].index)
        values[signal, default: [:]][batch.times[place]] = batch.values[place]
      }
    }

    func samples(_ signal: Int, in range: Range<Timestamp>) -> [Sample] {
      let all = values[signal, default: [:]].sorted { $0.key < $1.key }
      return all.map { Sample(time: Timestamp(nanoseconds: $0.key), value: $0.value) }
        .filter { range.contains($0.time) }
    }
  }

  @Test(
    "what was committed is read back in order of time, the last value of a moment, after any end",
    arguments: propertySeeds)
  func model(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let folder = TemporaryFolder()
    let table = Self.table(6)
    let limits = SampleWriter.Limits(
      chunkReadings: 20, fewReadings: 4, tailReadings: 60, tailRows: 12)
    var file = try RecordFile(path: folder.file("r.sqlite"), for: .write)
    var writer = try SampleWriter(file, mostPending: 10_000, limits: limits)
    var model = Model()
    var now: Int64 = 0
    for round in 0..<120 {
      var samples: [(Int, Int64, Double)] = []
      for _ in 0..<generator.below(12) {
        now += 1
        let isLate = generator.below(5) == 0
        let time = isLate ? Int64(generator.below(Int(now))) : now
        samples.append((min(generator.below(9), 5), time, Double(generator.below(1_000)) / 10))
      }
      let batch = Self.batch(samples)
      writer.append(batch)
      // Four in five times committed; else the process ends and what was not committed is gone.
      if generator.below(5) > 0 {
        try writer.commit(table)
        model.write(batch)
      } else {
        file = try RecordFile(path: folder.file("r.sqlite"), for: .write)
        writer = try SampleWriter(file, mostPending: 10_000, limits: limits)
      }
      let from = Timestamp(nanoseconds: Self.start + Int64(generator.below(300)) * 1_000_000_000)
      let range = round % 3 == 0 ? allTime : from..<(from + .seconds(generator.below(200)))
      let signal = generator.below(6)
      let found = try SampleHistory(file).samples(
        of: table[SignalID(index: Int32(signal))], in: range)
      #expect(found == model.samples(signal, in: range), "seed \(seed), round \(round)")
    }
  }

  @Test("signals and words come back under their numbers")
  func signals() throws {
    let folder = TemporaryFolder()
    let path = folder.file("r.sqlite")
    var table = SignalTable()
    let names = [
      SignalName(path: "a{b.f", tags: [.init("k", "*"), .init("x,=\\}", "ä \u{1F3ED}")]),
      SignalName(path: "m.state"),
    ]
    let ids = names.map { table.id(of: $0) }
    var writer = try SampleWriter(try RecordFile(path: path, for: .write))
    for text in ["run", "stop"] {
      var batch = SampleBatch()
      let value = table.value(of: text, in: ids[1])
      batch.append(ids[1], time: Self.start, value: value, quality: .good)
      writer.append(batch)
      try writer.commit(table)
    }
    let read = try RecordFile(path: path, for: .read).signals()
    #expect(read.all == names)
    #expect(read.texts(of: ids[1]) == ["run", "stop"])
  }

  @Test("readings without a value and of any quality come back")
  func qualities() throws {
    let folder = TemporaryFolder()
    let table = Self.table(1)
    let file = try RecordFile(path: folder.file("r.sqlite"), for: .write)
    var writer = try SampleWriter(file)
    var batch = SampleBatch()
    for (time, quality) in Quality.allCases.enumerated() {
      batch.append(
        SignalID(index: 0), time: Int64(time), value: quality == .bad ? .nan : 1, quality: quality)
    }
    writer.append(batch)
    try writer.commit(table)
    let found = try SampleHistory(file).samples(of: table[SignalID(index: 0)])
    #expect(found.map(\.quality) == Quality.allCases)
    #expect(found[2].value.isNaN)
  }

  @Test("a commit that fails keeps its samples for the next, up to a bound that is counted")
  func diskFull() throws {
    let folder = TemporaryFolder()
    let table = Self.table(1)
    let file = try RecordFile(path: folder.file("r.sqlite"), for: .write)
    var writer = try SampleWriter(file, mostPending: 3_000, limits: .init())
    var generator = SeededGenerator(seed: 1)
    let noise = (0..<3_100).map { (0, Int64($0), Double(bitPattern: generator.next() >> 2)) }
    try Self.limitPages(file, to: 1)
    writer.append(Self.batch(noise))
    #expect(writer.pending == 3_000)
    #expect(writer.dropped == 100)
    #expect(throws: StorageError.diskFull(path: file.path)) { try writer.commit(table) }
    #expect(writer.pending == 3_000)
    #expect(try SampleHistory(file).samples(of: table[SignalID(index: 0)]).isEmpty)
    try Self.limitPages(file, to: 1_000_000)
    try writer.commit(table)
    #expect(try SampleHistory(file).samples(of: table[SignalID(index: 0)]).count == 3_000)
  }

  /// SQLite never goes below the pages in use, so 1 stops the file from growing.
  private static func limitPages(_ file: RecordFile, to count: Int) throws {
    try file.pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA max_page_count = \(count)")
    }
  }

  @Test("means over stretches are those of the samples in them")
  func means() throws {
    let folder = TemporaryFolder()
    let table = Self.table(1)
    let file = try RecordFile(path: folder.file("r.sqlite"), for: .write)
    var writer = try SampleWriter(file)
    writer.append(Self.batch([(0, 0, 1), (0, 59, 4), (0, 60, 7), (0, 200, 2)]))
    try writer.commit(table)
    let means = try SampleHistory(file).means(
      of: table[SignalID(index: 0)], every: .seconds(60))
    #expect(means.map(\.mean) == [2.5, 7, 2])
    #expect(means.map(\.count) == [2, 1, 1])
    #expect(means.map(\.maximum) == [4, 7, 2])
    #expect(
      means.map { ($0.start.nanoseconds - Self.start) / 1_000_000_000 } == [0, 60, 180])
  }
}

import FactoryModel
import GRDB
import Imaging
import TestSupport
import Testing

@testable import Storage

@Suite("Samples of several signals together")
struct TogetherTests {
  private static let names = (0..<5).map { SignalName(path: "m.f", tags: [.init("id", "\($0)")]) }

  @Test("they come in order of time, then of the signals asked for", arguments: propertySeeds)
  func order(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let folder = TemporaryFolder()
    let file = try RecordFile(path: folder.file("r.sqlite"), for: .write)
    let limits = SampleWriter.Limits(
      chunkReadings: 20, fewReadings: 4, tailReadings: 60, tailRows: 12)
    var writer = try SampleWriter(file, mostPending: 100_000, limits: limits)
    var table = SignalTable()
    for name in Self.names { _ = table.id(of: name) }
    for _ in 0..<60 {
      var batch = SampleBatch()
      for _ in 0..<generator.below(40) {
        batch.append(
          SignalID(index: Int32(min(generator.below(7), 4))), time: Int64(generator.below(900)),
          value: Double(generator.below(1_000)), quality: .good)
      }
      writer.append(batch)
      try writer.commit(table)
    }
    let asked = [Self.names[3], Self.names[0], SignalName(path: "m.unknown"), Self.names[4]]
    let range = Timestamp(nanoseconds: 100)..<Timestamp(nanoseconds: 700)
    let history = SampleHistory(file)
    var found: [PlacedSample] = []
    try history.visit(asked, in: range) { found += $0 }
    let expected = try asked.enumerated().flatMap { place, name in
      try history.samples(of: name, in: range).map { PlacedSample(place: place, sample: $0) }
    }
    .sorted { ($0.sample.time, $0.place) < ($1.sample.time, $1.place) }
    #expect(found == expected, "seed \(seed)")
    #expect(found.count > 300)
    for (extent, name) in zip(try history.extents(), Self.names) {
      let times = try history.samples(of: name).map(\.time)
      #expect(extent.name == name)
      #expect(extent.times == times[0]...times[times.count - 1])
      #expect(extent.readings >= times.count)
    }
  }

  @Test("a copy replaces an earlier copy and nothing else")
  func backup() throws {
    let folder = TemporaryFolder()
    let file = try RecordFile(path: folder.file("r.sqlite"), for: .write)
    let copy = folder.file("copy.sqlite")
    for value in 1...2 {
      var table = try file.signals()
      var batch = SampleBatch()
      batch.append(
        table.id(of: Self.names[0]), time: Int64(value), value: Double(value), quality: .good)
      var writer = try SampleWriter(file)
      writer.append(batch)
      try writer.commit(table)
      try file.backup(to: copy)
    }
    let restored = try RecordFile(path: copy, for: .read)
    #expect(try SampleHistory(restored).samples(of: Self.names[0]).map(\.value) == [1, 2])
    #expect(throws: StorageError.sameFile(path: file.path)) { try file.backup(to: file.path) }
    let other = folder.file("other.sqlite")
    let queue = try DatabaseQueue(path: other)
    try queue.write { db in try db.execute(sql: "CREATE TABLE t (x)") }
    try queue.close()
    #expect(throws: StorageError.notARecord(path: other)) { try file.backup(to: other) }
  }
}

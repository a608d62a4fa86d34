import FactoryModel
import Foundation
import Imaging
import Storage
import Telemetry

/// Line protocol of 100 signals, one reading a second: read alone, and read and stored.
enum IngestCases {
  static func run() throws {
    let chunks = lines(count: lineCount)
    reading(chunks)
    for group in [1, 16] { try storing(chunks, chunksInCommit: group) }
  }

  private static let lineCount = 2_000_000
  private static let signalCount = 100

  private static func reading(_ chunks: [[UInt8]]) {
    var samples = 0
    let measured = Measurement(passes: 5, pieces: lineCount) {
      samples = 0
      read(chunks) { batch, _ in samples += batch.count }
    }
    precondition(samples == lineCount, "\(samples) samples of \(lineCount) lines")
    Line.print(
      "line protocol, read", measured,
      [
        ("nanosecondsPerLine", measured.minimum * 1e6),
        ("millionsPerSecond", 1e-3 / measured.minimum),
      ])
  }

  private static func storing(_ chunks: [[UInt8]], chunksInCommit: Int) throws {
    let folder = NSTemporaryDirectory() + "gemba-ingest-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var processor: [Double] = []
    var bytes = 0
    let measured = try Measurement(passes: 3, pieces: lineCount) {
      let path = folder + "/\(processor.count).sqlite"
      let start = processorSeconds()
      let file = try RecordFile(path: path, for: .write)
      var writer = try SampleWriter(file)
      var waiting = 0
      try read(chunks) { batch, table in
        writer.append(batch)
        waiting += 1
        if waiting == chunksInCommit {
          try writer.commit(table)
          waiting = 0
        }
      }
      try file.close()
      processor.append(processorSeconds() - start)
      bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }
    Line.print(
      "line protocol, read and stored, \(chunksInCommit * 64) KiB a commit", measured,
      [
        ("processorNanosecondsPerSample", (processor.min() ?? 0) * 1e9 / Double(lineCount)),
        ("bytesPerSample", Double(bytes) / Double(lineCount)),
      ])
  }

  private static func read(
    _ chunks: [[UInt8]], _ body: (SampleBatch, SignalTable) throws -> Void
  ) rethrows {
    var reader = LineProtocolReader()
    var stream = LineStream()
    var table = SignalTable()
    var batch = SampleBatch()
    for chunk in chunks {
      reader.read(
        chunk, of: &stream, receivedAt: Timestamp(seconds: 0), table: &table, into: &batch)
      try body(batch, table)
      batch.removeAll()
    }
  }

  /// Of this process, in user and kernel mode together.
  private static func processorSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Lines of a slow drift with two decimals, in chunks of 64 KiB.
  private static func lines(count: Int) -> [[UInt8]] {
    var generator = SeededGenerator(seed: 1)
    var levels = (0..<signalCount).map { 40 + Double($0) / 2 }
    var chunks: [[UInt8]] = []
    var chunk: [UInt8] = []
    for line in 0..<count {
      let signal = line % signalCount
      levels[signal] += Double(generator.below(21) - 10) / 100
      let cents = Int((levels[signal] * 100).rounded())
      let (whole, rest) = (abs(cents) / 100, abs(cents) % 100)
      let value = "\(cents < 0 ? "-" : "")\(whole).\(rest < 10 ? "0" : "")\(rest)"
      let time = 1_772_352_000_000_000_000 + line / signalCount * 1_000_000_000
      chunk += Array("machine,id=m\(signal),line=2 temp=\(value) \(time)\n".utf8)
      if chunk.count >= 65_536 {
        chunks.append(chunk)
        chunk = []
      }
    }
    chunks.append(chunk)
    return chunks
  }
}

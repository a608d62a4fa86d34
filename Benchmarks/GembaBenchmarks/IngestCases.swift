import FactoryModel
import Imaging
import Telemetry

/// Line protocol of 100 signals at one second: read alone.
enum IngestCases {
  static func run() throws {
    let chunks = lines(count: lineCount)
    reading(chunks)
  }

  private static let lineCount = 2_000_000
  private static let signalCount = 100

  private static func reading(_ chunks: [[UInt8]]) {
    var samples = 0
    let measured = Measurement(passes: 5, pieces: lineCount) {
      var reader = LineProtocolReader()
      var stream = LineStream()
      var table = SignalTable()
      var batch = SampleBatch()
      samples = 0
      for chunk in chunks {
        reader.read(
          chunk, of: &stream, receivedAt: Timestamp(seconds: 0), table: &table, into: &batch)
        samples += batch.count
        batch.removeAll()
      }
    }
    precondition(samples == lineCount, "\(samples) samples of \(lineCount) lines")
    Line.print(
      "line protocol, read", measured,
      [
        ("nanosecondsPerLine", measured.minimum * 1e6),
        ("millionsPerSecond", 1e-3 / measured.minimum),
      ])
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

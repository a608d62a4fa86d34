import FactoryModel
import Foundation
import Imaging
import Telemetry

/// Line protocol of 100 signals, one reading a second: read alone, and read and stored.
enum IngestCases {
  static func run() throws {
    let chunks = lines(count: lineCount)
    reading(chunks)
    try tables()
    try StorageCases.run(chunks)
  }

  static let lineCount = 2_000_000
  static let signalCount = 100

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

  /// The same first readings as a table and as lines of JSON.
  private static func tables() throws {
    let rows = 2_000
    var generator = SeededGenerator(seed: 1)
    var table = "time," + (0..<signalCount).map { "temp\($0)" }.joined(separator: ",") + "\n"
    var json = ""
    for row in 0..<rows {
      let time = Timestamp(seconds: 1_772_352_000 + Int64(row))
      let values = (0..<signalCount).map { _ in Double(generator.below(10_000)) / 100 }
      table += "\(time)," + values.map { "\($0)" }.joined(separator: ",") + "\n"
      for (signal, value) in values.enumerated() {
        json += #"{"time":"\#(time)","signal":"machine.temp{id=m\#(signal)}","value":\#(value)}"#
        json += "\n"
      }
    }
    let bytes = (table: Array(table.utf8), json: Array(json.utf8))
    try reading("CSV, read", count: rows * signalCount) { names, batch in
      var reader = CSVReader(CSVSettings(measurement: "machine"))
      try reader.read(bytes.table, table: &names, into: &batch)
    }
    try reading("NDJSON, read", count: rows * signalCount) { names, batch in
      var reader = NDJSONReader()
      reader.read(
        bytes.json, receivedAt: Timestamp(seconds: 0), table: &names, into: &batch)
    }
  }

  private static func reading(
    _ name: String, count: Int, _ read: (inout SignalTable, inout SampleBatch) throws -> Void
  ) throws {
    let measured = try Measurement(passes: 5, pieces: count) {
      var names = SignalTable()
      var batch = SampleBatch()
      try read(&names, &batch)
      precondition(batch.count == count, "\(batch.count) samples of \(count)")
    }
    Line.print(name, measured, [("nanosecondsPerSample", measured.minimum * 1e6)])
  }

  /// Hands over the samples of the lines chunk by chunk.
  static func read(
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

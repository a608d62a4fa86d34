import FactoryModel
import Foundation
import Telemetry

/// HJ 212 packets from bytes to samples, answers included, one thread.
enum HJ212Cases {
  /// Runs over a file of lines `valid<tab>packet` and `damaged<tab>packet`.
  static func run(_ file: String) throws {
    guard let content = FileManager.default.contents(atPath: file) else {
      throw BenchmarkError.noFile(path: file)
    }
    var valid: [UInt8] = []
    var count = 0
    for line in content.split(separator: 10) where line.starts(with: "valid\t".utf8) {
      valid += line.dropFirst(6) + [13, 10]
      count += 1
    }
    let copies = 200
    let bytes = [UInt8]((0..<copies).map { _ in valid }.joined())
    let pieces = stride(from: 0, to: bytes.count, by: 65_536).map {
      Array(bytes[$0..<min($0 + 65_536, bytes.count)])
    }
    var receiver = HJ212Receiver()
    var signals = SignalTable()
    var batch = SampleBatch()
    let now = Timestamp(seconds: 1_772_352_000)
    let measured = Measurement(passes: 15, pieces: count * copies) {
      for piece in pieces {
        batch.removeAll()
        _ = receiver.receive(piece, at: now, signals: &signals, into: &batch)
      }
    }
    Line.print(
      "HJ 212, mean \(valid.count / count) bytes", measured,
      [
        ("packetsPerSecond", 1e3 / measured.minimum),
        ("medianPacketsPerSecond", 1e3 / measured.median),
        ("samplesPerPacket", Double(receiver.counts.samples) / Double(receiver.counts.packets)),
        ("signals", Double(signals.count)),
      ])
    headers()
  }

  /// The worst that a peer can send: bytes in which a packet may begin everywhere.
  private static func headers() {
    let piece = [UInt8](String(repeating: "##2048&&0A1B", count: 5_461).utf8)
    let pieces = 16
    let measured = Measurement(passes: 5, pieces: 1) {
      var receiver = HJ212Receiver()
      var signals = SignalTable()
      var batch = SampleBatch()
      for _ in 0..<pieces {
        _ = receiver.receive(
          piece, at: Timestamp(seconds: 1_772_352_000), signals: &signals, into: &batch)
      }
    }
    Line.print("HJ 212, nothing but headers, one MiB", measured, [])
  }
}

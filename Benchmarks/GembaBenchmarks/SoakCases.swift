import FactoryModel
import Foundation
import Imaging
import Pipeline
import Telemetry

/// An hour of recorded time at full speed into a monitor, and its memory meanwhile.
enum SoakCases {
  private static let signals = 1_000
  private static let readingsInSecond = 2
  private static let minutes = 60
  private static let site = """
    listen: {}
    database: record.sqlite
    alarms:
      - {name: hot, signal: "machine.temp{*}", high: 90, deadband: 2}
      - {name: silent, signal: "machine.temp{*}", stale: 60s}
    """

  /// 1,000 signals with two readings a second and two rules each, a body of lines a second.
  static func run() async throws {
    let folder = try ScratchFolder("soak")
    defer { folder.remove() }
    let monitor = try LineMonitor(folder.siteFile(site), clock: .recording)
    var plant = Plant()
    var memory: [Double] = []
    let clock = ContinuousClock()
    let before = Machine.processorSeconds
    let start = clock.now
    for minute in 0..<minutes {
      for second in 0..<60 {
        _ = try await monitor.write(
          lines: plant.lines(second: minute * 60 + second), precision: .nanoseconds)
      }
      memory.append(Machine.residentMebibytes)
    }
    let took = (clock.now - start) / .milliseconds(1)
    let samples = Double(minutes * 60 * readingsInSecond * signals)
    let counts = await monitor.counts
    precondition(Double(counts.samples) == samples, "\(counts.samples) samples of \(samples)")
    try await monitor.close()
    Line.print(
      "soak, an hour of \(signals) signals at \(readingsInSecond) Hz",
      Measurement(milliseconds: [took]),
      [
        ("samples", samples), ("transitions", Double(counts.transitions)),
        ("processorSeconds", Machine.processorSeconds - before),
        ("mebibytesAfter5Minutes", memory[4]), ("mebibytesAfter20Minutes", memory[19]),
        ("mebibytesAfter40Minutes", memory[39]), ("mebibytesAfter60Minutes", memory[59]),
        ("largestMebibytes", memory.max() ?? 0),
      ])
  }

  /// Slow drifts, which pass the limit now and then.
  private struct Plant {
    private var generator = SeededGenerator(seed: 1)
    private var levels = [Double](repeating: 60, count: signals)

    mutating func lines(second: Int) -> [UInt8] {
      var lines: [UInt8] = []
      for reading in 0..<readingsInSecond {
        let milliseconds = second * 1_000 + reading * 1_000 / readingsInSecond
        let time = (1_772_352_000_000 + Int64(milliseconds)) * 1_000_000
        for signal in 0..<signals {
          let step = Double(generator.below(21)) / 10 - 1
          levels[signal] += step + (60 - levels[signal]) / 1_000
          let tenths = Int((levels[signal] * 10).rounded())
          lines += Array(
            "machine,id=m\(signal) temp=\(tenths / 10).\(abs(tenths % 10)) \(time)\n".utf8)
        }
      }
      return lines
    }
  }
}

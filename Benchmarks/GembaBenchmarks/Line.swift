import Foundation
import Synchronization

/// One line of JSON per case, printed when it is measured and kept for the file of all.
enum Line {
  private static let kept = Mutex<[String]>([])

  static func print(_ name: String, _ measured: Measurement, _ figures: [(String, Double)] = []) {
    let times = [
      ("minimumMilliseconds", measured.minimum), ("medianMilliseconds", measured.median),
      ("passes", Double(measured.milliseconds.count)),
    ]
    let fields = (times + figures).map { ",\"\($0.0)\":\(number($0.1))" }.joined()
    let line = "{\"case\":\"\(name)\"\(fields)}"
    kept.withLock { $0.append(line) }
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }

  /// All lines so far and the machine they were measured on, as one JSON object.
  static func record() -> String {
    let lines = kept.withLock { $0 }
    return "{\"machine\":\(Machine.described),\"cases\":[\n  "
      + lines.joined(separator: ",\n  ") + "\n]}\n"
  }

  private static func number(_ value: Double) -> String {
    let rounded = (value * 1e5).rounded() / 1e5
    return rounded == rounded.rounded() && abs(rounded) < 1e15
      ? String(Int(rounded)) : String(rounded)
  }
}

/// What the figures were measured on.
enum Machine {
  /// Of this process so far, in user and kernel mode together.
  static var processorSeconds: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

  /// Of this thread so far: without the time that it waited for a core.
  static var threadSeconds: Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Of this process now.
  static var residentMebibytes: Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") }
    let words = line?.split(whereSeparator: \.isWhitespace) ?? []
    return (words.dropFirst().first.flatMap { Double($0) } ?? .nan) / 1_024
  }

  /// Processor, cores, load when the run began, as JSON.
  static var described: String {
    let processor =
      (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?
      .split(separator: "\n").first { $0.hasPrefix("model name") }?
      .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    let load =
      (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?
      .split(separator: " ").first.map(String.init) ?? "unknown"
    let cores = ProcessInfo.processInfo.activeProcessorCount
    return "{\"processor\":\"\(processor)\",\"cores\":\(cores),\"loadAverage\":\"\(load)\"}"
  }
}

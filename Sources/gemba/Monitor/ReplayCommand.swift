import ArgumentParser
import FactoryModel
import Foundation
import Pipeline
import Plant
import Reports
import Telemetry
import UnixSignals
import WebConsole

struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Run a recording through the rules of a site file, with the recording's own time.",
    discussion: """
      The recording takes exactly the way that live data takes. Alarm transitions are printed as \
      the journal has them; two replays of one recording print the same bytes. The site's own \
      record is not touched: samples go to --database, or to a temporary file that is removed. \
      With --screen the screen stays at the end of the recording until Ctrl-C.
      """)

  @Argument(
    help: """
      A file of InfluxDB line protocol, CSV with a heading, or lines of JSON; - for standard input \
      (of CSV and JSON say the --format).
      """)
  var recording: String

  @Option(help: "The site file.")
  var site: String

  @Option(help: "Times the recording's own pace, such as 60x, or max.")
  var speed: ReplaySpeed = ReplaySpeed(speed: .most)

  @Option(help: "Keep the record in this file, which must not exist.")
  var database: String?

  @Flag(help: "Serve the live screen meanwhile and afterwards, where the site file says.")
  var screen = false

  @OptionGroup var output: FormOptions

  @OptionGroup(title: "The recording") var options: RecordingOptions

  func run() async throws {
    if let database, FileManager.default.fileExists(atPath: database) {
      throw ValidationError("\(database): is there already; give a new name or remove it")
    }
    let file = try SiteFile(path: site)
    let folder = try Self.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let monitor = try LineMonitor(
      file, clock: .recording, database: database ?? folder + "/replay.sqlite")
    let replay = Replay(
      recording, with: options.reader(of: recording), speed: speed.speed, into: monitor)
    let refused = try await withThrowingTaskGroup(of: Void.self) { tasks in
      let console = screen ? try Console(monitor, file) : nil
      if let console {
        tasks.addTask {
          try await console.run { port in
            await monitor.startedListening()
            Terminal.note("gemba: http on port \(port)")
          }
        }
      }
      let line = ProgressLine(unit: "KiB")
      let report = try await replay.run { progress in
        line.show(
          progress.bytes >> 10, of: progress.total >> 10, note: progress.time?.description ?? "")
      }
      Terminal.endProgress()
      try say(report, of: monitor)
      if console != nil {
        Terminal.note("gemba: the recording has ended; its screen stays until Ctrl-C")
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { break }
      }
      tasks.cancelAll()
      return report.refused
    }
    try await monitor.close()
    if refused > 0 { throw ExitCode(2) }
  }

  /// The journal, and what was made of the recording.
  private func say(_ report: RecordingReport, of monitor: LineMonitor) throws {
    let journal = try monitor.journal(after: 0)
    let text = TransitionText(output.form)
    if let heading = text.heading { Terminal.result(heading) }
    for transition in journal { Terminal.result(text.line(transition)) }
    let bad = report.badValues > 0 ? "\(report.badValues) values bad, " : ""
    let source = recording == "-" ? "standard input" : recording
    for fault in report.firstFaults { Terminal.note("gemba: \(source), \(fault)") }
    Terminal.note(
      "gemba: \(report.samples) samples of \(report.lines) lines, \(report.refused) lines refused, "
        + "\(bad)\(journal.count) alarm transitions")
  }

  private static func temporaryFolder() throws -> String {
    let path = NSTemporaryDirectory() + "gemba-replay-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    return path
  }
}

/// `60x`, `1.5` or `max`.
struct ReplaySpeed: ExpressibleByArgument {
  var speed: Replay.Speed

  init(speed: Replay.Speed) {
    self.speed = speed
  }

  init?(argument: String) {
    if argument == "max" {
      speed = .most
    } else {
      let digits = argument.hasSuffix("x") ? argument.dropLast() : argument[...]
      guard let factor = Double(digits), factor > 0, factor.isFinite else { return nil }
      speed = .times(factor)
    }
  }

  var defaultValueDescription: String { speed == .most ? "max" : "…x" }
}

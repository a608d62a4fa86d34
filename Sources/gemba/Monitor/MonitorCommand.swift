import ArgumentParser
import Foundation
import Pipeline
import Plant
import UnixSignals
import WebConsole

struct MonitorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "monitor",
    abstract: "Record telemetry and emissions, watch their limits, serve the live screen.",
    discussion: """
      The site file says where to listen, what to record and which limits hold; \
      Sources/Pipeline/Site/README.md lists its keys. When it has changed, or on SIGHUP, it is \
      read again: new rules are taken over without losing the state of alarms, a file with a \
      fault is refused and the old one stays. SIGTERM and Ctrl-C write what is in hand and end.
      """)

  @Option(help: "The site file.")
  var site: String

  @Option(help: "How the log on standard error is written: text or json.")
  var log = MonitorLog.Form.text

  @Flag(help: "Write nothing to the plant, even if the site file is armed; the journal says what.")
  var dryRun = false

  func run() async throws {
    ProcessLimits.prepare()
    let log = MonitorLog(form: self.log)
    let file = try SiteFile(path: site)
    let monitor = try LineMonitor(file, isDryRun: dryRun)
    let feeds = try SiteFeeds(file, monitor) { log.write($0, .warning) }
    let sources = MonitorSources(file, monitor, feeds)
    let console = try Console(monitor, file)
    let reader = SiteReader(file, monitor, sources, console, log)
    for warning in file.site.warnings + (await monitor.leftAdjustments) {
      log.write(warning, .warning)
    }
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
    try await withThrowingTaskGroup { tasks in
      let listening = ListenerCount(expected: file.site.listenerCount)
      let bound: @Sendable (String, Int) async -> Void = { what, port in
        log.write("\(what) on port \(port)")
        if await listening.add() { await monitor.startedListening() }
      }
      if let console {
        tasks.addTask { try await console.run { port in await bound("http", port) } }
      }
      tasks.addTask { try await sources.run(bound: bound) }
      tasks.addTask { try await monitor.keepTime() }
      tasks.addTask { try await log.watch(monitor) }
      tasks.addTask {
        for await signal in signals {
          guard signal == .sighup else { return }
          await reader.read()
        }
      }
      tasks.addTask {
        while true {
          try await Task.sleep(for: .seconds(1))
          await reader.readIfNew()
        }
      }
      // The first to end is the wish to stop, or a listener that could not start.
      try await tasks.next()
      tasks.cancelAll()
    }
    try await monitor.close()
    log.write("stopped, everything is on record")
  }
}

/// Reads the site file again, when told to or when it has changed.
private actor SiteReader {
  private let path: String
  /// What the site file said when the monitor started.
  private let started: Site
  private let monitor: LineMonitor
  private let sources: MonitorSources
  private let console: Console?
  private let log: MonitorLog
  private var change: FileChange

  init(
    _ file: SiteFile, _ monitor: LineMonitor, _ sources: MonitorSources, _ console: Console?,
    _ log: MonitorLog
  ) {
    (path, started) = (file.path, file.site)
    (self.monitor, self.sources, self.console) = (monitor, sources, console)
    self.log = log
    change = FileChange(path: path)
  }

  func readIfNew() async {
    if change.isNew() { await read() }
  }

  func read() async {
    change = FileChange(path: path)
    do {
      let file = try SiteFile(path: path)
      let feeds = try SiteFeeds(file, monitor) { [log] in log.write($0, .warning) }
      try await monitor.check(file)
      try await console?.takeOperators(of: file)
      try await monitor.take(file)
      sources.take(feeds)
      for warning in file.site.warnings { log.write(warning, .warning) }
      let late = file.site.restartNeeded(since: started)
      if !late.isEmpty {
        let keys = late.joined(separator: ", ")
        log.write("\(path): restart needed for \(keys), which stay as they were", .warning)
      }
      log.write("\(path) read again")
    } catch {
      log.write("\(error); the rules in use stay", .error)
    }
  }
}

/// Counts listeners as they come up.
private actor ListenerCount {
  private let expected: Int
  private var count = 0

  init(expected: Int) {
    self.expected = expected
  }

  /// One more is up; true when it is the last.
  func add() -> Bool {
    count += 1
    return count == expected
  }
}

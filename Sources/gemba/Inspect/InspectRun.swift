import ArgumentParser
import FactoryModel
import Foundation
import Imaging
import Inspection
import Pipeline
import Reports
import Synchronization

/// One run of `gemba inspect`: the batch, its outputs and its exit code.
struct InspectRun {
  private let options: InspectCommand
  private let loaded: LoadedRecipe
  private let items: [BatchItem]
  private let missing: [Verdict]

  /// Loads the recipe and lists the images. Throws when either cannot be.
  init(_ options: InspectCommand) throws {
    self.options = options
    loaded = try LoadedRecipe(folder: options.recipe)
    if let pairs = options.pairs {
      items = BatchItem.pairs(in: pairs)
      missing = items.isEmpty ? [Self.missing(pairs, BatchItem.withoutPairs(pairs), loaded)] : []
    } else {
      let paths = options.paths.flatMap { $0 == "-" ? Self.standardInput() : [$0] }
      let list = ImageList(paths: paths)
      if let warning = list.warning { Terminal.note("gemba: \(warning)") }
      items = OwnPictures(of: options.out).leftOut(of: list.images)
      // Nothing is missing in a folder that a camera has yet to fill.
      let loaded = loaded
      missing = (options.watch ? [] : list.missing).map { Self.missing($0.path, $0.reason, loaded) }
    }
  }

  private static func missing(_ path: String, _ reason: String, _ loaded: LoadedRecipe) -> Verdict {
    Verdict(
      image: path, outcome: .error, score: nil, threshold: loaded.recipe.threshold, error: reason)
  }

  private static func standardInput() -> [String] {
    var lines: [String] = []
    while let line = readLine() {
      if !line.isEmpty { lines.append(line) }
    }
    return lines
  }

  /// Runs the batch and returns the exit code of `gemba inspect`.
  func start() throws -> Int32 {
    let interrupt = Interrupt()
    let tally = Tally(replaces: options.watch)
    let line = ProgressLine(unit: "images")
    let output = try RunOutput(options, loaded)
    let asJSON = options.json || !(Terminal.outputIsTerminal || options.summary)
    var settings = BatchSettings(
      jobs: options.jobs ?? ProcessInfo.processInfo.activeProcessorCount,
      limits: options.maxPixels.map { PNGLimits(maximumPixels: $0) } ?? PNGLimits())
    settings.minimumScore = options.minScore
    settings.wantsMaps = output.wantsMaps
    let total = items.count
    let report: @Sendable (Verdict) -> Void = { verdict in
      tally.add(verdict)
      output.record(verdict)
      if asJSON { Terminal.result(VerdictLine.text(verdict)) }
      line.show(tally.count, of: total, note: "\(tally.rejects) rejects")
    }
    missing.forEach(report)
    try inspect(settings, output, interrupt.stop, report)
    Terminal.endProgress()
    let verdicts = tally.verdicts
    let warnings = loaded.memory.drift(in: verdicts)
    for warning in warnings { Terminal.note("gemba: \(warning)") }
    if !asJSON { Terminal.result(SummaryText.text(verdicts, seconds: line.seconds)) }
    try output.finish(verdicts, seconds: line.seconds, warnings: warnings)
    if interrupt.stop.isRequested && !options.watch {
      Terminal.note("gemba: stopped after \(verdicts.count) of \(total) images")
    }
    return output.isIncomplete ? 2 : tally.exitCode
  }

  private func inspect(
    _ settings: BatchSettings, _ output: RunOutput, _ stop: StopRequest,
    _ report: @escaping @Sendable (Verdict) -> Void
  ) throws {
    let batch = BatchInspection(loaded, settings: settings)
    func run(_ items: [BatchItem]) throws {
      try batch.run(
        items, known: output.resumed, stop: stop, pictures: output.pictures,
        each: { _, verdict in report(verdict) })
    }
    guard options.watch else { return try run(items) }
    var watch = FolderWatch(paths: options.paths)
    let own = OwnPictures(of: options.out)
    try watch.run(until: stop) { images in try run(own.leftOut(of: images)) }
  }
}

/// The pictures that a run writes itself, which lie among the images when `--out` is inside their folder.
struct OwnPictures {
  private let folders: [String]

  /// Those of `out`; none without it.
  init(of out: String?) {
    folders = RunOutput.pictureFolders.compactMap { name in
      out.map { Self.resolved($0 + "/" + name) }
    }
  }

  /// The images of `paths` without them.
  func leftOut(of paths: [String]) -> [BatchItem] {
    paths.filter { !contain($0) }.map { BatchItem(image: $0) }
  }

  private func contain(_ path: String) -> Bool {
    let folder = path.split(separator: "/").dropLast()
    guard let name = folder.last, RunOutput.pictureFolders.contains(String(name)) else {
      return false
    }
    return folders.contains(Self.resolved(String(path[..<name.endIndex])))
  }

  private static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }
}

/// Every verdict so far, from any worker. While a folder is watched, an image that comes again (it was
/// half written, or replaced) takes the place of its earlier verdict.
final class Tally: Sendable {
  private struct State {
    var verdicts: [Verdict] = []
    var places: [String: Int] = [:]
    var rejects = 0
  }

  private let state = Mutex(State())
  private let replaces: Bool

  init(replaces: Bool) { self.replaces = replaces }

  func add(_ verdict: Verdict) {
    state.withLock { state in
      if verdict.outcome == .reject { state.rejects += 1 }
      if replaces, let place = state.places[verdict.image] {
        if state.verdicts[place].outcome == .reject { state.rejects -= 1 }
        state.verdicts[place] = verdict
        return
      }
      if replaces { state.places[verdict.image] = state.verdicts.count }
      state.verdicts.append(verdict)
    }
  }

  var verdicts: [Verdict] { state.withLock { $0.verdicts } }
  var count: Int { state.withLock { $0.verdicts.count } }
  var rejects: Int { state.withLock { $0.rejects } }

  /// 2 when something could not be inspected, else 1 with rejects (or unsure), else 0.
  var exitCode: Int32 {
    let outcomes = Set(verdicts.map(\.outcome))
    if outcomes.contains(.error) || outcomes.isEmpty { return 2 }
    return outcomes.contains(.reject) || outcomes.contains(.unsure) ? 1 : 0
  }
}

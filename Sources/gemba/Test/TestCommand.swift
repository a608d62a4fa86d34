import Alarms
import ArgumentParser
import Foundation
import StrictYAML

struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Play timelines against alarm rules.",
    discussion: """
      A timeline says what signals did and how the alarms should stand. The rules are the file's own \
      `alarms:`, or those of --site; Sources/Alarms/README.md has both formats. Exit code: 0 all \
      went as written, 1 some did not, 2 a file cannot be read.
      """)

  @Argument(help: "Files of timelines.")
  var files: [String]

  @Option(help: "A site file whose alarm rules are tested, for files without rules of their own.")
  var site: String?

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("give one file of timelines or more") }
  }

  func run() throws {
    var failed = 0
    do {
      let siteRules = try site.map { try AlarmRules.read(try text(of: $0), path: $0, isSite: true) }
      for path in files { failed += try play(path, siteRules) }
    } catch {
      Terminal.note("Error: \(error)")
      throw ExitCode(2)
    }
    if failed > 0 { throw ExitCode(1) }
  }

  /// Plays the timelines of a file; gives how many failed.
  private func play(_ path: String, _ siteRules: [AlarmRule]?) throws -> Int {
    let file = try TimelineFile(text(of: path), file: path)
    guard let rules = try rules(of: file, path) ?? siteRules else {
      throw TestFault.noRules(path)
    }
    var failures = 0
    for timeline in file.timelines {
      let result = try timeline.run(under: rules, file: path)
      guard !result.hasPassed else { continue }
      failures += 1
      Terminal.result("\(path), line \(timeline.line): \(timeline.title)\n\(result.failure)")
    }
    let count = file.timelines.count
    let noun = count == 1 ? "timeline" : "timelines"
    Terminal.result(
      failures == 0
        ? "\(path): \(count) \(noun) passed"
        : "\(path): \(failures) of \(count) \(noun) failed")
    return failures
  }

  private func rules(of file: TimelineFile, _ path: String) throws -> [AlarmRule]? {
    file.rules.isEmpty ? nil : try AlarmRules.read(file.rules, path: path, isSite: false)
  }

  private func text(of path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TestFault.unreadable(path)
    }
    return String(decoding: data, as: UTF8.self)
  }
}

/// Why timelines cannot be played.
private enum TestFault: Error, CustomStringConvertible {
  case unreadable(String)
  case noRules(String)

  var description: String {
    switch self {
    case .unreadable(let path): "\(path): found no readable file; check the path"
    case .noRules(let path):
      "\(path): found no alarms: before the first timeline; write them there or give --site"
    }
  }
}

/// Alarm rules from files.
enum AlarmRules {
  /// The rules of a text; models are looked for beside it.
  /// - Parameter isSite: whether other keys than `alarms` are somebody else's.
  static func read(_ yaml: String, path: String, isSite: Bool) throws -> [AlarmRule] {
    guard let document = try YAMLValue.document(yaml, file: path) else { return [] }
    let list =
      isSite
      ? try document.pairs().first { $0.key == "alarms" }?.value
      : try document.mapping(keys: ["alarms"])["alarms"]
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    return try AlarmRule.list(list) { model in
      let url = URL(fileURLWithPath: model, relativeTo: folder)
      return try PrincipalModel(yaml: String(contentsOf: url, encoding: .utf8), file: model)
    }
  }
}

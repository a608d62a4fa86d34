import Alarms
import Foundation
import StrictYAML
import Testing

/// What the README shows must work as it stands there.
@Suite("the README's examples")
struct ReadmeTests {
  private static let text: String = {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = package.appendingPathComponent("Sources/Alarms/README.md")
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }()

  /// Fenced blocks of a language, empty for none.
  private func blocks(_ language: String) -> [String] {
    let parts = Self.text.components(separatedBy: "```")
    return stride(from: 1, to: parts.count, by: 2).map { parts[$0] }
      .filter { $0.prefix { $0 != "\n" } == language }
      .map { String($0.drop { $0 != "\n" }.dropFirst()) }
  }

  private func rules(_ yaml: String) throws -> [AlarmRule] {
    let top = try YAMLValue.document(yaml, file: "README.md")?.mapping(keys: ["alarms"])
    return try AlarmRule.list(top?["alarms"]) { _ in throw CancellationError() }
  }

  @Test("rules")
  func rules() throws {
    let yaml = blocks("yaml")
    #expect(yaml.count == 2)
    for block in yaml {
      #expect(try !rules(block.hasPrefix("alarms:") ? block : "alarms:\n" + block).isEmpty)
    }
  }

  @Test("every condition of the table")
  func conditions() throws {
    let section = Self.text.components(separatedBy: "### Conditions")[1]
      .components(separatedBy: "**Levels.**")[0]
    let cells = section.split(separator: "\n").compactMap { line in
      line.hasPrefix("| `") ? line.components(separatedBy: " | ")[0] : nil
    }
    let codes = cells.flatMap { cell in
      let parts = cell.components(separatedBy: "`")
      return stride(from: 1, to: parts.count, by: 2).map { parts[$0] }
    }
    #expect(codes.count == 14)
    for code in codes where !code.hasPrefix("model") {
      #expect(try rules("alarms: [{name: a, signal: m.f, \(code)}]").count == 1, "\(code)")
    }
  }

  @Test("timelines")
  func timelines() throws {
    let files = blocks("").filter { $0.hasPrefix("alarms:") }
    #expect(files.count == 1)
    for text in files {
      let file = try TimelineFile(text, file: "README.md")
      for timeline in file.timelines {
        let result = try timeline.run(under: rules(file.rules), file: "README.md")
        #expect(result.hasPassed, "\(timeline.title)\n\(result.failure)")
      }
    }
  }
}

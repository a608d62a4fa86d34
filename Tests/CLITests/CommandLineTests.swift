import Foundation
import Testing

/// Runs every folder below `Cases`: `cmd` is a shell script run in an empty folder with `gemba` on
/// the path; what it prints and its exit code must be as in `stdout`, `stderr` and `exit`.
/// `GEMBA_ACCEPT=1 swift test --filter CLITests` writes what it finds instead.
@Suite("command line", .serialized)
struct CommandLineTests {
  private static let cases = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Cases")

  static var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: cases.path)) ?? []).sorted()
  }

  @Test("prints and exits as written down", arguments: names)
  func prints(_ name: String) throws {
    let folder = Self.cases.appendingPathComponent(name)
    let found = try Self.run(folder.appendingPathComponent("cmd"))
    for (file, text) in [
      ("stdout", found.output), ("stderr", found.errors), ("exit", "\(found.code)\n"),
    ] {
      let url = folder.appendingPathComponent(file)
      if ProcessInfo.processInfo.environment["GEMBA_ACCEPT"] == "1" {
        try Data(text.utf8).write(to: url)
      }
      let expected = try String(contentsOf: url, encoding: .utf8)
      #expect(text == expected, "\(name)/\(file)")
    }
  }

  private static func run(_ script: URL) throws -> (output: String, errors: String, code: Int32) {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("gemba-cli-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let outputs = FileManager.default.temporaryDirectory
      .appendingPathComponent("gemba-cli-\(UUID().uuidString)")
    defer {
      for end in [".out", ".err"] {
        try? FileManager.default.removeItem(atPath: outputs.path + end)
      }
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "exec sh \"$0\" >\"$1.out\" 2>\"$1.err\"", script.path, outputs.path,
    ]
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = "\(products.path):\(environment["PATH"] ?? "/usr/bin:/bin")"
    process.environment = environment
    try process.run()
    process.waitUntilExit()
    return (
      try String(contentsOfFile: outputs.path + ".out", encoding: .utf8),
      try String(contentsOfFile: outputs.path + ".err", encoding: .utf8), process.terminationStatus
    )
  }

  /// The folder of the test bundle, where the built `gemba` lies too.
  private static var products: URL {
    let path = CommandLine.arguments[0]
    return URL(fileURLWithPath: path).deletingLastPathComponent()
  }
}

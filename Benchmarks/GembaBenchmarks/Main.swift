import Foundation

/// `GembaBenchmarks [--json FILE] [CASES]…`; without cases all that need no folder.
@main
enum Main {
  private static let groups: [(name: String, run: @Sendable () async throws -> Void)] = [
    ("kernels", KernelCases.run), ("methods", MethodCases.run), ("sizes", MethodCases.sizes),
    ("batch", BatchCases.run), ("latency", LatencyCases.run), ("ingest", IngestCases.run),
    ("alarms", AlarmCases.run), ("events", EventCases.run), ("soak", SoakCases.run),
    ("report", ReportCases.run), ("network", MethodCases.network),
  ]

  static func main() async throws {
    var words = Array(CommandLine.arguments.dropFirst())
    var file: String?
    var ran = false
    while !words.isEmpty {
      let word = words.removeFirst()
      if let group = groups.first(where: { $0.name == word }) {
        try await group.run()
        ran = true
      } else if word == "decode", !words.isEmpty {
        try DecodeCases.run(words.removeFirst())
        ran = true
      } else if word == "hj212", !words.isEmpty {
        try HJ212Cases.run(words.removeFirst())
        ran = true
      } else if word == "rig", !words.isEmpty {
        try RigCases.run(words.removeFirst())
        ran = true
      } else if word == "loggers", let seconds = words.first.flatMap(Int.init), seconds > 0 {
        try await LoggerCases.run(seconds: seconds)
        words.removeFirst()
        ran = true
      } else if word == "--json", !words.isEmpty {
        file = words.removeFirst()
      } else {
        return usage()
      }
    }
    if !ran { for group in groups { try await group.run() } }
    if let file { try Data(Line.record().utf8).write(to: URL(filePath: file)) }
  }

  private static func usage() {
    let names = groups.map { "[\($0.name)]" }.joined(separator: " ")
    let folders = "[decode FOLDER] [hj212 FILE] [loggers SECONDS] [rig FOLDER]…"
    print("usage: GembaBenchmarks [--json FILE] \(names) \(folders)")
  }
}

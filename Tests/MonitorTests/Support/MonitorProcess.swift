import Foundation
import TestSupport

/// A real `gemba monitor` in a folder of its own, listening on ports that the system gives.
final class MonitorProcess {
  private let process = Process()
  private let errors = Pipe()
  private var said = ""
  /// Ports by the listener's name: `http`, `hj212`, `lines`.
  private(set) var ports: [String: Int] = [:]

  /// Starts a monitor and returns when every listener is bound.
  /// - Parameters:
  ///   - site: the site file's text; `listen` names port 0 for each of `listeners`.
  ///   - listen: more keys of `listen`.
  ///   - command: another one that serves a site's screen.
  ///   - options: of the command.
  ///   - openFiles: the most files it may open; nil: as many as this process.
  ///   - fileKibibytes: the largest file it may write until `allowFiles`; nil: any.
  init(
    _ site: String, listeners: [String] = ["http"], listen keys: [String] = [],
    in folder: TemporaryFolder, command: String = "monitor", options: String = "",
    openFiles: Int? = nil,
    fileKibibytes: Int? = nil
  ) throws {
    let lines = listeners.map { "\($0): 127.0.0.1:0" } + keys
    let listen = "listen:\n" + lines.map { "  \($0)\n" }.joined()
    try (listen + site).write(toFile: folder.file("site.yaml"), atomically: true, encoding: .utf8)
    let limits =
      (openFiles.map { "ulimit -n \($0); " } ?? "")
      + (fileKibibytes.map { "ulimit -S -f \($0); " } ?? "")
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c", limits + "exec \"$0\" \(command) --site site.yaml \(options)", Self.gemba.path,
    ]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    while ports.count < listeners.count { try readPort() }
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  /// The built `gemba`, beside the test bundle.
  static var gemba: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("gemba")
  }

  /// Runs another command of `gemba` in a folder and expects it to succeed.
  static func run(_ arguments: [String], in folder: TemporaryFolder) throws {
    let process = Process()
    process.executableURL = gemba
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Ended(said: "\(arguments) ended with code \(process.terminationStatus)")
    }
  }

  private func readPort() throws {
    let data = errors.fileHandleForReading.availableData
    guard !data.isEmpty else { throw Ended(said: said) }
    said += String(decoding: data, as: UTF8.self)
    for line in said.split(separator: "\n") {
      if let found = line.firstMatch(of: /(\w+) on port (\d+)/), let port = Int(found.2) {
        ports[String(found.1)] = port
      }
    }
  }

  struct Ended: Error, CustomStringConvertible {
    var said: String
    var description: String { "gemba monitor ended: \(said)" }
  }

  /// Ends it by a signal and returns its exit code with what it wrote to standard error.
  @discardableResult
  func end(by signal: Int32) -> (code: Int32, errors: String) {
    kill(process.processIdentifier, signal)
    said += String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, said)
  }

  /// Ends the limit of `fileKibibytes`.
  func allowFiles() throws {
    let command = Process()
    command.executableURL = URL(fileURLWithPath: "/usr/bin/prlimit")
    command.arguments = ["--pid", "\(process.processIdentifier)", "--fsize=unlimited"]
    try command.run()
    command.waitUntilExit()
  }

  /// The most memory it has used.
  var peakMebibytes: Int {
    let path = "/proc/\(process.processIdentifier)/status"
    let status = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
    let words = line?.split(whereSeparator: \.isWhitespace) ?? []
    return words.count > 1 ? (Int(words[1]) ?? 0) / 1_024 : 0
  }

  /// Runs `gemba` with arguments to its end.
  static func run(_ arguments: [String]) throws -> (code: Int32, output: String) {
    let process = Process()
    let output = Pipe()
    process.executableURL = gemba
    process.arguments = arguments
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  /// Sends a signal that does not end it.
  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }
}

// MARK: HTTP

extension MonitorProcess {
  var web: WebClient { WebClient(port: ports["http"] ?? 0) }

  func get(_ path: String) async throws -> WebAnswer { try await web.get(path) }

  func post(
    _ path: String, _ body: String, headers: [String: String] = [:]
  ) async throws -> WebAnswer {
    try await web.ask("POST", path, headers, body: Array(body.utf8))
  }

  func post(
    _ path: String, bytes: [UInt8], headers: [String: String] = [:]
  ) async throws -> WebAnswer {
    try await web.ask("POST", path, headers, body: bytes)
  }

  /// Asks until `isMet` holds of the answer, for what happens by itself after a while.
  func wait<Value: Decodable>(
    for path: String, as type: Value.Type = Value.self, until isMet: (Value) -> Bool
  ) async throws -> Value {
    for _ in 0..<400 {
      let value: Value = try await get(path).json()
      if isMet(value) { return value }
      try await Task.sleep(for: .milliseconds(25))
    }
    return try await get(path).json()
  }
}

// MARK: what the API says

struct AlarmLine: Decodable, Equatable {
  var name: String
  var signal: String
  var state: String
  var value: Double?
  var limit: Double?
  var since: String?
  var priority: String
}

struct JournalLine: Decodable, Equatable {
  var serial: Int
  var time: String
  var alarm: String
  var signal: String
  var from: String
  var to: String
  var value: Double?
  var limit: Double?
  var who: String?
  var comment: String?
}

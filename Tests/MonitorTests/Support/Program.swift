import Foundation
import Testing

/// A program of the system, run to its end.
enum Program {
  /// The build folder.
  static let build = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../.build").standardized

  /// Tools that `Scripts/install tests` unpacks instead of installing, because they would start by
  /// themselves.
  static let unpacked = build.appendingPathComponent("tools/root").path

  /// Runs it; `input` goes to standard input. Gives what it wrote to both outputs.
  static func run(_ path: String, _ arguments: [String], input: String = "") throws -> (
    code: Int32, text: String
  ) {
    try #require(
      FileManager.default.isExecutableFile(atPath: path), "\(path): run Scripts/install tests")
    let process = Process()
    let (incoming, outgoing) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardInput = incoming
    process.standardOutput = outgoing
    process.standardError = outgoing
    try process.run()
    incoming.fileHandleForWriting.write(Data(input.utf8))
    try incoming.fileHandleForWriting.close()
    let output = outgoing.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}

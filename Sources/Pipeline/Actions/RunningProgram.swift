import Foundation

/// A program that reads its standard input and ends.
struct RunningProgram: Sendable {
  private let words: [String]

  init(_ words: [String]) {
    self.words = words
  }

  /// Returns when it has ended with code 0; one that takes longer than `limit` is killed.
  func run(input: String, within limit: Duration) async throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardInput = pipe
    let (ends, continuation) = AsyncStream.makeStream(of: Int32.self)
    process.terminationHandler = { ended in
      continuation.yield(ended.terminationStatus)
      continuation.finish()
    }
    do {
      // A pipe takes 64 KiB before anybody reads, a transition is far less.
      try pipe.fileHandleForWriting.write(contentsOf: Data((input + "\n").utf8))
      try process.run()
      try pipe.fileHandleForWriting.close()
    } catch {
      throw ActionFault.cannotStart(program: words[0], reason: "\(error.localizedDescription)")
    }
    do {
      try await within(limit) {
        for await code in ends where code != 0 {
          throw ActionFault.exited(program: words[0], code: code)
        }
      }
    } catch {
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      throw error
    }
  }
}

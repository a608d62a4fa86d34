import Foundation
import Pipeline

/// What is written where: results to standard output, progress and notes to standard error.
enum Terminal {
  static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
  static let errorIsTerminal = isatty(STDERR_FILENO) == 1

  /// Writes a line of results at once, so that a reader behind a pipe sees it when it happens.
  static func result(_ line: String) { write(Array((line + "\n").utf8)) }

  /// Writes bytes of results. Where they find no room the process ends: nobody gets them.
  static func write(_ bytes: [UInt8]) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(bytes))
    } catch {
      note("\(DurableFileError(path: "standard output", error))")
      exit(2)
    }
  }

  /// Writes a note for the person at the terminal.
  static func note(_ line: String) {
    show((errorIsTerminal ? "\r\u{1B}[K" : "") + line + "\n")
  }

  /// Writes over the progress line; nothing when standard error is no terminal.
  static func progress(_ text: String) {
    guard errorIsTerminal else { return }
    show("\r\u{1B}[K\(text)")
  }

  /// Notes that find no room are lost; the work goes on.
  private static func show(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// Clears the progress line.
  static func endProgress() { progress("") }
}

/// What is asked for cannot be done, found when the work had begun; the usage line would not help.
struct Refusal: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

import Foundation

/// What is written where: results to standard output, progress and notes to standard error.
enum Terminal {
  static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
  static let errorIsTerminal = isatty(STDERR_FILENO) == 1

  /// Writes a line of results at once, so that a reader behind a pipe sees it when it happens.
  static func result(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }

  /// Writes bytes of results.
  static func write(_ bytes: [UInt8]) {
    FileHandle.standardOutput.write(Data(bytes))
  }

  /// Writes a note for the person at the terminal.
  static func note(_ line: String) {
    FileHandle.standardError.write(Data((errorIsTerminal ? "\r\u{1B}[K" : "").utf8))
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  /// Writes over the progress line; nothing when standard error is no terminal.
  static func progress(_ text: String) {
    guard errorIsTerminal else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
  }

  /// Clears the progress line.
  static func endProgress() { progress("") }
}

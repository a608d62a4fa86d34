import Access
import ArgumentParser
import Foundation

/// Asks for a password without showing it.
enum PasswordPrompt {
  /// A new password, typed twice at a terminal or read from standard input.
  static func new(for name: String) throws -> PasswordHash {
    guard isatty(STDIN_FILENO) == 1 else {
      return try PasswordHash(of: readLine() ?? "")
    }
    let first = try ask("Password for \(name): ")
    let hash = try PasswordHash(of: first)
    guard try ask("The same again: ") == first else {
      throw ValidationError("the passwords differ; nothing was changed")
    }
    return hash
  }

  /// A password that is known already: of the environment, typed at a terminal, or read from
  /// standard input.
  static func known(for name: String) throws -> String {
    if let password = ProcessInfo.processInfo.environment["GEMBA_PASSWORD"] { return password }
    return isatty(STDIN_FILENO) == 1 ? try ask("Password for \(name): ") : readLine() ?? ""
  }

  /// Reads a line from the terminal with its echo switched off.
  private static func ask(_ question: String) throws -> String {
    FileHandle.standardError.write(Data(question.utf8))
    var usual = termios()
    guard unsafe tcgetattr(STDIN_FILENO, &usual) == 0 else {
      throw ValidationError("the terminal cannot hide what is typed; give it on standard input")
    }
    var silent = usual
    silent.c_lflag &= ~tcflag_t(ECHO)
    unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer {
      unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual)
      FileHandle.standardError.write(Data("\n".utf8))
    }
    return readLine() ?? ""
  }
}

import ArgumentParser
import Pipeline

/// What every command takes that has a running monitor do something.
struct LoginOptions: ParsableArguments {
  @Option(help: "Where the monitor listens.")
  var monitor = "http://127.0.0.1:8080"

  @Option(help: "Log in as this operator; the password is GEMBA_PASSWORD or asked for.")
  var `operator`: String?

  /// Name and password to log in with, nil without `--operator`.
  var login: MonitorLogin? {
    get throws {
      try `operator`.map { MonitorLogin(name: $0, password: try PasswordPrompt.known(for: $0)) }
    }
  }
}

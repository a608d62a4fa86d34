import ArgumentParser
import Pipeline

extension LoginOptions {
  fileprivate var loggers: CommandClient {
    get throws { CommandClient(monitor, login: try login) }
  }

  /// Carries out an order and prints how it ended; exit code 1 when it was not carried out.
  fileprivate func carryOut(_ order: CommandClient.Order) async throws {
    let (text, standing) = try await loggers.carryOut(order)
    Terminal.result(text)
    guard standing.state != "done" else { return }
    let code = standing.code.map { " (code \($0))" } ?? ""
    Terminal.note("gemba: \(order.mn): \(order.command): \(standing.state)\(code)")
    throw ExitCode(1)
  }
}

struct HJ212LoggersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loggers", abstract: "List the data loggers that are connected to a monitor.")

  @OptionGroup var options: LoginOptions

  func run() async throws { Terminal.result(try await options.loggers.loggers()) }
}

struct HJ212AskCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask",
    abstract: "Ask a connected logger for its current values (2011) or its clock (1011).",
    discussion: commandEnds)

  @Argument(help: "The logger's number (MN).")
  var mn: String

  @Argument(help: "current or time.")
  var what = "current"

  @OptionGroup var options: LoginOptions

  func validate() throws {
    guard ["current", "time"].contains(what) else {
      throw ValidationError("\(what): use current or time")
    }
  }

  func run() async throws {
    try await options.carryOut(CommandClient.Order(mn: mn, command: what))
  }
}

struct HJ212SetTimeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-time", abstract: "Set a connected logger's clock (1012).",
    discussion: commandEnds)

  @Argument(help: "The logger's number (MN).")
  var mn: String

  @Option(help: "The time (RFC 3339); the monitor's clock unless given.")
  var time: String?

  @OptionGroup var options: LoginOptions

  func run() async throws {
    var order = CommandClient.Order(mn: mn, command: "setTime")
    order.time = time
    try await options.carryOut(order)
  }
}

struct HJ212HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Ask a connected logger for recorded minutes (2051), hours (2061) or days (2031).",
    discussion: "What it sends is recorded like its own uploads. " + commandEnds)

  @Argument(help: "The logger's number (MN).")
  var mn: String

  @Option(help: "minutes, hours or days.")
  var kind = "hours"

  @Option(help: "The first period begins here (RFC 3339).")
  var from: String

  @Option(help: "The last period begins here.")
  var to: String

  @OptionGroup var options: LoginOptions

  func validate() throws {
    guard ["minutes", "hours", "days"].contains(kind) else {
      throw ValidationError("--kind \(kind): use minutes, hours or days")
    }
  }

  func run() async throws {
    var order = CommandClient.Order(mn: mn, command: kind)
    (order.from, order.to) = (from, to)
    try await options.carryOut(order)
  }
}

private let commandEnds = """
  Waits for the end: the request is sent again after 10 s without an answer, three times. Prints the \
  command as JSON. Exit code: 0 carried out, 1 refused, failed or not answered.
  """

import ArgumentParser
import Foundation
import Pipeline
import StrictYAML

/// What every command for an operator takes.
struct OperatorOptions: ParsableArguments {
  @Argument(help: "The alarm's name.")
  var alarm: String

  @Option(help: "The alarm on this signal only; else on every signal.")
  var signal: String?

  @Option(help: "Who stands in the journal. (default: your login name)")
  var who: String?

  @Option(help: "Why; stands in the journal.")
  var comment: String?

  @OptionGroup var login: LoginOptions

  /// Has the monitor do it and says so.
  func perform(_ act: OperatorRequest.Act, _ done: String, minutes: Double? = nil) async throws {
    let client = try MonitorClient(login.monitor, login: try login.login)
    let name = who ?? login.operator ?? NSUserName()
    try await client.send(
      OperatorRequest(
        act: act, alarm: alarm, signal: signal, who: name, comment: comment, minutes: minutes))
    Terminal.note("gemba: \(alarm)\(signal.map { ", \($0)" } ?? ""): \(done)")
  }
}

struct AcknowledgeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ack", abstract: "Say that you know of an alarm.")

  @OptionGroup var options: OperatorOptions

  func run() async throws { try await options.perform(.acknowledge, "acknowledged") }
}

struct ResetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset", abstract: "End an alarm that latches and is over.")

  @OptionGroup var options: OperatorOptions

  func run() async throws { try await options.perform(.reset, "reset") }
}

struct ShelveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shelve", abstract: "Silence an alarm for a while.",
    discussion: "Without --for until it next clears; at most as long as its rule allows.")

  @Option(name: .customLong("for"), help: "How long, such as 30m or 2h.")
  var time: String?

  @OptionGroup var options: OperatorOptions

  private var minutes: Double? {
    time.flatMap { duration(of: $0) }.map { $0 / .seconds(60) }
  }

  func validate() throws {
    if time != nil, minutes == nil {
      throw ValidationError("--for \(time ?? ""): a time with its unit, such as 30m or 2h")
    }
  }

  func run() async throws {
    try await options.perform(
      .shelve, time.map { "shelved for \($0)" } ?? "shelved until it clears", minutes: minutes)
  }
}

struct UnshelveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unshelve", abstract: "End the silence of a shelved alarm.")

  @OptionGroup var options: OperatorOptions

  func run() async throws { try await options.perform(.unshelve, "no longer shelved") }
}

struct OutOfServiceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "out-of-service", abstract: "Take an alarm out of service.",
    discussion: "Until `gemba alarms return-to-service`.")

  @OptionGroup var options: OperatorOptions

  func run() async throws { try await options.perform(.outOfService, "out of service") }
}

struct ReturnToServiceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "return-to-service", abstract: "Put an alarm back into service.")

  @OptionGroup var options: OperatorOptions

  func run() async throws { try await options.perform(.returnToService, "back in service") }
}

import Access
import ArgumentParser

struct OperatorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operators", abstract: "Say who may log in to the monitor's screen.",
    discussion: """
      The site file names the operators file (operators: operators.yaml). A running monitor reads \
      it again on SIGHUP. viewer: sees everything. operator: also handles alarms. engineer: may do \
      everything. writer: a program that sends telemetry and sees nothing.
      """,
    subcommands: [
      AddOperator.self, ListOperators.self, ChangePassword.self, RemoveOperator.self,
    ])
}

struct OperatorsFileOption: ParsableArguments {
  @Option(help: "The operators file.")
  var file = "operators.yaml"

  var operators: OperatorFile { OperatorFile(path: file) }
}

extension Role: ExpressibleByArgument {}

private struct AddOperator: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add somebody.",
    discussion: """
      Asks for the password twice at a terminal; otherwise it is the first line of standard input.
      """)

  @Argument(help: "As the journal is to show it.")
  var name: String

  @Option(help: "viewer, operator, engineer or writer.")
  var role: Role

  @OptionGroup var options: OperatorsFileOption

  func run() throws {
    guard OperatorList.isName(name) else { throw OperatorFileError.name(name) }
    try options.operators.change { list in
      guard list[name] == nil else {
        throw OperatorFileError.known(name: name, path: options.file)
      }
      list.put(Operator(name: name, role: role, password: try PasswordPrompt.new(for: name)))
    }
    Terminal.note("gemba: \(name) added to \(options.file) as \(role.rawValue)")
  }
}

private struct ListOperators: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Show who is in the file.")

  @OptionGroup var options: OperatorsFileOption

  func run() throws {
    for person in try options.operators.read().operators {
      Terminal.result("\(person.role.rawValue)\t\(person.name)")
    }
  }
}

private struct ChangePassword: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passwd", abstract: "Give somebody a new password.",
    discussion: """
      Asks for it twice at a terminal; otherwise it is the first line of standard input. Sessions \
      under the old password end when the monitor reads the file.
      """)

  @Argument(help: "Who.")
  var name: String

  @OptionGroup var options: OperatorsFileOption

  func run() throws {
    try options.operators.change { list in
      guard var person = list[name] else {
        throw OperatorFileError.unknown(name: name, path: options.file)
      }
      person.password = try PasswordPrompt.new(for: name)
      list.put(person)
    }
    Terminal.note("gemba: \(name) has a new password")
  }
}

private struct RemoveOperator: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove somebody.")

  @Argument(help: "Who.")
  var name: String

  @OptionGroup var options: OperatorsFileOption

  func run() throws {
    try options.operators.change { list in
      guard list[name] != nil else {
        throw OperatorFileError.unknown(name: name, path: options.file)
      }
      list.remove(name)
    }
    Terminal.note("gemba: \(name) removed from \(options.file)")
  }
}

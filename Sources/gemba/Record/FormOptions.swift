import ArgumentParser
import Reports

/// How lines are printed.
struct FormOptions: ParsableArguments {
  @Flag(help: "Print CSV with a heading.")
  var csv = false

  @Flag(help: "Print one JSON object a line (as is done behind a pipe).")
  var json = false

  @Flag(help: "Print columns for people (as is done on a terminal).")
  var table = false

  func validate() throws {
    if [csv, json, table].count(where: { $0 }) > 1 {
      throw ValidationError("--csv, --json and --table; take one of them")
    }
  }

  var form: RecordForm {
    if csv { return .csv }
    if json { return .json }
    return table || Terminal.outputIsTerminal ? .table : .json
  }
}

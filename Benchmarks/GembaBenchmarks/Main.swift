/// `GembaBenchmarks [kernels] [methods] [ingest] [decode FOLDER]…`; without arguments kernels and methods.
@main
enum Main {
  static func main() throws {
    var arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.isEmpty { arguments = ["kernels", "methods"] }
    while let word = arguments.first {
      arguments.removeFirst()
      switch (word, arguments.first) {
      case ("kernels", _): KernelCases.run()
      case ("methods", _): try MethodCases.run()
      case ("ingest", _): try IngestCases.run()
      case ("decode", let folder?):
        arguments.removeFirst()
        try DecodeCases.run(folder)
      default:
        print("usage: GembaBenchmarks [kernels] [methods] [ingest] [decode FOLDER]…")
        return
      }
    }
  }
}

import ArgumentParser
import Storage

struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy a database while a monitor writes to it.",
    discussion: """
      The copy is one file that holds everything committed when the copy began. It is written \
      beside its place and put there when it is whole; an earlier copy is replaced, any other file \
      is refused. To restore, stop the monitor, put the copy in the database's place and remove \
      the files ending in -wal and -shm beside it.
      """)

  @Option(help: "The database file.")
  var database: String

  @Option(help: "Where the copy goes.")
  var to: String

  func run() throws {
    try RecordFile(path: database, for: .read).backup(to: to)
  }
}

import FactoryModel
import Foundation
import Storage
import TestSupport

/// `RecordFiller FILE`: writes numbered commits to a record, from where the last process ended, and
/// prints each number once it is on record. Goes on until it is killed or cannot write.
@main
enum RecordFiller {
  static func main() throws {
    // Beyond a limit on the size of files writing shall fail, not end the process.
    signal(SIGXFSZ, SIG_IGN)
    do {
      try fill(CommandLine.arguments[1])
    } catch let error as StorageError {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(3)
    }
  }

  private static func fill(_ path: String) throws {
    let file = try RecordFile(path: path, for: .write)
    var writer = try SampleWriter(file)
    var table = try file.signals()
    let ids = NumberedCommit.signals.map { table.id(of: $0) }
    let marks = try SampleHistory(file).samples(of: NumberedCommit.signals[ids.count - 1])
    var number = Int(marks.last?.value ?? 0)
    while true {
      number += 1
      let commit = NumberedCommit(number)
      var batch = SampleBatch()
      for (signal, sample) in commit.samples { batch.append(ids[signal], sample) }
      writer.append(batch)
      try writer.commit(table, with: RecordEntries(transitions: commit.transitions))
      FileHandle.standardOutput.write(Data("\(number)\n".utf8))
    }
  }
}

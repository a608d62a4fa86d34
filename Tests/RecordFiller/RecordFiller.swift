import FactoryModel
import Foundation
import Storage
import Telemetry
import TestSupport

/// `RecordFiller FILE`: writes numbered commits to a record, from where the last process ended, and
/// prints each number once it is on record. Goes on until it is killed or cannot write.
///
/// `RecordFiller FILE -`: records the line protocol of standard input, in one commit, and in the
/// journal the alarm `hot` for every reading above 90.
@main
enum RecordFiller {
  static func main() throws {
    // Beyond a limit on the size of files writing shall fail, not end the process.
    signal(SIGXFSZ, SIG_IGN)
    do {
      let isGivenLines = CommandLine.arguments.last == "-"
      try isGivenLines ? record(CommandLine.arguments[1]) : fill(CommandLine.arguments[1])
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

  private static func record(_ path: String) throws {
    let file = try RecordFile(path: path, for: .write)
    var writer = try SampleWriter(file)
    var table = try file.signals()
    var batch = SampleBatch()
    var reader = LineProtocolReader()
    var stream = LineStream()
    let bytes = Array(FileHandle.standardInput.readDataToEndOfFile())
    reader.read(
      bytes, of: &stream, receivedAt: Timestamp(seconds: 0), table: &table, into: &batch)
    reader.finish(&stream, receivedAt: Timestamp(seconds: 0), table: &table, into: &batch)
    var lines: [AlarmTransition] = []
    for place in 0..<batch.count {
      let (signal, sample) = batch[place]
      guard sample.value > 90 else { continue }
      lines.append(
        AlarmTransition(
          serial: Int64(lines.count + 1), time: sample.time, alarm: "hot",
          signal: table[signal].description, from: .normal, to: .unacknowledged,
          value: sample.value, limit: 90))
    }
    writer.append(batch)
    try writer.commit(table, with: RecordEntries(transitions: lines))
    try file.close()
  }
}

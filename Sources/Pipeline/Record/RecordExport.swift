import FactoryModel
import Storage
import Telemetry

/// Writes the samples of a record as line protocol in order of time, so that it can be replayed.
public struct RecordExport {
  private let file: RecordFile

  /// What was written.
  public struct Counts: Hashable, Sendable {
    public var signals = 0
    public var samples = 0
    /// Bad samples, for which line protocol has no word.
    public var leftOut = 0
  }

  /// An export of a record.
  public init(_ file: RecordFile) {
    self.file = file
  }

  /// Hands over the lines of a range piece by piece.
  /// - Parameter pattern: the signals wanted; nil for all.
  public func run(
    _ pattern: SignalPattern?, in range: Range<Timestamp>, _ write: ([UInt8]) throws -> Void
  ) throws -> Counts {
    let table = try file.signals()
    let names = table.all.filter { pattern?.matches($0) ?? true }
    let writers = names.map { name in
      LineProtocolWriter(name, texts: table.find(name).map(table.texts(of:)) ?? [])
    }
    var counts = Counts(signals: names.count)
    var lines: [UInt8] = []
    try SampleHistory(file).visit(names, in: range) { samples in
      for entry in samples {
        if writers[entry.place].append(entry.sample, to: &lines) {
          counts.samples += 1
        } else {
          counts.leftOut += 1
        }
      }
      try write(lines)
      lines.removeAll(keepingCapacity: true)
    }
    return counts
  }
}

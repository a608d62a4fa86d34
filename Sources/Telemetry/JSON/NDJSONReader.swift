import FactoryModel

/// Reads a stream of JSON objects, one a line, into samples.
///
/// A line with a fault is counted and reported and records nothing; the next is read as if it had
/// not been there.
public struct NDJSONReader: Sendable {
  public private(set) var report = EntryReport()
  private var reader: JSONSignalReader
  private var lines: LineGatherer
  private let limit: Int

  /// A reader at the beginning of a stream.
  public init(
    _ mapping: JSONMapping = .readings,
    limits: LineProtocolReader.Limits = LineProtocolReader.Limits()
  ) {
    reader = JSONSignalReader(mapping, limits: limits)
    lines = LineGatherer(limit: limits.lineBytes)
    limit = limits.lineBytes
  }

  /// Reads the next bytes of the stream.
  ///
  /// - Parameters:
  ///   - chunk: cut anywhere; what follows the last newline is kept for the next call.
  ///   - receivedAt: the time of readings without one.
  ///   - table: the same one in every call; new signals and texts are added.
  ///   - batch: the samples are added at its end.
  public mutating func read(
    _ chunk: [UInt8], receivedAt: Timestamp, table: inout SignalTable,
    into batch: inout SampleBatch
  ) {
    var gatherer = lines
    gatherer.read(chunk) { take($0, receivedAt, &table, &batch) }
    lines = gatherer
  }

  /// Reads the last line of a stream that ends without a newline.
  public mutating func finish(
    receivedAt: Timestamp, table: inout SignalTable, into batch: inout SampleBatch
  ) {
    var gatherer = lines
    gatherer.finish { take($0, receivedAt, &table, &batch) }
    lines = gatherer
  }

  private mutating func take(
    _ line: ArraySlice<UInt8>?, _ receivedAt: Timestamp, _ table: inout SignalTable,
    _ batch: inout SampleBatch
  ) {
    report.lines += 1
    do throws(EntryFault) {
      guard let line else { throw .tooLong(limit: limit) }
      guard line.contains(where: { $0 != UInt8(ascii: " ") }) else { return }
      let before = batch.count
      try reader.read(line, receivedAt: receivedAt, table: &table, into: &batch)
      report.samples += batch.count - before
    } catch {
      report.refuse(error)
    }
  }
}

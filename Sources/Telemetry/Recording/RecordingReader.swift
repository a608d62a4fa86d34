import FactoryModel

/// How a recording is written down.
public enum RecordingFormat: String, Hashable, Sendable, CaseIterable {
  /// InfluxDB line protocol.
  case lines
  case csv
  /// One JSON object a line.
  case ndjson

  /// The format that a file's name says; line protocol where it says none.
  public init(path: String) {
    let name = path.lowercased()
    if name.hasSuffix(".csv") || name.hasSuffix(".tsv") {
      self = .csv
    } else if name.hasSuffix(".ndjson") || name.hasSuffix(".jsonl") || name.hasSuffix(".json") {
      self = .ndjson
    } else {
      self = .lines
    }
  }
}

/// Reads a recording of any format, piece by piece.
public struct RecordingReader: Sendable {
  private let format: RecordingFormat
  // Only the reader of the format is used; members change in place, an enum's would be copied.
  private var lines = LineProtocolReader()
  private var stream = LineStream()
  private var csv = CSVReader(CSVSettings(measurement: "table"))
  private var ndjson = NDJSONReader()

  /// A recording of line protocol.
  public init(linesIn precision: TimePrecision) {
    format = .lines
    stream = LineStream(precision: precision)
  }

  /// A table.
  public init(_ settings: CSVSettings) {
    format = .csv
    csv = CSVReader(settings)
  }

  /// Lines of JSON.
  public init(_ mapping: JSONMapping) {
    format = .ndjson
    ndjson = NDJSONReader(mapping)
  }

  /// Reads the next bytes.
  ///
  /// - Parameters:
  ///   - chunk: cut anywhere.
  ///   - isEnd: whether nothing comes after it.
  ///   - receivedAt: the time of readings without one.
  ///   - table: the same one in every call; new signals and texts are added.
  ///   - batch: the samples are added at its end.
  /// - Throws: when a table's heading cannot be used.
  public mutating func read(
    _ chunk: [UInt8], isEnd: Bool, receivedAt: Timestamp, table: inout SignalTable,
    into batch: inout SampleBatch
  ) throws(CSVHeadingError) {
    switch format {
    case .lines:
      lines.read(chunk, of: &stream, receivedAt: receivedAt, table: &table, into: &batch)
      if isEnd { lines.finish(&stream, receivedAt: receivedAt, table: &table, into: &batch) }
    case .csv:
      try csv.read(chunk, table: &table, into: &batch)
      if isEnd { try csv.finish(table: &table, into: &batch) }
    case .ndjson:
      ndjson.read(chunk, receivedAt: receivedAt, table: &table, into: &batch)
      if isEnd { ndjson.finish(receivedAt: receivedAt, table: &table, into: &batch) }
    }
  }

  /// What has been read so far.
  public var report: RecordingReport {
    switch format {
    case .lines: RecordingReport(stream.report)
    case .csv: RecordingReport(csv.report)
    case .ndjson: RecordingReport(ndjson.report)
    }
  }
}

/// Counts of a recording.
public struct RecordingReport: Hashable, Sendable {
  /// Lines that ended, recorded or not.
  public var lines: Int
  public var samples: Int
  /// Lines that were not recorded.
  public var refused: Int
  /// Single values that were recorded as bad or left out, in lines that were recorded.
  public var badValues: Int
  /// The first faults, each with its line and reason.
  public var firstFaults: [String]

  init(_ report: LineReport) {
    lines = report.lines
    samples = report.samples
    refused = report.refused
    badValues = 0
    firstFaults = report.firstRefused.map(\.description)
  }

  init(_ report: EntryReport) {
    lines = report.lines
    samples = report.samples
    refused = report.refused
    badValues = report.badValues
    firstFaults = report.firstFaults.map(\.description)
  }
}

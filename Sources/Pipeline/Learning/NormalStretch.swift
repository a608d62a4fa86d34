import Alarms
import FactoryModel
import Foundation
import Storage
import Telemetry

/// A stretch of normal running out of a recording, as rows to learn a model from.
public struct NormalStretch: Sendable {
  /// What of a recording is wanted.
  public struct Selection: Sendable {
    /// Signals; empty for all signals of numbers.
    public var patterns: [SignalPattern] = []
    public var range = allTime
    /// The most rows, from the beginning; nil for all.
    public var rows: Int?
    /// What the columns of a CSV file belong to: a column `temp` is the signal `SOURCE.temp`.
    public var source = "rig"
    /// The step of the times of line protocol.
    public var precision = TimePrecision.nanoseconds

    /// Everything.
    public init() {}

    func wants(_ name: SignalName) -> Bool {
      patterns.isEmpty || patterns.contains { $0.matches(name) }
    }
  }

  /// In the order of the columns of `rows`.
  public private(set) var signals: [SignalName] = []
  /// In order of time, one value per signal; made as a running monitor would make them.
  public private(set) var rows: [[Double]] = []
  /// When the first and the last row were complete.
  public private(set) var span: ClosedRange<Timestamp>?

  /// Reads a recording: a record of the monitor, a CSV file with a header (`.csv`), or line
  /// protocol.
  /// - Throws: `RecordingError`, or `StorageError` for a record.
  public init(of path: String, _ selection: Selection) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw RecordingError.unreadable(path)
    }
    var samples: [[Sample]]
    if data.starts(with: Array("SQLite format 3\0".utf8)) {
      let file = try RecordFile(path: path, for: .read)
      samples = try readRecord(file, selection)
    } else if path.lowercased().hasSuffix(".csv") {
      samples = try readTable(Array(data), path, selection)
    } else {
      samples = readLines(Array(data), selection)
    }
    guard !signals.isEmpty else { throw RecordingError.noSignals(path) }
    for place in samples.indices {
      samples[place] = samples[place].filter { selection.range.contains($0.time) }
    }
    gather(samples, limit: selection.rows ?? .max)
  }

  private mutating func readRecord(
    _ file: RecordFile, _ selection: Selection
  ) throws -> [[Sample]] {
    let table = try file.signals()
    let history = SampleHistory(file)
    signals = table.all.filter { name in
      selection.wants(name) && (table.find(name).map { table.texts(of: $0).isEmpty } ?? false)
    }
    return try signals.map { try history.samples(of: $0, in: selection.range) }
  }

  /// A column `temp` is of the selection's source; one that is called like a signal is that signal.
  private mutating func readTable(
    _ bytes: [UInt8], _ path: String, _ selection: Selection
  ) throws(RecordingError) -> [[Sample]] {
    var reader = CSVReader(CSVSettings(measurement: selection.source))
    var table = SignalTable()
    var batch = SampleBatch()
    do throws(CSVHeadingError) {
      try reader.read(bytes, table: &table, into: &batch)
      try reader.finish(table: &table, into: &batch)
    } catch {
      throw .heading(path: path, error)
    }
    if batch.isEmpty, let fault = reader.report.firstFaults.first {
      throw .noReadings(path: path, fault: "\(fault)")
    }
    return sort(batch, table, selection) { name in
      let title = String(name.path.dropFirst(selection.source.count + 1))
      guard title.contains("."), !title.contains(" "), let own = (try? SignalPattern(title))?.name
      else { return name }
      return SignalName(path: own.path, tags: name.tags)
    }
  }

  private mutating func readLines(_ bytes: [UInt8], _ selection: Selection) -> [[Sample]] {
    var reader = LineProtocolReader()
    var stream = LineStream(precision: selection.precision)
    var table = SignalTable()
    var batch = SampleBatch()
    let received = Timestamp(seconds: 0)
    reader.read(bytes, of: &stream, receivedAt: received, table: &table, into: &batch)
    reader.finish(&stream, receivedAt: received, table: &table, into: &batch)
    return sort(batch, table, selection) { $0 }
  }

  /// Keeps the wanted signals of numbers under their names, and the samples of each.
  private mutating func sort(
    _ batch: SampleBatch, _ table: SignalTable, _ selection: Selection,
    naming: (SignalName) -> SignalName
  ) -> [[Sample]] {
    var samples = [[Sample]](repeating: [], count: table.count)
    for place in 0..<batch.count {
      let (signal, sample) = batch[place]
      samples[Int(signal.index)].append(sample)
    }
    let wanted = table.all.indices.filter { place in
      let id = SignalID(index: Int32(place))
      return selection.wants(naming(table[id])) && table.texts(of: id).isEmpty
    }
    signals = wanted.map { naming(table.all[$0]) }
    return wanted.map { samples[$0] }
  }

  /// Puts the samples of all signals in order of time and makes rows of them.
  private mutating func gather(_ samples: [[Sample]], limit: Int) {
    var merged: [(time: Timestamp, column: Int, value: Double)] = []
    for (column, list) in samples.enumerated() {
      merged += list.filter { $0.quality != .bad }.map { ($0.time, column, $0.value) }
    }
    merged.sort { ($0.time, $0.column) < ($1.time, $1.column) }
    var gatherer = RowGatherer(columns: signals.count)
    for sample in merged where gatherer.take(sample.value, column: sample.column) {
      rows.append(gatherer.row)
      span = (span?.lowerBound ?? sample.time)...sample.time
      if rows.count == limit { return }
    }
  }
}

/// Why a recording cannot be used.
public enum RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
  case unreadable(String)
  case noSignals(String)
  /// A table that cannot be read at all.
  case heading(path: String, CSVHeadingError)
  /// A table without a row that reads.
  case noReadings(path: String, fault: String)

  public var description: String {
    switch self {
    case .unreadable(let path): "\(path): found no readable file; check the path"
    case .noSignals(let path):
      "\(path): found no signal that is wanted; look at the names and at --signal"
    case .heading(let path, let error): "\(path), \(error)"
    case .noReadings(let path, let fault): "\(path): found no row that reads; the first: \(fault)"
    }
  }
}

import FactoryModel
import StreamKernels

/// Reads InfluxDB line protocol into samples, for any number of sources that share one table of
/// signals.
///
/// A field becomes the signal `measurement.field{tags}`; `true` and `false` become 1 and 0, a
/// quoted text its place in the signal's words. A line without a time gets the time of receipt. A
/// line with a fault is counted and reported in its stream and records nothing; the next line is
/// read as if it had not been there.
///
/// Lines of known series with plain numbers cost 30–60 ns; a line that is anything else takes the
/// general parser, about 2 µs.
public struct LineProtocolReader: Sendable {
  /// Bounds against senders that never end a line or never repeat a name.
  public struct Limits: Hashable, Sendable {
    /// Bytes of a line without its newline.
    public var lineBytes = 65_536
    /// Signals in the table.
    public var signals = 200_000
    /// Different texts of one signal.
    public var texts = 1_000

    /// The usual bounds.
    public init() {}
  }

  private let limits: Limits
  private var directory = SeriesDirectory()
  private var lastEntry: Int32 = 0
  private var columns = ScanColumns()

  /// A reader that knows no series yet.
  public init(limits: Limits = Limits()) {
    self.limits = limits
  }

  /// Reads the next bytes of a source.
  ///
  /// - Parameters:
  ///   - chunk: cut anywhere; what follows the last newline is kept for the next call.
  ///   - receivedAt: the time of lines without one.
  ///   - table: the same one in every call; new signals and texts are added.
  ///   - batch: the samples are added at its end.
  public mutating func read(
    _ chunk: [UInt8], of stream: inout LineStream, receivedAt: Timestamp,
    table: inout SignalTable, into batch: inout SampleBatch
  ) {
    var start = 0
    if !stream.carry.isEmpty || stream.isSkipping {
      let newline = chunk.firstIndex(of: newlineByte)
      take(chunk[..<(newline ?? chunk.endIndex)], &stream)
      guard let newline else { return }
      endCarriedLine(&stream, receivedAt, &table, &batch)
      start = newline + 1
    }
    let rest = readLines(
      chunk, from: start, to: chunk.count - scanMargin, &stream, receivedAt, &table, &batch)
    readTail(chunk[rest...], &stream, receivedAt, &table, &batch)
  }

  /// Reads the last line of a source that ends without a newline.
  public mutating func finish(
    _ stream: inout LineStream, receivedAt: Timestamp, table: inout SignalTable,
    into batch: inout SampleBatch
  ) {
    guard !stream.carry.isEmpty || stream.isSkipping else { return }
    endCarriedLine(&stream, receivedAt, &table, &batch)
  }

  /// The last bytes of a chunk, too near its end to be scanned where they are.
  private mutating func readTail(
    _ tail: ArraySlice<UInt8>, _ stream: inout LineStream, _ receivedAt: Timestamp,
    _ table: inout SignalTable, _ batch: inout SampleBatch
  ) {
    var start = tail.startIndex
    if let newline = tail.lastIndex(of: newlineByte) {
      let lines = Array(tail[...newline]) + [UInt8](repeating: 0, count: scanMargin)
      _ = readLines(
        lines, from: 0, to: lines.count - scanMargin, &stream, receivedAt, &table, &batch)
      start = newline + 1
    }
    take(tail[start...], &stream)
  }

  /// Adds to the line being gathered, or drops it when it grows too long.
  private func take(_ bytes: ArraySlice<UInt8>, _ stream: inout LineStream) {
    guard !stream.isSkipping else { return }
    stream.carry.append(contentsOf: bytes)
    // One more for a carriage return.
    if stream.carry.count > limits.lineBytes + 1 {
      stream.carry = []
      stream.isSkipping = true
    }
  }

  private mutating func endCarriedLine(
    _ stream: inout LineStream, _ receivedAt: Timestamp, _ table: inout SignalTable,
    _ batch: inout SampleBatch
  ) {
    if stream.isSkipping {
      stream.isSkipping = false
      stream.report.lines += 1
      stream.report.refuse(.tooLong(limit: limits.lineBytes))
      return
    }
    var line = stream.carry
    stream.carry.removeAll(keepingCapacity: true)
    line.append(newlineByte)
    line.append(contentsOf: repeatElement(0, count: scanMargin))
    _ = readLines(line, from: 0, to: line.count - scanMargin, &stream, receivedAt, &table, &batch)
  }
}

extension LineProtocolReader {
  /// Reads the lines whose newline lies before `end`; returns where the first other line begins.
  private mutating func readLines(
    _ text: [UInt8], from start: Int, to end: Int, _ stream: inout LineStream,
    _ receivedAt: Timestamp, _ table: inout SignalTable, _ batch: inout SampleBatch
  ) -> Int {
    var scan = LineScan(
      position: start, end: end, entry: lastEntry, precision: stream.precision, receivedAt)
    while scan.position < end {
      columns.scan(text, &scan, &directory)
      stream.report.lines += scan.lines
      stream.report.samples += scan.samples
      let isFull = columns.move(&scan, to: &batch)
      if isFull || scan.position >= end { continue }
      guard let newline = text[scan.position..<end].firstIndex(of: newlineByte) else { break }
      let line = text[scan.position..<newline]
      stream.report.lines += 1
      do throws(LineFault) {
        try readAnyLine(line, &stream, receivedAt, &table, &batch)
      } catch {
        stream.report.refuse(error)
      }
      scan.position = newline + 1
    }
    lastEntry = scan.entry
    return scan.position
  }

  /// A line of any form; either all of its fields are recorded or none.
  private mutating func readAnyLine(
    _ raw: ArraySlice<UInt8>, _ stream: inout LineStream, _ receivedAt: Timestamp,
    _ table: inout SignalTable, _ batch: inout SampleBatch
  ) throws(LineFault) {
    let line = (raw.last == UInt8(ascii: "\r") ? raw.dropLast() : raw).drop { $0 == blankByte }
    guard line.count <= limits.lineBytes else { throw .tooLong(limit: limits.lineBytes) }
    guard let first = line.first, first != UInt8(ascii: "#") else { return }
    var parser = LineParser(line)
    let parsed = try parser.parse()
    var time = receivedAt
    if let steps = parsed.steps {
      guard let written = stream.precision.time(steps: steps) else {
        throw .implausibleTime(String(steps), stream.precision)
      }
      time = written
    }
    var samples: [(SignalID, Double)] = []
    for field in parsed.fields {
      samples.append(try sample(of: field, in: parsed, &table))
    }
    for (signal, value) in samples {
      batch.append(signal, Sample(time: time, value: value))
    }
    stream.report.samples += samples.count
  }

  private mutating func sample(
    of field: ParsedLine.Field, in line: ParsedLine, _ table: inout SignalTable
  ) throws(LineFault) -> (SignalID, Double) {
    let name = SignalName(
      measurement: line.measurement, field: field.name, tags: line.tags)
    guard table.find(name) != nil || table.count < limits.signals else {
      throw .tooManySignals(limit: limits.signals)
    }
    let signal = table.id(of: name)
    directory.insert(series: line.rawSeries, field: field.rawName, signal: signal)
    switch field.value {
    case .number(let value): return (signal, value)
    case .text(let text):
      let texts = table.texts(of: signal)
      guard texts.count < limits.texts || texts.contains(text) else {
        throw .tooManyTexts(field: field.name, limit: limits.texts)
      }
      return (signal, table.value(of: text, in: signal))
    }
  }
}

private let newlineByte = UInt8(ascii: "\n")
private let blankByte = UInt8(ascii: " ")

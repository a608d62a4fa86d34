import FactoryModel
import StreamKernels

/// The columns a scan writes to before they go to a batch; the checked door to `scanLines`.
struct ScanColumns: Sendable {
  private static let capacity = 4_096
  private static let powersOfTen: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }

  private var signals = [Int32](repeating: 0, count: capacity)
  private var times = [Int64](repeating: 0, count: capacity)
  private var values = [Double](repeating: 0, count: capacity)

  /// Takes plain lines of known series; see `StreamKernels.scanLines`.
  mutating func scan(
    _ text: [UInt8], _ scan: inout LineScan, _ directory: inout SeriesDirectory
  ) {
    precondition(
      scan.position >= 0 && scan.end + scanMargin <= text.count,
      "scan from \(scan.position) to \(scan.end) of \(text.count) bytes")
    precondition(Int(scan.entry) < directory.entries.count, "no entry \(scan.entry)")
    // Taken out for the scan, because two spans into one variable exclude each other.
    var entries: [SeriesEntry] = []
    var signals: [Int32] = []
    var times: [Int64] = []
    var values: [Double] = []
    exchange(&entries, &signals, &times, &values, with: &directory)
    var entrySpan = entries.mutableSpan
    var signalSpan = signals.mutableSpan
    var timeSpan = times.mutableSpan
    var valueSpan = values.mutableSpan
    scanLines(
      text.span, &scan, keys: directory.keys.span, entries: &entrySpan,
      seriesSlots: directory.seriesSlots.span, fieldSlots: directory.fieldSlots.span,
      powersOfTen: Self.powersOfTen.span, signals: &signalSpan, times: &timeSpan,
      values: &valueSpan)
    exchange(&entries, &signals, &times, &values, with: &directory)
  }

  private mutating func exchange(
    _ entries: inout [SeriesEntry], _ signals: inout [Int32], _ times: inout [Int64],
    _ values: inout [Double], with directory: inout SeriesDirectory
  ) {
    swap(&entries, &directory.entries)
    swap(&signals, &self.signals)
    swap(&times, &self.times)
    swap(&values, &self.values)
  }

  /// Hands the samples on; whether the columns were so full that the scan may have stopped for it.
  mutating func move(_ scan: inout LineScan, to batch: inout SampleBatch) -> Bool {
    let count = scan.samples
    batch.append(
      signals: signals[..<count], times: times[..<count], values: values[..<count])
    scan.samples = 0
    scan.lines = 0
    return count > 0 && count > Self.capacity - Self.mostFields
  }

  /// A line with more fields than this takes the general parser when it meets full columns.
  private static let mostFields = 512
}

extension LineScan {
  /// A scan with a precision's step and the plausible times as its range.
  init(
    position: Int, end: Int, entry: Int32, precision: TimePrecision, _ receivedAt: Timestamp
  ) {
    let step = precision.nanoseconds
    let earliest = (plausibleTimes.lowerBound.nanoseconds + step - 1) / step
    let latest = plausibleTimes.upperBound.nanoseconds / step
    self.init(
      position: position, end: end, entry: entry, nanosecondsPerStep: UInt64(step),
      earliestStep: UInt64(earliest), latestStep: UInt64(latest),
      receivedAt: receivedAt.nanoseconds)
  }
}

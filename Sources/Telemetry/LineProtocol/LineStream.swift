import FactoryModel

/// One source of lines: a connection, a request's body, a file.
public struct LineStream: Sendable {
  /// The step its times are counted in.
  public let precision: TimePrecision
  /// What has been read so far.
  public internal(set) var report = LineReport()
  /// The beginning of a line whose newline has not come yet.
  var carry: [UInt8] = []
  /// Whether a line that is too long is being dropped up to its newline.
  var isSkipping = false

  /// A source at its beginning.
  public init(precision: TimePrecision = .nanoseconds) {
    self.precision = precision
  }
}

/// Counts of one source of lines.
public struct LineReport: Hashable, Sendable {
  /// The most refused lines that are kept with their reason.
  public static let keptLines = 16

  /// Lines that ended, recorded or not, blank lines and comments too.
  public internal(set) var lines = 0
  public internal(set) var samples = 0
  public internal(set) var refused = 0
  /// The first refused lines, at most `keptLines`.
  public internal(set) var firstRefused: [RefusedLine] = []

  mutating func refuse(_ fault: LineFault) {
    refused += 1
    if firstRefused.count < Self.keptLines {
      firstRefused.append(RefusedLine(line: lines, fault: fault))
    }
  }
}

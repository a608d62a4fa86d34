import FactoryModel
import Storage
import StrictYAML

/// A question to the record about one signal or the signals of a pattern.
public struct HistoryQuery {
  private let file: RecordFile
  private let isPattern: Bool
  private let signals: [SignalName]
  private let table: SignalTable

  /// Bytes handed over at a time.
  private static let pieceBytes = 65_536

  /// - Parameter signal: a signal's name or a pattern.
  /// - Throws: `SignalPatternError`, `NoSuchSignal` when the record has none of that name, or
  ///   `StorageError`.
  public init(_ signal: String, of file: RecordFile) throws {
    self.file = file
    let pattern = try SignalPattern(signal)
    isPattern = pattern.name == nil
    table = try file.signals()
    signals = table.all.filter { pattern.matches($0) }
    guard !signals.isEmpty else {
      throw NoSuchSignal(path: file.path, asked: pattern, among: table.all)
    }
  }

  /// Hands over the samples of a range as text in order of time, piece by piece.
  public func samples(
    as form: RecordForm, in range: Range<Timestamp>, _ write: ([UInt8]) throws -> Void
  ) throws {
    var text = sampleText(form)
    var piece = Self.line(text.heading(ofMeans: false))
    try file.history.visit(signals, in: range) { samples in
      for entry in samples {
        text.append(entry.sample, of: entry.place, to: &piece)
        if piece.count >= Self.pieceBytes {
          try write(piece)
          piece.removeAll(keepingCapacity: true)
        }
      }
    }
    try write(piece)
  }

  /// Hands over the means of stretches as text in order of time; `every` is longer than zero.
  public func means(
    as form: RecordForm, in range: Range<Timestamp>, every: Duration,
    _ write: ([UInt8]) throws -> Void
  ) throws {
    var text = sampleText(form)
    var means: [(place: Int, mean: BucketMean)] = []
    for (place, signal) in signals.enumerated() {
      means += try file.history.means(of: signal, in: range, every: every).map { (place, $0) }
    }
    means.sort { ($0.mean.start, $0.place) < ($1.mean.start, $1.place) }
    var piece = Self.line(text.heading(ofMeans: true))
    for (place, mean) in means {
      text.append(mean, of: place, to: &piece)
      if piece.count >= Self.pieceBytes {
        try write(piece)
        piece.removeAll(keepingCapacity: true)
      }
    }
    try write(piece)
  }

  private func sampleText(_ form: RecordForm) -> SampleText {
    SampleText(
      form, signals: signals.map { ($0, table.find($0).map(table.texts(of:)) ?? []) },
      namesSignals: isPattern)
  }

  private static func line(_ heading: String?) -> [UInt8] {
    heading.map { Array(($0 + "\n").utf8) } ?? []
  }
}

extension RecordFile {
  /// The samples of this record.
  var history: SampleHistory { SampleHistory(self) }
}

/// The record has no signal of a name.
public struct NoSuchSignal: Error, Hashable, Sendable, CustomStringConvertible {
  public var path: String
  public var asked: String
  /// Signals that may have been meant.
  public var near: [SignalName]

  /// - Parameter names: all signals of the record.
  public init(path: String, asked: SignalPattern, among names: [SignalName]) {
    self.path = path
    self.asked = asked.description
    let paths = names.map(\.path)
    let isKnown = paths.contains(asked.path)
    let nearest = isKnown ? asked.path : nearestWord(to: asked.path, among: paths)
    near = names.filter { $0.path == nearest }
  }

  public var description: String {
    let found = "\(path): there is no signal '\(asked)'"
    guard let first = near.first else {
      return "\(found); 'gemba query --database \(path)' lists those that there are"
    }
    guard near.count > 1 else { return "\(found), but '\(first)'; ask for that" }
    return "\(found), but '\(first)' and \(near.count - 1) more; ask for one of them, "
      + "or for all with '\(first.path){*}'"
  }
}

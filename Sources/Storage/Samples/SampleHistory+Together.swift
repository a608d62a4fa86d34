import FactoryModel
import GRDB

/// One sample among those of several signals.
public struct PlacedSample: Hashable, Sendable {
  /// The signal's place in the list that was asked for.
  public var place: Int
  public var sample: Sample
}

/// What the record has of a signal.
public struct SignalExtent: Hashable, Sendable {
  public var name: SignalName
  /// Readings as stored; several of one moment count each.
  public var readings: Int
  /// The first and the last moment, nil without readings.
  public var times: ClosedRange<Timestamp>?
}

extension SampleHistory {
  /// Hands over the samples of several signals together, some thousand at a time, in order of time;
  /// those of one moment in the order of `signals`. All are of one moment of the record.
  ///
  /// Memory: some hundred samples of each signal.
  public func visit(
    _ signals: [SignalName], in range: Range<Timestamp> = allTime,
    _ body: ([PlacedSample]) throws -> Void
  ) throws(StorageError) {
    try file.read { db in
      var merge = try SeriesMerge(signals, in: range, file, db)
      while let piece = try merge.next(file, db) { try body(piece) }
    }
  }

  /// What the record has of each signal, in order of appearance.
  public func extents() throws(StorageError) -> [SignalExtent] {
    try file.read { db in
      var extents = try SignalTable(db, path: file.path).all.map {
        SignalExtent(name: $0, readings: 0, times: nil)
      }
      let rows = try Row.fetchCursor(
        db,
        sql: "SELECT signal, SUM(count), MIN(first), MAX(last) FROM chunk GROUP BY signal")
      while let row = try rows.next() {
        let number: Int = try row.column(0)
        let (first, last) = (Timestamp(nanoseconds: try row.column(2)), try row.column(3) as Int64)
        guard extents.indices.contains(number), first.nanoseconds <= last else {
          throw StorageError.corrupt(path: file.path)
        }
        extents[number].add(try row.column(1), first...Timestamp(nanoseconds: last))
      }
      for (number, samples) in try TailState(db, file).readings {
        guard extents.indices.contains(number), let first = samples.map(\.time).min(),
          let last = samples.map(\.time).max()
        else { throw StorageError.corrupt(path: file.path) }
        extents[number].add(samples.count, first...last)
      }
      return extents
    }
  }
}

extension SignalExtent {
  fileprivate mutating func add(_ count: Int, _ span: ClosedRange<Timestamp>) {
    readings += count
    let known = times ?? span
    times = min(known.lowerBound, span.lowerBound)...max(known.upperBound, span.upperBound)
  }
}

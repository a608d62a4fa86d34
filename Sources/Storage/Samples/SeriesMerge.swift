import FactoryModel
import GRDB

/// Merges the samples of several signals by time; a heap of the next one of each.
struct SeriesMerge {
  private struct Series {
    /// Among the signals asked for.
    var place: Int
    var walk: SeriesWalk
    /// What the walk gave last.
    var samples: [Sample]
    var next = 0
  }

  /// Samples of one piece.
  private static let pieceLength = 8_192

  /// In order of their places.
  private var series: [Series] = []
  /// The time of each one's next sample and its index in `series`, the least at the front.
  private var heap: [(time: Timestamp, index: Int)] = []

  init(
    _ signals: [SignalName], in range: Range<Timestamp>, _ file: RecordFile, _ db: Database
  ) throws {
    var tails: [Int: [Sample]] = [:]
    for (number, samples) in try TailState(db, file).readings {
      tails[number, default: []] += samples
    }
    for (place, signal) in signals.enumerated() {
      guard let number = try SampleHistory.number(of: signal, db) else { continue }
      var walk = try SeriesWalk(number, signal, tail: tails[number] ?? [], in: range, db)
      guard let samples = try walk.next(file, db) else { continue }
      heap.append((samples[0].time, series.count))
      series.append(Series(place: place, walk: walk, samples: samples))
    }
    // What is sorted is a heap.
    heap.sort { $0 < $1 }
  }

  /// The next samples in order of time, at least one; nil at the end.
  mutating func next(_ file: RecordFile, _ db: Database) throws -> [PlacedSample]? {
    guard !heap.isEmpty else { return nil }
    var piece: [PlacedSample] = []
    piece.reserveCapacity(Self.pieceLength)
    while piece.count < Self.pieceLength, let index = heap.first?.index {
      let next = series[index].next
      piece.append(PlacedSample(place: series[index].place, sample: series[index].samples[next]))
      try advance(index, file, db)
    }
    return piece
  }

  /// Moves the series at the front of the heap on by one sample.
  private mutating func advance(_ index: Int, _ file: RecordFile, _ db: Database) throws {
    series[index].next += 1
    if series[index].next == series[index].samples.count {
      series[index].samples = try series[index].walk.next(file, db) ?? []
      series[index].next = 0
    }
    if series[index].samples.isEmpty {
      let last = heap.removeLast()
      if !heap.isEmpty { heap[0] = last }
    } else {
      heap[0].time = series[index].samples[series[index].next].time
    }
    sink()
  }

  /// Moves the front of the heap to where it belongs.
  private mutating func sink() {
    var place = 0
    while 2 * place + 1 < heap.count {
      var child = 2 * place + 1
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < heap[place] else { return }
      heap.swapAt(place, child)
      place = child
    }
  }
}

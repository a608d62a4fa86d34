import FactoryModel
import StreamKernels

/// The series and fields seen so far, by their bytes: what lets the scan skip parsing names.
///
/// Two open-addressed tables of entry numbers, one by the bytes of a series, one by series and
/// field; a slot holds −1 when free. Entry 0 matches nothing and is the first guess of an empty
/// directory. An entry that finds no free slot within `longestProbe` is not kept; its lines then
/// take the general parser each time.
struct SeriesDirectory: Sendable {
  private(set) var keys = [UInt8](repeating: 0, count: scanMargin)
  var entries: [SeriesEntry] = []
  private(set) var seriesSlots = [Int32](repeating: -1, count: 1_024)
  private(set) var fieldSlots = [Int32](repeating: -1, count: 1_024)
  private var keyBytes = 0
  private var seriesCount: Int32 = 0

  init() {
    entries.append(
      SeriesEntry(
        start: 0, seriesLength: 0, length: .max, series: -1, signal: -1, next: 0, seriesHash: 0,
        fieldHash: 0))
  }

  /// Keeps a field of a series; nothing happens when it is there already.
  mutating func insert(
    series: ArraySlice<UInt8>, field: ArraySlice<UInt8>, signal: SignalID
  ) {
    guard keyBytes + series.count + field.count < 1 << 30 else { return }
    if entries.count * 2 > fieldSlots.count { grow() }
    let seriesHash = Self.hash(series, seed: 0)
    let knownSeries = find(series, hash: seriesHash)
    let number = knownSeries.map { entries[$0].series } ?? seriesCount
    let fieldHash = Self.hash(field, seed: UInt64(number) + 1)
    guard !isKnown(field, series: number, hash: fieldHash) else { return }
    let entry = Int32(entries.count)
    // Both or neither: a slot must not name an entry that is not there.
    guard let fieldSlot = freeSlot(fieldHash, in: fieldSlots) else { return }
    if knownSeries == nil {
      guard let seriesSlot = freeSlot(seriesHash, in: seriesSlots) else { return }
      seriesSlots[seriesSlot] = entry
    }
    fieldSlots[fieldSlot] = entry
    let bytes = series + [UInt8(ascii: " ")] + field + [UInt8(ascii: "=")]
    keys.replaceSubrange(keyBytes..<keyBytes, with: bytes)
    entries.append(
      SeriesEntry(
        start: Int32(keyBytes), seriesLength: Int32(series.count), length: Int32(bytes.count),
        series: number, signal: signal.index, next: 0, seriesHash: seriesHash,
        fieldHash: fieldHash))
    keyBytes += bytes.count
    if knownSeries == nil { seriesCount += 1 }
  }

  private static func hash(_ bytes: ArraySlice<UInt8>, seed: UInt64) -> UInt64 {
    let padded = Array(bytes) + [UInt8](repeating: 0, count: 8)
    return hashBytes(padded.span, at: 0, count: bytes.count, seed: seed)
  }

  /// An entry of a series.
  private func find(_ series: ArraySlice<UInt8>, hash: UInt64) -> Int? {
    candidates(hash, in: seriesSlots).first { entry in
      let start = Int(entries[entry].start)
      return keys[start..<start + Int(entries[entry].seriesLength)] == series
    }
  }

  private func isKnown(_ field: ArraySlice<UInt8>, series: Int32, hash: UInt64) -> Bool {
    candidates(hash, in: fieldSlots).contains { place in
      let entry = entries[place]
      let start = Int(entry.start + entry.seriesLength) + 1
      let end = Int(entry.start + entry.length) - 1
      return entry.series == series && keys[start..<end] == field
    }
  }

  /// The entries from a hash's slot on to the next free slot.
  private func candidates(_ hash: UInt64, in slots: [Int32]) -> [Int] {
    var found: [Int] = []
    for step in 0..<longestProbe {
      let entry = slots[(Int(truncatingIfNeeded: hash) &+ step) & (slots.count - 1)]
      if entry < 0 { break }
      found.append(Int(entry))
    }
    return found
  }

  /// The first free slot for a hash; nil when there is none within `longestProbe`.
  private func freeSlot(_ hash: UInt64, in slots: [Int32]) -> Int? {
    (0..<longestProbe).lazy.map { (Int(truncatingIfNeeded: hash) &+ $0) & (slots.count - 1) }
      .first { slots[$0] < 0 }
  }

  /// Doubles both tables. An entry without a slot in the new ones stays unreachable.
  private mutating func grow() {
    var fields = [Int32](repeating: -1, count: fieldSlots.count * 2)
    var series = fields
    var placed = Set<Int32>()
    for number in 1..<Int32(entries.count) {
      let entry = entries[Int(number)]
      if let slot = freeSlot(entry.fieldHash, in: fields) { fields[slot] = number }
      if placed.insert(entry.series).inserted, let slot = freeSlot(entry.seriesHash, in: series) {
        series[slot] = number
      }
    }
    fieldSlots = fields
    seriesSlots = series
  }
}

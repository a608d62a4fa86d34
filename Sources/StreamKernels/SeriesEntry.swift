/// One known field of one known series, as its bytes stand in a line.
public struct SeriesEntry: Sendable {
  /// Where `series field=` begins in the directory's bytes.
  public var start: Int32
  /// Bytes of the series (measurement and tags) alone.
  public var seriesLength: Int32
  /// Bytes of `series field=`.
  public var length: Int32
  /// Number of the series; entries of one series share it.
  public var series: Int32
  /// What a value of this field is recorded under.
  public var signal: Int32
  /// The entry that followed this one last time, the first guess for the next value.
  public var next: Int32
  /// Hash of the series alone.
  public var seriesHash: UInt64
  /// Hash of the series' number and the field.
  public var fieldHash: UInt64

  /// One known field.
  public init(
    start: Int32, seriesLength: Int32, length: Int32, series: Int32, signal: Int32, next: Int32,
    seriesHash: UInt64, fieldHash: UInt64
  ) {
    self.start = start
    self.seriesLength = seriesLength
    self.length = length
    self.series = series
    self.signal = signal
    self.next = next
    self.seriesHash = seriesHash
    self.fieldHash = fieldHash
  }
}

/// Places looked at before an entry counts as unknown.
public let longestProbe = 32

/// A hash of `count` bytes; eight more must lie inside the span.
public func hashBytes(
  _ bytes: borrowing Span<UInt8>, at start: Int, count: Int, seed: UInt64
) -> UInt64 {
  var hash = seed ^ UInt64(truncatingIfNeeded: count)
  var place = 0
  while place &+ 8 <= count {
    hash = mixed(hash ^ eightBytes(bytes, at: start &+ place))
    place &+= 8
  }
  let rest = count &- place
  if rest > 0 {
    let shift = UInt64(truncatingIfNeeded: 64 &- 8 &* rest)
    hash = mixed(hash ^ (eightBytes(bytes, at: start &+ place) &<< shift))
  }
  return hash ^ (hash &>> 32)
}

/// Both halves of the product, so that every bit of the value reaches the low bits, which choose the
/// slot: names differ in their last bytes, which stand in the high bits.
@inline(__always)
func mixed(_ value: UInt64) -> UInt64 {
  let (high, low) = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
  return high ^ low
}

/// Whether `count` bytes agree; eight more must lie inside both spans.
@inline(__always)
func sameBytes(
  _ a: borrowing Span<UInt8>, at startA: Int, _ b: borrowing Span<UInt8>, at startB: Int,
  count: Int
) -> Bool {
  var place = 0
  while place &+ 8 <= count {
    if eightBytes(a, at: startA &+ place) != eightBytes(b, at: startB &+ place) { return false }
    place &+= 8
  }
  let rest = count &- place
  if rest == 0 { return true }
  let shift = UInt64(truncatingIfNeeded: 64 &- 8 &* rest)
  let difference = eightBytes(a, at: startA &+ place) ^ eightBytes(b, at: startB &+ place)
  return difference &<< shift == 0
}

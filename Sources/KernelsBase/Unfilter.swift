/// Undoes one row of PNG's Sub filter with one byte a pixel: `row[x] += row[x − 1]`, modulo 256.
public func unfilterSub(_ row: inout MutableSpan<UInt8>, at: Int, count: Int) {
  var left: UInt8 = 0
  for x in at..<at &+ count {
    left = row[x] &+ left
    row[x] = left
  }
}

/// Undoes Up: `row[x] += above[x]`, modulo 256; `above` lies `count` bytes before.
public func unfilterUp(_ rows: inout MutableSpan<UInt8>, at: Int, above: Int, count: Int) {
  for x in 0..<count { rows[at &+ x] = rows[at &+ x] &+ rows[above &+ x] }
}

/// Undoes Average: `row[x] += ⌊(row[x − 1] + above[x]) / 2⌋`, modulo 256.
public func unfilterAverage(_ rows: inout MutableSpan<UInt8>, at: Int, above: Int, count: Int) {
  var left: UInt16 = 0
  for x in 0..<count {
    let mean = UInt8(truncatingIfNeeded: (left &+ UInt16(rows[above &+ x])) &>> 1)
    let value = rows[at &+ x] &+ mean
    rows[at &+ x] = value
    left = UInt16(value)
  }
}

/// Undoes Paeth: `row[x] += ` whichever of left a, above b and upper left c is nearest to a + b − c,
/// in that order among equals (PNG specification, 9.4), modulo 256. The choice is made with masks:
/// no branch depends on pixels, which would be guessed wrong half of the time on real images.
public func unfilterPaeth(_ rows: inout MutableSpan<UInt8>, at: Int, above: Int, count: Int) {
  var a: Int32 = 0
  var c: Int32 = 0
  for x in 0..<count {
    let b = Int32(rows[above &+ x])
    let toB = b &- c
    let toA = a &- c
    // |p − a| = |b − c|, |p − b| = |a − c|, |p − c| = |a + b − 2c|.
    let distanceA = toB.magnitudeBits
    let distanceB = toA.magnitudeBits
    let distanceC = (toA &+ toB).magnitudeBits
    // All ones where b is strictly nearer than a; where c is strictly nearer than the better one.
    let takeB = (distanceB &- distanceA) &>> 31
    let best = distanceA &+ ((distanceB &- distanceA) & takeB)
    let choice = a &+ ((b &- a) & takeB)
    let takeC = (distanceC &- best) &>> 31
    let predicted = choice &+ ((c &- choice) & takeC)
    let value = rows[at &+ x] &+ UInt8(truncatingIfNeeded: predicted)
    rows[at &+ x] = value
    a = Int32(value)
    c = b
  }
}

extension Int32 {
  /// |self| without a branch; never the smallest number here.
  @inline(__always)
  fileprivate var magnitudeBits: Int32 {
    let sign = self &>> 31
    return (self ^ sign) &- sign
  }
}

/// Spreads bits to bytes, the highest first: 1 becomes 255, 0 stays 0.
public func expandBits(
  _ packed: Span<UInt8>, at: Int, into out: inout MutableSpan<UInt8>, from start: Int, count: Int
) {
  for x in 0..<count {
    let bit = (packed[at &+ x &>> 3] &>> UInt8(truncatingIfNeeded: 7 &- (x & 7))) & 1
    out[start &+ x] = 0 &- bit
  }
}

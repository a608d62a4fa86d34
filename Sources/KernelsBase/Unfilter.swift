/// Undoes the filters of `height` rows of `count` bytes, one byte a pixel (PNG specification, 9.2).
///
/// Row y is read from `rows[y · (count + 1) + 1 …]`, with the number of its filter one byte before,
/// and written to `out[y · count …]`. False when a number is above 4.
public func unfilter(
  _ rows: Span<UInt8>, into out: inout MutableSpan<UInt8>, count: Int, height: Int
) -> Bool {
  let stride = count &+ 1
  for y in 0..<height { if rows[y &* stride] > 4 { return false } }
  var y = 0
  while y < height {
    if count >= 8 && y &+ 8 <= height && chains(rows, at: y &* stride, stride) >= 8 {
      unfilterEight(
        rows, at: y &* stride &+ 1, stride: stride, into: &out, to: y &* count, count: count,
        isFirst: y == 0)
      y &+= 8
    } else {
      unfilterOne(
        rows, at: y &* stride &+ 1, into: &out, to: y &* count, count: count, isFirst: y == 0)
      y &+= 1
    }
  }
  return true
}

/// What the next eight rows cost one by one; beyond 8 they are faster together.
private func chains(_ rows: Span<UInt8>, at: Int, _ stride: Int) -> Int {
  var cost = 0
  for k in 0..<8 {
    let kind = rows[at &+ k &* stride]
    cost &+= kind == 4 ? 4 : kind == 3 ? 2 : kind == 1 ? 1 : 0
  }
  return cost
}

private func unfilterOne(
  _ rows: Span<UInt8>, at: Int, into out: inout MutableSpan<UInt8>, to: Int, count: Int,
  isFirst: Bool
) {
  // The row above the first one is zeros: Up and None are then alike, and so are Paeth and Sub.
  switch (rows[at &- 1], isFirst) {
  case (1, _), (4, true): unfilterSub(rows, at: at, into: &out, to: to, count: count)
  case (2, false): unfilterUp(rows, at: at, into: &out, to: to, count: count)
  case (3, true): unfilterFirstAverage(rows, at: at, into: &out, to: to, count: count)
  case (3, false): unfilterAverage(rows, at: at, into: &out, to: to, count: count)
  case (4, false): unfilterPaeth(rows, at: at, into: &out, to: to, count: count)
  default: copyBytes(rows, at: at, into: &out, from: to, count: count)
  }
}

/// Sub: `row[x] + out[x − 1]`, modulo 256.
private func unfilterSub(
  _ rows: Span<UInt8>, at: Int, into out: inout MutableSpan<UInt8>, to: Int, count: Int
) {
  var left: UInt8 = 0
  for x in 0..<count {
    left = rows[at &+ x] &+ left
    out[to &+ x] = left
  }
}

/// Up: `row[x] + above[x]`, modulo 256; `above` lies `count` bytes before.
private func unfilterUp(
  _ rows: Span<UInt8>, at: Int, into out: inout MutableSpan<UInt8>, to: Int, count: Int
) {
  let above = to &- count
  for x in 0..<count { out[to &+ x] = rows[at &+ x] &+ out[above &+ x] }
}

/// Average below a row of zeros: `row[x] + ⌊out[x − 1] / 2⌋`, modulo 256.
private func unfilterFirstAverage(
  _ rows: Span<UInt8>, at: Int, into out: inout MutableSpan<UInt8>, to: Int, count: Int
) {
  var left: UInt8 = 0
  for x in 0..<count {
    left = rows[at &+ x] &+ left &>> 1
    out[to &+ x] = left
  }
}

/// Average: `row[x] + ⌊(out[x − 1] + above[x]) / 2⌋`, modulo 256.
private func unfilterAverage(
  _ rows: Span<UInt8>, at: Int, into out: inout MutableSpan<UInt8>, to: Int, count: Int
) {
  let above = to &- count
  var left: UInt16 = 0
  for x in 0..<count {
    let mean = UInt8(truncatingIfNeeded: (left &+ UInt16(out[above &+ x])) &>> 1)
    let value = rows[at &+ x] &+ mean
    out[to &+ x] = value
    left = UInt16(value)
  }
}

/// Paeth: `row[x]` + whichever of left a, above b and upper left c is nearest to a + b − c, in that
/// order among equals (PNG specification, 9.4), modulo 256. The choice is made with masks: no branch
/// depends on pixels, which would be guessed wrong half of the time on real images.
private func unfilterPaeth(
  _ rows: Span<UInt8>, at: Int, into out: inout MutableSpan<UInt8>, to: Int, count: Int
) {
  let above = to &- count
  var a: Int32 = 0
  var c: Int32 = 0
  for x in 0..<count {
    let b = Int32(out[above &+ x])
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
    out[to &+ x] = value
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

/// Spreads the bits of `height` rows to bytes, the highest first: 1 becomes 255, 0 stays 0. A row of
/// `packed` is ⌈width / 8⌉ bytes.
public func expandBits(
  _ packed: Span<UInt8>, into out: inout MutableSpan<UInt8>, width: Int, height: Int
) {
  let places = SIMD8<UInt8>(128, 64, 32, 16, 8, 4, 2, 1)
  let stride = (width &+ 7) / 8
  for y in 0..<height {
    let to = y &* width
    let whole = width / 8
    for i in 0..<whole {
      let bits = SIMD8<UInt8>(repeating: packed[y &* stride &+ i]) & places
      let spread = SIMD8<UInt8>.zero.replacing(
        with: SIMD8<UInt8>(repeating: 255), where: bits .!= SIMD8<UInt8>.zero)
      var bytes = out.mutableBytes
      bytes.storeBytes(of: spread, toByteOffset: to &+ 8 &* i, as: SIMD8<UInt8>.self)
    }
    for x in 8 &* whole..<width {
      let bit = (packed[y &* stride &+ whole] &>> UInt8(truncatingIfNeeded: 7 &- (x & 7))) & 1
      out[to &+ x] = 0 &- bit
    }
  }
}

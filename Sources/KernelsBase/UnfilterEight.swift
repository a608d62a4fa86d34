// Undoes the filters of eight rows at once.
//
// Sub, Average and Paeth are chains: a pixel waits for the one to its left, eight or more cycles on
// any processor, and wider vectors do not shorten that. But row k + 1 needs of row k only what lies
// above and to the upper left, so eight rows can go along together, each one pixel behind the one
// above it: one vector holds pixel x of the first row, x − 1 of the second, … x − 7 of the last.

/// Undoes the filters of eight rows of `count` ≥ 8 bytes, one byte a pixel.
///
/// Row k is read from `rows[at + k · stride …]`, with the number of its filter (0…4) one byte before,
/// and written to `out[to + k · count …]`; the undone row above lies `count` bytes before `to`, or is
/// taken as zeros for `isFirst`.
func unfilterEight(
  _ rows: Span<UInt8>, at: Int, stride: Int, into out: inout MutableSpan<UInt8>, to: Int,
  count: Int, isFirst: Bool
) {
  let kinds = gather(rows, at &- 1, stride)
  let paeth = kinds .== Lanes(repeating: 4)
  let average = kinds .== Lanes(repeating: 3)
  let up = kinds .== Lanes(repeating: 2)
  let sub = kinds .== Lanes(repeating: 1)
  let places = Lanes(0, 1, 2, 3, 4, 5, 6, 7)
  let above = isFirst ? to : to &- count
  let aboveMask: UInt8 = isFirst ? 0 : 255
  var left = Lanes.zero
  var upperLeft = Lanes.zero
  for t in 0..<count &+ 7 {
    // A row that has not begun reads the end of the row above it, which must count as zeros.
    let begun = Lanes(repeating: Int16(truncatingIfNeeded: min(t, 7))) .>= places
    let raw = Lanes.zero.replacing(with: gather(rows, at &+ t, stride &- 1), where: begun)
    let first = Int16(out[above &+ t] & aboveMask)
    let upper = Lanes(first, left[0], left[1], left[2], left[3], left[4], left[5], left[6])
    var predicted = paethPrediction(left, upper, upperLeft)
    predicted = Lanes.zero.replacing(with: predicted, where: paeth)
    predicted = predicted.replacing(with: (left &+ upper) &>> 1, where: average)
    predicted = predicted.replacing(with: upper, where: up)
    predicted = predicted.replacing(with: left, where: sub)
    upperLeft = upper
    left = (raw &+ predicted) & 255
    if t < count {
      // What a row that has not begun writes is replaced when the row above it comes there.
      scatter(left, &out, to &+ t, count &- 1)
    } else {
      // Rows that are through must not write into the next.
      for k in t &- count &+ 1..<8 {
        out[to &+ t &+ k &* (count &- 1)] = UInt8(truncatingIfNeeded: left[k])
      }
    }
  }
}

typealias Lanes = SIMD8<Int16>

/// Whichever of a, b and c is nearest to a + b − c, in that order among equals.
@inline(__always)
private func paethPrediction(_ a: Lanes, _ b: Lanes, _ c: Lanes) -> Lanes {
  let toB = b &- c
  let toA = a &- c
  let distanceA = distance(toB)
  let distanceB = distance(toA)
  let distanceC = distance(toA &+ toB)
  let nearerIsB = distanceB .< distanceA
  let nearer = distanceA.replacing(with: distanceB, where: nearerIsB)
  return a.replacing(with: b, where: nearerIsB).replacing(with: c, where: distanceC .< nearer)
}

@inline(__always)
private func distance(_ v: Lanes) -> Lanes { v.replacing(with: 0 &- v, where: v .< Lanes.zero) }

/// The bytes at `at`, `at + stride`, … of eight rows.
@inline(__always)
private func gather(_ rows: Span<UInt8>, _ at: Int, _ stride: Int) -> Lanes {
  Lanes(
    Int16(rows[at]), Int16(rows[at &+ stride]), Int16(rows[at &+ 2 &* stride]),
    Int16(rows[at &+ 3 &* stride]), Int16(rows[at &+ 4 &* stride]),
    Int16(rows[at &+ 5 &* stride]), Int16(rows[at &+ 6 &* stride]),
    Int16(rows[at &+ 7 &* stride]))
}

@inline(__always)
private func scatter(_ lanes: Lanes, _ out: inout MutableSpan<UInt8>, _ at: Int, _ stride: Int) {
  for k in 0..<8 { out[at &+ k &* stride] = UInt8(truncatingIfNeeded: lanes[k]) }
}

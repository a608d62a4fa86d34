import KernelsBase
import KernelsV3

/// A symmetric filter of `2r + 1` taps along a row or a column.
///
/// `out[start + i] = t₀·s[o_r + i] + Σₖ tₖ·(s[o_{r−k} + i] + s[o_{r+k} + i])` for `i < count`.
/// `offsets` holds `2r + 1` places in `source`, `taps` t₀ … t_r, r ≥ 1; `count` is a multiple of 8.
public func symmetricFilter(
  _ source: [Float], offsets: [Int], taps: [Float],
  into out: inout [Float], at start: Int, count: Int
) {
  precondition(
    taps.count > 1 && offsets.count == 2 * taps.count - 1,
    "\(taps.count) taps with \(offsets.count) offsets")
  precondition(count % 8 == 0 && start >= 0 && start + count <= out.count, "row beyond the buffer")
  for index in offsets.indices {
    precondition(
      offsets[index] >= 0 && offsets[index] + count <= source.count, "tap beyond the source")
  }
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.symmetricFilter(
      source.span, offsets: offsets.span, taps: taps.span, into: &outSpan, at: start, count: count)
  case .v3:
    KernelsV3.symmetricFilter(
      source.span, offsets: offsets.span, taps: taps.span, into: &outSpan, at: start, count: count)
  }
}

/// The same with taps `stride` apart on both sides of `source[at]`, for `count` values from
/// `out[start]` on.
public func symmetricFilter(
  _ source: [Float], at: Int, stride: Int, taps: [Float], into out: inout [Float],
  from start: Int, count: Int
) {
  let reach = (taps.count - 1) * stride
  precondition(
    taps.count > 1 && stride > 0 && count % 8 == 0 && at >= reach
      && at + reach + count <= source.count && start >= 0 && start + count <= out.count,
    "row beyond the buffer")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.symmetricFilter(
      source.span, at: at, stride: stride, taps: taps.span, into: &outSpan, from: start,
      count: count)
  case .v3:
    KernelsV3.symmetricFilter(
      source.span, at: at, stride: stride, taps: taps.span, into: &outSpan, from: start,
      count: count)
  }
}

/// `out[start + i] = a[at + i] − b[place + i]` for `i < count`, a multiple of 8.
public func subtract(
  _ a: [Float], at: Int, _ b: [Float], at place: Int, into out: inout [Float], from start: Int,
  count: Int
) {
  precondition(
    count % 8 == 0 && at >= 0 && at + count <= a.count && place >= 0 && place + count <= b.count
      && start >= 0 && start + count <= out.count, "row beyond the buffer")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.subtract(
      a.span, at: at, b.span, at: place, into: &outSpan, from: start, count: count)
  case .v3:
    KernelsV3.subtract(
      a.span, at: at, b.span, at: place, into: &outSpan, from: start, count: count)
  }
}

/// `out[start + i] = |values[a + i] − values[b + i]|` for `i < count`, a multiple of 8.
public func absoluteDifference(
  _ values: [Float], _ a: Int, _ b: Int, into out: inout [Float], from start: Int, count: Int
) {
  precondition(
    count % 8 == 0 && min(a, b) >= 0 && max(a, b) + count <= values.count && start >= 0
      && start + count <= out.count, "row beyond the buffer")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.absoluteDifference(values.span, a, b, into: &outSpan, from: start, count: count)
  case .v3:
    KernelsV3.absoluteDifference(values.span, a, b, into: &outSpan, from: start, count: count)
  }
}

/// `sums[start + i] += values[at + i]` for `i < count`, a multiple of 8.
public func accumulate(
  _ values: [Float], at: Int, into sums: inout [Float], from start: Int, count: Int
) {
  precondition(
    count % 8 == 0 && at >= 0 && at + count <= values.count && start >= 0
      && start + count <= sums.count, "row beyond the buffer")
  var sumsSpan = sums.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.accumulate(values.span, at: at, into: &sumsSpan, from: start, count: count)
  case .v3: KernelsV3.accumulate(values.span, at: at, into: &sumsSpan, from: start, count: count)
  }
}

/// 2 × 2 means of the rows that begin at `a` and `b`: `count` values from `out[start]` on.
public func halve(
  _ source: [Float], _ a: Int, _ b: Int, into out: inout [Float], at start: Int,
  count: Int
) {
  precondition(
    a >= 0 && b >= 0 && max(a, b) + 2 * count <= source.count && start >= 0
      && start + count <= out.count, "row beyond the buffer")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base: KernelsBase.halve(source.span, a, b, into: &outSpan, at: start, count: count)
  case .v3: KernelsV3.halve(source.span, a, b, into: &outSpan, at: start, count: count)
  }
}

/// `values[i] = ln(values[i] + offset)` for `from ≤ i < to`; arguments positive; error below 10⁻⁶.
public func logarithm(_ values: inout [Float], plus offset: Float, from: Int, to: Int) {
  precondition(from >= 0 && from <= to && to <= values.count, "range beyond the buffer")
  var valuesSpan = values.mutableSpan
  switch CPULevel.current {
  case .base: KernelsBase.logarithm(&valuesSpan, plus: offset, from: from, to: to)
  case .v3: KernelsV3.logarithm(&valuesSpan, plus: offset, from: from, to: to)
  }
}

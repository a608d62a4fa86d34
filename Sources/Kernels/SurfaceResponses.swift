import KernelsBase
import KernelsV3

/// Adds the twelve responses of one row (see the `surface` method) to 12 row sums of `stride`, and
/// keeps the two halves of the difference of Gaussians. `count` is a multiple of 8; the row of `low`
/// has one more column on each side, rows are given by the offsets of column 0.
public func surfaceResponses(
  low: [Float], above: Int, at: Int, below: Int, level: [Float], levelAt: Int,
  wide: [Float], wideAt: Int, sums: inout [Float], stride: Int,
  positive: inout [Float], negative: inout [Float], dogAt: Int, count: Int
) {
  precondition(
    count % 8 == 0 && min(above, at, below) >= 1 && max(above, at, below) + count < low.count
      && levelAt >= 0 && levelAt + count <= level.count && wideAt >= 0
      && wideAt + count <= wide.count && count <= stride && 12 * stride <= sums.count && dogAt >= 0
      && dogAt + count <= min(positive.count, negative.count), "row beyond the buffer")
  var sumsSpan = sums.mutableSpan
  var positiveSpan = positive.mutableSpan
  var negativeSpan = negative.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.surfaceResponses(
      low: low.span, above: above, at: at, below: below, level: level.span, levelAt: levelAt,
      wide: wide.span,
      wideAt: wideAt, sums: &sumsSpan, stride: stride, positive: &positiveSpan,
      negative: &negativeSpan,
      dogAt: dogAt, count: count)
  case .v3:
    KernelsV3.surfaceResponses(
      low: low.span, above: above, at: at, below: below, level: level.span, levelAt: levelAt,
      wide: wide.span,
      wideAt: wideAt, sums: &sumsSpan, stride: stride, positive: &positiveSpan,
      negative: &negativeSpan,
      dogAt: dogAt, count: count)
  }
}

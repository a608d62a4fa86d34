import KernelsBase
import KernelsV3

/// `out[position, c]` = Σ_k patch[position, k] · weights[k, c], times `scale[c]` plus
/// `bias[x · biasStride + c]` for column x of positions, cut off at 0 and `largest` (≤ 32,767) and
/// rounded: `patchProduct` with a ReLU, in whole numbers.
///
/// `columns` is a multiple of 16, runs are of even length; `weights` come in panels of 16 columns, two
/// values of a patch side by side:
/// `weights[((c / 16 · inner + k) / 2 · 16 + c % 16) · 2 + k % 2]` for even inner. Sums are exact, the same
/// at every CPU level; the caller sees to it that none leaves 32 bits, and that no number is −32,768.
public func wholePatchProduct(
  _ values: [Int16], _ at: PatchGeometry, weights: [Int16], scale: [Float], bias: [Float],
  biasStride: Int = 0, largest: Float, columns: Int, into out: inout [Int16]
) {
  at.check(values: values.count, weights: weights.count, columns: columns, out: out.count)
  precondition(
    columns <= scale.count && biasStride >= 0
      && (at.width - 1) * biasStride + columns <= bias.count && at.runLength % 2 == 0
      && largest <= 32_767,
    "\(scale.count) scales, \(bias.count) biases, runs of \(at.runLength), \(largest) at most")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.wholePatchProduct(
      values.span, at.places, runs: at.runs.span, weights.span, scale: scale.span,
      bias: bias.span, biasStride: biasStride, largest: largest, columns: columns, into: &outSpan)
  case .v3:
    KernelsV3.wholePatchProduct(
      values.span, at.places, runs: at.runs.span, weights.span, scale: scale.span,
      bias: bias.span, biasStride: biasStride, largest: largest, columns: columns, into: &outSpan)
  }
}

/// Rows of floats to rows of whole numbers.
public struct WholeRows: Hashable, Sendable {
  /// Where the first row begins, and floats from one to the next.
  public var first = 0
  public var stride = 0
  public var rows = 1
  /// Values of a row.
  public var count = 0
  /// Where the first row of numbers begins, and numbers from one to the next.
  public var outFirst = 0
  public var outStride = 0

  /// One row without values.
  public init() {}

  fileprivate func check(values: Int, out: Int) {
    precondition(
      min(first, stride, rows - 1, count, outFirst, outStride) >= 0
        && first + (rows - 1) * stride + count <= values
        && outFirst + (rows - 1) * outStride + count <= out,
      "\(rows) rows of \(count) beyond \(values) values or \(out) numbers")
  }
}

/// Every value of `at`, times `scale`, cut off at ± `largest` (≤ 32,767) and rounded to even.
public func wholeNumbers(
  _ values: [Float], _ at: WholeRows, scale: Float, largest: Float, into out: inout [Int16]
) {
  at.check(values: values.count, out: out.count)
  precondition((0...32_767).contains(largest), "\(largest) at most")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.wholeNumbers(
      values.span, from: at.first, stride: at.stride, rows: at.rows, count: at.count,
      scale: scale, largest: largest, into: &outSpan, at: at.outFirst, outStride: at.outStride)
  case .v3:
    KernelsV3.wholeNumbers(
      values.span, from: at.first, stride: at.stride, rows: at.rows, count: at.count,
      scale: scale, largest: largest, into: &outSpan, at: at.outFirst, outStride: at.outStride)
  }
}

/// The last two layers of a perceptron: `out[r]` = lastBias + Σ_c last[c] · max(bias[c] + scale[c] · Σ_k
/// values[r · inner + k] · weights[k, c], 0) for at least four `rows` of an even number `inner` of values.
/// `weights` come in panels as for `wholePatchProduct`, with the same duties; there are as many columns as
/// numbers in `last`, a multiple of 16.
public func wholeLogits(
  _ values: [Int16], rows: Int, inner: Int, weights: [Int16], scale: [Float], bias: [Float],
  last: [Float], lastBias: Float, into out: inout [Float]
) {
  let columns = last.count
  precondition(
    rows >= 4 && inner > 0 && inner % 2 == 0 && columns % 16 == 0 && rows * inner <= values.count
      && inner * columns <= weights.count && columns <= min(scale.count, bias.count)
      && rows <= out.count, "\(rows) × \(inner) to \(columns) beyond the buffer")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.wholeLogits(
      values.span, rows: rows, inner: inner, weights.span, scale: scale.span, bias: bias.span,
      last: last.span, lastBias: lastBias, columns: columns, into: &outSpan)
  case .v3:
    KernelsV3.wholeLogits(
      values.span, rows: rows, inner: inner, weights.span, scale: scale.span, bias: bias.span,
      last: last.span, lastBias: lastBias, columns: columns, into: &outSpan)
  }
}

import CPairSums

/// The last two layers of a perceptron: `out[r]` = lastBias + Σ_c last[c] · max(bias[c] + scale[c] · Σ_k
/// values[r · inner + k] · weights[k, c], 0), `weights` in panels as for `wholePatchProduct`, `columns` a
/// multiple of 16. `rows` is at least four.
public func wholeLogits(
  _ values: Span<Int16>, rows: Int, inner: Int, _ weights: Span<Int16>, scale: Span<Float>,
  bias: Span<Float>, last: Span<Float>, lastBias: Float, columns: Int,
  into out: inout MutableSpan<Float>
) {
  var row = 0
  while row < rows {
    // The last block steps back over rows already done.
    let block = row &+ 4 <= rows ? row : rows &- 4
    var t0 = SIMD8<Float>.zero
    var t1 = SIMD8<Float>.zero
    var t2 = SIMD8<Float>.zero
    var t3 = SIMD8<Float>.zero
    var column = 0
    while column < columns {
      var sums = noSums
      addProducts(
        values, block &* inner, inner, inner, weights, column &* inner, to: &sums)
      t0 += weighed(sums.0, scale, bias, last, column)
      t0 += weighed(sums.1, scale, bias, last, column &+ 8)
      t1 += weighed(sums.2, scale, bias, last, column)
      t1 += weighed(sums.3, scale, bias, last, column &+ 8)
      t2 += weighed(sums.4, scale, bias, last, column)
      t2 += weighed(sums.5, scale, bias, last, column &+ 8)
      t3 += weighed(sums.6, scale, bias, last, column)
      t3 += weighed(sums.7, scale, bias, last, column &+ 8)
      column &+= 16
    }
    out[block] = lastBias + total(t0)
    out[block &+ 1] = lastBias + total(t1)
    out[block &+ 2] = lastBias + total(t2)
    out[block &+ 3] = lastBias + total(t3)
    row &+= 4
  }
}

@inline(__always)
private func weighed(
  _ sums: SIMD8<Int32>, _ scale: Span<Float>, _ bias: Span<Float>, _ last: Span<Float>,
  _ column: Int
) -> SIMD8<Float> {
  larger(gemba_floats(sums) * load8(scale, column) + load8(bias, column), .zero)
    * load8(last, column)
}

@inline(__always)
private func total(_ v: SIMD8<Float>) -> Float {
  let four = v.lowHalf + v.highHalf
  let two = four.lowHalf + four.highHalf
  return two[0] + two[1]
}

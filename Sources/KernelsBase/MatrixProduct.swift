/// `c = a · b`, or `c += a · b` with `adding`: a is rows × inner with any strides, b
/// inner × columns and c rows × columns, both row by row. `columns` is a multiple of 16.
///
/// Four rows and sixteen columns are held in registers while the inner index runs; sums run in the
/// order of the inner index, whatever the block, so results do not depend on the blocking.
public func matrixProduct(
  _ a: Span<Float>, rowStride: Int, innerStride: Int, _ b: Span<Float>, rows: Int,
  inner: Int, columns: Int, adding: Bool, into c: inout MutableSpan<Float>
) {
  var column = 0
  while column < columns {
    var row = 0
    while row &+ 4 <= rows {
      var s00 = SIMD8<Float>.zero
      var s01 = SIMD8<Float>.zero
      var s10 = SIMD8<Float>.zero
      var s11 = SIMD8<Float>.zero
      var s20 = SIMD8<Float>.zero
      var s21 = SIMD8<Float>.zero
      var s30 = SIMD8<Float>.zero
      var s31 = SIMD8<Float>.zero
      var place = row &* rowStride
      var weights = column
      for _ in 0..<inner {
        let b0 = load8(b, weights)
        let b1 = load8(b, weights &+ 8)
        let a0 = SIMD8<Float>(repeating: a[place])
        let a1 = SIMD8<Float>(repeating: a[place &+ rowStride])
        let a2 = SIMD8<Float>(repeating: a[place &+ 2 &* rowStride])
        let a3 = SIMD8<Float>(repeating: a[place &+ 3 &* rowStride])
        s00 += a0 * b0
        s01 += a0 * b1
        s10 += a1 * b0
        s11 += a1 * b1
        s20 += a2 * b0
        s21 += a2 * b1
        s30 += a3 * b0
        s31 += a3 * b1
        place &+= innerStride
        weights &+= columns
      }
      let out = row &* columns &+ column
      put(s00, s01, &c, out, adding)
      put(s10, s11, &c, out &+ columns, adding)
      put(s20, s21, &c, out &+ 2 &* columns, adding)
      put(s30, s31, &c, out &+ 3 &* columns, adding)
      row &+= 4
    }
    while row < rows {
      var s0 = SIMD8<Float>.zero
      var s1 = SIMD8<Float>.zero
      for k in 0..<inner {
        let a0 = SIMD8<Float>(repeating: a[row &* rowStride &+ k &* innerStride])
        s0 += a0 * load8(b, k &* columns &+ column)
        s1 += a0 * load8(b, k &* columns &+ column &+ 8)
      }
      put(s0, s1, &c, row &* columns &+ column, adding)
      row &+= 1
    }
    column &+= 16
  }
}

@inline(__always)
private func put(
  _ low: SIMD8<Float>, _ high: SIMD8<Float>, _ c: inout MutableSpan<Float>, _ index: Int,
  _ adding: Bool
) {
  store8(adding ? load8(c, index) + low : low, &c, index)
  store8(adding ? load8(c, index &+ 8) + high : high, &c, index &+ 8)
}

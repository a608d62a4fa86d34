/// Reads `image` between pixels at `count` points, eight to a vector: point (x, y) around the
/// centre moves to (`a·x − b·y + centerX`, `b·x + a·y + centerY`). `inside` is 1 where all four
/// neighbours exist, else 0 (and the level 0).
public func referenceSamplePoints(
  _ image: Span<UInt8>, width: Int, height: Int, x: Span<SIMD8<Float>>, y: Span<SIMD8<Float>>,
  a: Float, b: Float, centerX: Float, centerY: Float,
  levels: inout MutableSpan<SIMD8<Float>>, inside: inout MutableSpan<SIMD8<Float>>
) {
  let right = Float(width &- 1)
  let bottom = Float(height &- 1)
  for i in 0..<x.count {
    let px = x[i] * a - y[i] * b + centerX
    let py = x[i] * b + y[i] * a + centerY
    var level = SIMD8<Float>(repeating: 0)
    var known = SIMD8<Float>(repeating: 0)
    for lane in 0..<8 {
      let sx = px[lane]
      let sy = py[lane]
      if sx >= 0 && sy >= 0 && sx < right && sy < bottom {
        let column = Int(Int32(sx))
        let row = Int(Int32(sy))
        let u = sx - Float(column)
        let v = sy - Float(row)
        let at = row &* width &+ column
        let p = Float(image[at])
        let q = Float(image[at &+ 1])
        let r = Float(image[at &+ width])
        let s = Float(image[at &+ width &+ 1])
        let upper = p + (q - p) * u
        let lower = r + (s - r) * u
        level[lane] = upper + (lower - upper) * v
        known[lane] = 1
      }
    }
    levels[i] = level
    inside[i] = known
  }
}

/// The twenty-one sums of a weighted least-squares fit of `levels` by the five columns
/// gx, gy, x·gy − y·gx, template, 1: fifteen products of two columns (upper triangle by rows), five
/// with the level, and the level squared.
public func referenceNormalSums(
  x: Span<SIMD8<Float>>, y: Span<SIMD8<Float>>, gx: Span<SIMD8<Float>>, gy: Span<SIMD8<Float>>,
  template: Span<SIMD8<Float>>, levels: Span<SIMD8<Float>>, weights: Span<SIMD8<Float>>,
  into sums: inout MutableSpan<SIMD8<Float>>
) {
  for k in 0..<21 { sums[k] = SIMD8(repeating: 0) }
  for i in 0..<x.count {
    let w = weights[i]
    let c0 = gx[i]
    let c1 = gy[i]
    let c2 = x[i] * gy[i] - y[i] * gx[i]
    let c3 = template[i]
    let v = levels[i]
    let w0 = c0 * w
    let w1 = c1 * w
    let w2 = c2 * w
    let w3 = c3 * w
    let wv = v * w
    sums[0] += w0 * c0
    sums[1] += w0 * c1
    sums[2] += w0 * c2
    sums[3] += w0 * c3
    sums[4] += w0
    sums[5] += w1 * c1
    sums[6] += w1 * c2
    sums[7] += w1 * c3
    sums[8] += w1
    sums[9] += w2 * c2
    sums[10] += w2 * c3
    sums[11] += w2
    sums[12] += w3 * c3
    sums[13] += w3
    sums[14] += w
    sums[15] += c0 * wv
    sums[16] += c1 * wv
    sums[17] += c2 * wv
    sums[18] += c3 * wv
    sums[19] += wv
    sums[20] += v * wv
  }
}

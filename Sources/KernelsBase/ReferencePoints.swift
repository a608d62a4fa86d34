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
  let bytes = image.bytes
  for i in 0..<x.count {
    let px = x[i] * a - y[i] * b + centerX
    let py = x[i] * b + y[i] * a + centerY
    let zero = SIMD8<Float>(repeating: 0)
    let outside = (px .< 0) .| (py .< 0) .| (px .>= right) .| (py .>= bottom)
    // Points outside read pixel (0, 0), whose level is then struck out.
    let sx = px.replacing(with: zero, where: outside)
    let sy = py.replacing(with: zero, where: outside)
    var columns = SIMD8<Int32>(repeating: 0)
    var rows = columns
    for lane in 0..<8 {
      columns[lane] = Int32(sx[lane])
      rows[lane] = Int32(sy[lane])
    }
    let at = rows &* Int32(truncatingIfNeeded: width) &+ columns
    // The four neighbours of a point in one number, so that they become levels eight at a time.
    var four = SIMD8<UInt32>(repeating: 0)
    for lane in 0..<8 {
      let first = Int(at[lane])
      let above = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: first, as: UInt16.self)
      let below = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: first &+ width, as: UInt16.self)
      four[lane] = UInt32(above) | UInt32(below) &<< 16
    }
    let byte = SIMD8<UInt32>(repeating: 255)
    let p = levels8(four & byte)
    let q = levels8(four &>> 8 & byte)
    let r = levels8(four &>> 16 & byte)
    let s = levels8(four &>> 24)
    var u = zero
    var v = zero
    for lane in 0..<8 {
      u[lane] = sx[lane] - Float(columns[lane])
      v[lane] = sy[lane] - Float(rows[lane])
    }
    let upper = p + (q - p) * u
    let lower = r + (s - r) * u
    let level = (upper + (lower - upper) * v).replacing(with: zero, where: outside)
    let known = SIMD8<Float>(repeating: 1).replacing(with: zero, where: outside)
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
  // Named totals stay in registers; sums[k] would be read and written for every vector.
  var s0 = SIMD8<Float>(repeating: 0)
  var s1 = SIMD8<Float>(repeating: 0)
  var s2 = SIMD8<Float>(repeating: 0)
  var s3 = SIMD8<Float>(repeating: 0)
  var s4 = SIMD8<Float>(repeating: 0)
  var s5 = SIMD8<Float>(repeating: 0)
  var s6 = SIMD8<Float>(repeating: 0)
  var s7 = SIMD8<Float>(repeating: 0)
  var s8 = SIMD8<Float>(repeating: 0)
  var s9 = SIMD8<Float>(repeating: 0)
  var s10 = SIMD8<Float>(repeating: 0)
  var s11 = SIMD8<Float>(repeating: 0)
  var s12 = SIMD8<Float>(repeating: 0)
  var s13 = SIMD8<Float>(repeating: 0)
  var s14 = SIMD8<Float>(repeating: 0)
  var s15 = SIMD8<Float>(repeating: 0)
  var s16 = SIMD8<Float>(repeating: 0)
  var s17 = SIMD8<Float>(repeating: 0)
  var s18 = SIMD8<Float>(repeating: 0)
  var s19 = SIMD8<Float>(repeating: 0)
  var s20 = SIMD8<Float>(repeating: 0)
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
    s0 += w0 * c0
    s1 += w0 * c1
    s2 += w0 * c2
    s3 += w0 * c3
    s4 += w0
    s5 += w1 * c1
    s6 += w1 * c2
    s7 += w1 * c3
    s8 += w1
    s9 += w2 * c2
    s10 += w2 * c3
    s11 += w2
    s12 += w3 * c3
    s13 += w3
    s14 += w
    s15 += c0 * wv
    s16 += c1 * wv
    s17 += c2 * wv
    s18 += c3 * wv
    s19 += wv
    s20 += v * wv
  }
  sums[0] = s0
  sums[1] = s1
  sums[2] = s2
  sums[3] = s3
  sums[4] = s4
  sums[5] = s5
  sums[6] = s6
  sums[7] = s7
  sums[8] = s8
  sums[9] = s9
  sums[10] = s10
  sums[11] = s11
  sums[12] = s12
  sums[13] = s13
  sums[14] = s14
  sums[15] = s15
  sums[16] = s16
  sums[17] = s17
  sums[18] = s18
  sums[19] = s19
  sums[20] = s20
}

/// Sums of the levels at `image[base + offsets[i]]`, of their squares and of their products with
/// `template[i]`, into three numbers.
public func referenceShiftSums(
  _ image: Span<UInt8>, base: Int, offsets: Span<Int32>, template: Span<Int32>,
  into sums: inout MutableSpan<Int32>
) {
  var total: Int32 = 0
  var squares: Int32 = 0
  var products: Int32 = 0
  for i in 0..<offsets.count {
    let level = Int32(image[base &+ Int(offsets[i])])
    total &+= level
    squares &+= level &* level
    products &+= level &* template[i]
  }
  sums[0] = total
  sums[1] = squares
  sums[2] = products
}

/// Numbers below 2³¹ as floats, lane by lane.
@inline(__always) private func levels8(_ numbers: SIMD8<UInt32>) -> SIMD8<Float> {
  var out = SIMD8<Float>(repeating: 0)
  for lane in 0..<8 { out[lane] = Float(Int32(truncatingIfNeeded: numbers[lane])) }
  return out
}

/// Adds to six sums from `sums[start]` on, over `pixels`: their number, Σ gx², Σ gx·gy, Σ gy², Σ gx·e,
/// Σ gy·e. Pixel i lies on `mean[at + i]`; gx and gy are the differences of the means on both sides, in
/// gray levels over two pixels; e = (pixels[i] · gain + offset) / 256 − mean in 16ths, cut to ± `limit`.
public func referenceShiftSums(
  _ pixels: Span<UInt8>, mean: Span<UInt16>, at: Int, stride: Int, gain: Int32, offset: Int32,
  limit: Int32, into sums: inout MutableSpan<Int64>, from start: Int
) {
  var xx: Int32 = 0
  var xy: Int32 = 0
  var yy: Int32 = 0
  var xe: Int32 = 0
  var ye: Int32 = 0
  let count = pixels.count
  // 1,024 products of 255 and 1,024 fit 31 bits.
  for k in 0..<count {
    let i = at &+ k
    let gx = (Int32(mean[i &+ 1]) &- Int32(mean[i &- 1])) / 16
    let gy = (Int32(mean[i &+ stride]) &- Int32(mean[i &- stride])) / 16
    let level = (Int32(pixels[k]) &* gain &+ offset) &>> 8
    let e = min(max(level &- Int32(mean[i]), 0 &- limit), limit)
    xx &+= gx &* gx
    xy &+= gx &* gy
    yy &+= gy &* gy
    xe &+= gx &* e
    ye &+= gy &* e
  }
  sums[start] &+= Int64(count)
  sums[start &+ 1] &+= Int64(xx)
  sums[start &+ 2] &+= Int64(xy)
  sums[start &+ 3] &+= Int64(yy)
  sums[start &+ 4] &+= Int64(xe)
  sums[start &+ 5] &+= Int64(ye)
}

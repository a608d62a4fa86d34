/// `out` = the 1-2-1 by 1-2-1 mean of three rows, rounded; the row's ends repeat.
public func referenceSmoothRow(
  _ above: Span<UInt8>, _ row: Span<UInt8>, _ below: Span<UInt8>,
  sums: inout MutableSpan<UInt16>, into out: inout MutableSpan<UInt8>
) {
  let count = out.count
  // 4 · 255 fits 16 bits, and so does 16 · 255.
  for x in 0..<count { sums[x + 1] = UInt16(above[x]) &+ 2 &* UInt16(row[x]) &+ UInt16(below[x]) }
  sums[0] = sums[1]
  sums[count + 1] = sums[count]
  for x in 0..<count {
    out[x] = UInt8(truncatingIfNeeded: (sums[x] &+ 2 &* sums[x + 1] &+ sums[x + 2] &+ 8) &>> 4)
  }
}

/// `out[x]` = the mean of the 2 × 2 pixels at column 2x of two rows, rounded.
public func referenceHalveRow(
  _ upper: Span<UInt8>, _ lower: Span<UInt8>, into out: inout MutableSpan<UInt8>
) {
  for x in 0..<out.count {
    let left = UInt16(upper[2 &* x]) &+ UInt16(lower[2 &* x])
    let right = UInt16(upper[2 &* x &+ 1]) &+ UInt16(lower[2 &* x &+ 1])
    out[x] = UInt8(truncatingIfNeeded: (left &+ right &+ 2) &>> 2)
  }
}

/// `out[x]` for `x` in `first..<end` = `image` between four pixels at
/// (`startX + x · stepX`, `startY + x · stepY`), in 65536ths of a pixel. Every such point lies
/// between pixel centres of the image.
public func referenceResampleRow(
  _ image: Span<UInt8>, width: Int, first: Int, end: Int, startX: Int, startY: Int, stepX: Int,
  stepY: Int, into out: inout MutableSpan<UInt8>
) {
  var x = first
  while x < end {
    let stop = min(x &+ 16, end)
    let fromX = startX &+ x &* stepX
    let fromY = startY &+ x &* stepY
    let toX = startX &+ (stop &- 1) &* stepX
    let toY = startY &+ (stop &- 1) &* stepY
    let base = (fromY &>> 16) &* width &+ (fromX &>> 16) &- x
    let straight = (toX &>> 16) &- (fromX &>> 16) == stop &- 1 &- x
    if straight && stop &- x == 16 && (fromY &>> 16) == (toY &>> 16) {
      // The whole stretch reads neighbours in order, so that it runs as vectors.
      let fx = Int32(truncatingIfNeeded: fromX & 0xFFFF)
      let fy = Int32(truncatingIfNeeded: fromY & 0xFFFF)
      let dx = Int32(truncatingIfNeeded: stepX &- 65536)
      let dy = Int32(truncatingIfNeeded: stepY)
      let from = base &+ x
      let under = from &+ width
      for k in 0..<16 {
        let t = Int32(truncatingIfNeeded: k)
        let u = (fx &+ t &* dx) &>> 9
        let v = (fy &+ t &* dy) &>> 9
        let a0 = Int32(image[from &+ k])
        let a1 = Int32(image[from &+ k &+ 1])
        let b0 = Int32(image[under &+ k])
        let b1 = Int32(image[under &+ k &+ 1])
        let a = (a0 &<< 7) &+ (a1 &- a0) &* u
        let b = (b0 &<< 7) &+ (b1 &- b0) &* u
        out[x &+ k] = UInt8(truncatingIfNeeded: ((a &<< 7) &+ (b &- a) &* v &+ 8192) &>> 14)
      }
    } else {
      for i in x..<stop {
        let px = startX &+ i &* stepX
        let py = startY &+ i &* stepY
        let at = (py &>> 16) &* width &+ (px &>> 16)
        let u = Int32(truncatingIfNeeded: (px & 0xFFFF) &>> 9)
        let v = Int32(truncatingIfNeeded: (py & 0xFFFF) &>> 9)
        let a = Int32(image[at]) &* (128 &- u) &+ Int32(image[at &+ 1]) &* u
        let b = Int32(image[at &+ width]) &* (128 &- u) &+ Int32(image[at &+ width &+ 1]) &* u
        out[i] = UInt8(truncatingIfNeeded: (a &* (128 &- v) &+ b &* v &+ 8192) &>> 14)
      }
    }
    x = stop
  }
}

/// How far pixels lie from the mean, in 32nds of their tolerance (255 = eight times or more).
///
/// `ratio[i] = |(pixels[i] · gain + offset) / 256 − mean[i]| · reciprocal[i] / 4096`; `mean` is in
/// 16ths of a gray level. `marks` keeps the ratios above 32, else 0. Returns the largest ratio.
public func referenceCompareRow(
  _ pixels: Span<UInt8>, mean: Span<UInt16>, reciprocal: Span<UInt16>, gain: Int32, offset: Int32,
  ratio: inout MutableSpan<UInt8>, marks: inout MutableSpan<UInt8>
) -> UInt8 {
  var most: UInt8 = 0
  for i in 0..<ratio.count {
    let level = min(max((Int32(pixels[i]) &* gain &+ offset) &>> 8, -8192), 16383)
    let difference = abs(level &- Int32(mean[i]))
    // 20463 · 65535 fits 31 bits.
    let value = UInt8(
      truncatingIfNeeded: min((difference &* Int32(reciprocal[i])) &>> 12, 255))
    ratio[i] = value
    most = max(most, value)
    marks[i] = value > 32 ? value : 0
  }
  return most
}

/// `out[i]` = (pixels[i] · gain + offset) / 256 − mean[i], 16ths of a gray level, cut to ± `limit`.
public func referenceDifferenceRow(
  _ pixels: Span<UInt8>, mean: Span<UInt16>, gain: Int32, offset: Int32, limit: Int32,
  into out: inout MutableSpan<Int16>
) {
  for i in 0..<out.count {
    let difference = ((Int32(pixels[i]) &* gain &+ offset) &>> 8) &- Int32(mean[i])
    out[i] = Int16(truncatingIfNeeded: min(max(difference, 0 &- limit), limit))
  }
}

/// Takes a shading off a row: pixel i loses what lies between `nodes[k]` and `nodes[k + 1]` (gray
/// levels · 128), where k = i / cell.
public func referenceUnshadeRow(
  _ pixels: inout MutableSpan<UInt8>, nodes: Span<Int32>, cell: Int
) {
  let share = Int32(truncatingIfNeeded: 65536 / cell)
  var start = 0
  var k = 0
  while start < pixels.count {
    let end = min(start &+ cell, pixels.count)
    let left = nodes[k] &* 256
    let step = ((nodes[k &+ 1] &- nodes[k]) &* share) &>> 8
    for i in start..<end {
      let shade = (left &+ step &* Int32(truncatingIfNeeded: i &- start) &+ 16384) &>> 15
      pixels[i] = UInt8(truncatingIfNeeded: min(max(Int32(pixels[i]) &- shade, 0), 255))
    }
    start = end
    k &+= 1
  }
}

/// Adds to five sums, over the pixels whose flag is not 0 and whose difference from the mean,
/// |(pixels[i] · gain + offset) / 256 − mean[i]|, is at most `limit` 16ths of a gray level: their
/// number, Σ pixel, Σ mean, Σ pixel², Σ pixel · mean.
public func referenceLightSums(
  _ pixels: Span<UInt8>, mean: Span<UInt16>, flags: Span<UInt8>, gain: Int32, offset: Int32,
  limit: Int32, into sums: inout MutableSpan<Int64>
) {
  var start = 0
  while start < pixels.count {
    // 2,000 products of 255 and 4,080 fit 31 bits.
    let stop = min(start &+ 2000, pixels.count)
    var count: Int32 = 0
    var total: Int32 = 0
    var wanted: Int32 = 0
    var squares: Int32 = 0
    var products: Int32 = 0
    for i in start..<stop {
      let pixel = Int32(pixels[i])
      let level = Int32(mean[i])
      let difference = ((pixel &* gain &+ offset) &>> 8) &- level
      let counts: Int32 = (flags[i] != 0 ? 1 : 0) & (abs(difference) <= limit ? 1 : 0)
      let used = pixel &* counts
      count &+= counts
      total &+= used
      wanted &+= level &* counts
      squares &+= used &* pixel
      products &+= used &* level
    }
    sums[0] &+= Int64(count)
    sums[1] &+= Int64(total)
    sums[2] &+= Int64(wanted)
    sums[3] &+= Int64(squares)
    sums[4] &+= Int64(products)
    start = stop
  }
}

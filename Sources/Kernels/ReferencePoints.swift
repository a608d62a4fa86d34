import KernelsBase
import KernelsV3

/// Reads `image` between pixels at points, eight to a vector: point (x, y) around the centre moves
/// to (`a·x − b·y + centerX`, `b·x + a·y + centerY`). `inside` is 1 where all four neighbours exist,
/// else 0 (and the level 0). `x` and `y` have one length, `levels` and `inside` at least that.
public func referenceSamplePoints(
  _ image: Span<UInt8>, width: Int, height: Int, x: Span<SIMD8<Float>>, y: Span<SIMD8<Float>>,
  a: Float, b: Float, centerX: Float, centerY: Float,
  levels: inout MutableSpan<SIMD8<Float>>, inside: inout MutableSpan<SIMD8<Float>>
) {
  precondition(
    image.count == width * height && y.count == x.count && levels.count >= x.count
      && inside.count >= x.count, "\(x.count) points, \(levels.count) levels")
  switch CPULevel.current {
  case .base:
    KernelsBase.referenceSamplePoints(
      image, width: width, height: height, x: x, y: y, a: a, b: b, centerX: centerX,
      centerY: centerY, levels: &levels, inside: &inside)
  case .v3:
    KernelsV3.referenceSamplePoints(
      image, width: width, height: height, x: x, y: y, a: a, b: b, centerX: centerX,
      centerY: centerY, levels: &levels, inside: &inside)
  }
}

/// The twenty-one sums of a weighted least-squares fit of `levels` by the five columns
/// gx, gy, x·gy − y·gx, template, 1: fifteen products of two columns (upper triangle by rows), five
/// with the level, and the level squared; eight partial sums each. All inputs have the length of `x`, `levels` and `weights` at least that.
public func referenceNormalSums(
  x: Span<SIMD8<Float>>, y: Span<SIMD8<Float>>, gx: Span<SIMD8<Float>>, gy: Span<SIMD8<Float>>,
  template: Span<SIMD8<Float>>, levels: Span<SIMD8<Float>>, weights: Span<SIMD8<Float>>,
  into sums: inout MutableSpan<SIMD8<Float>>
) {
  precondition(
    y.count == x.count && gx.count == x.count && gy.count == x.count && template.count == x.count
      && levels.count >= x.count && weights.count >= x.count && sums.count == 21,
    "\(x.count) points, \(levels.count) levels, \(sums.count) sums")
  switch CPULevel.current {
  case .base:
    KernelsBase.referenceNormalSums(
      x: x, y: y, gx: gx, gy: gy, template: template, levels: levels, weights: weights, into: &sums)
  case .v3:
    KernelsV3.referenceNormalSums(
      x: x, y: y, gx: gx, gy: gy, template: template, levels: levels, weights: weights, into: &sums)
  }
}

/// Sums of the levels at `image[base + offsets[i]]`, of their squares and of their products with
/// `template[i]` (0…255), into three numbers. `base` plus `least` and plus `most`, the smallest and
/// the largest offset, must lie in the image; at most 32,768 offsets, so that 32 bits hold the sums.
public func referenceShiftSums(
  _ image: Span<UInt8>, base: Int, offsets: Span<Int32>, least: Int32, most: Int32,
  template: Span<Int32>, into sums: inout MutableSpan<Int32>
) {
  precondition(
    offsets.count == template.count && offsets.count <= 32_768 && sums.count == 3
      && base + Int(least) >= 0 && base + Int(most) < image.count,
    "\(offsets.count) offsets \(least)…\(most) from \(base) of \(image.count)")
  switch CPULevel.current {
  case .base:
    KernelsBase.referenceShiftSums(
      image, base: base, offsets: offsets, template: template, into: &sums)
  case .v3:
    KernelsV3.referenceShiftSums(
      image, base: base, offsets: offsets, template: template, into: &sums)
  }
}

/// Adds to six sums from `sums[start]` on, over `pixels`: their number, Σ gx², Σ gx·gy, Σ gy², Σ gx·e,
/// Σ gy·e. Pixel i lies on `mean[at + i]`; gx and gy are the differences of the means on both sides, in
/// gray levels over two pixels; e = (pixels[i] · gain + offset) / 256 − mean in 16ths, cut to ± `limit`.
/// At most 1,024 pixels, `limit` 1,024; `mean` has a pixel and a row (`stride`) around them.
public func referenceShiftSums(
  _ pixels: Span<UInt8>, mean: Span<UInt16>, at: Int, stride: Int, gain: Int32, offset: Int32,
  limit: Int32, into sums: inout [Int64], from start: Int
) {
  precondition(
    pixels.count <= 1024 && stride > 0 && at >= stride
      && at + pixels.count + stride <= mean.count
      && (0...1024).contains(limit) && abs(gain) <= 65_536 && abs(offset) <= 4_194_304
      && start >= 0 && start + 6 <= sums.count,
    "\(pixels.count) pixels at \(at) of \(mean.count), gain \(gain), offset \(offset)")
  var totals = sums.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.referenceShiftSums(
      pixels, mean: mean, at: at, stride: stride, gain: gain, offset: offset, limit: limit,
      into: &totals, from: start)
  case .v3:
    KernelsV3.referenceShiftSums(
      pixels, mean: mean, at: at, stride: stride, gain: gain, offset: offset, limit: limit,
      into: &totals, from: start)
  }
}

import CPairSums

/// `out[position, c]` = Σ_k patch[position, k] · weights[k, c], times `scale[c]` plus
/// `bias[x · biasStride + c]`, cut off at 0 and `largest` and rounded: `patchProduct` in whole numbers.
///
/// `weights` come in panels of 16 columns, two values of a patch side by side:
/// `weights[((c / 16 · inner + k) / 2 · 16 + c % 16) · 2 + k % 2]` with k and inner even. Sums are exact, so
/// the caller sees to it that none leaves 32 bits.
public func wholePatchProduct(
  _ values: Span<Int16>, _ at: PatchGeometry, runs: Span<Int>, _ weights: Span<Int16>,
  scale: Span<Float>, bias: Span<Float>, biasStride: Int, largest: Float, columns: Int,
  into out: inout MutableSpan<Int16>
) {
  let inner = runs.count &* at.runLength
  let most = SIMD8<Float>(repeating: largest)
  var column = 0
  while column < columns {
    let slope = (load8(scale, column), load8(scale, column &+ 8))
    for y in 0..<at.height {
      let row = at.first &+ y &* at.rowStride
      let outRow = at.outFirst &+ y &* at.outRowStride &+ column
      var x = 0
      while x < at.width {
        if at.width < 4 {
          wholeProductOfOne(
            values, row &+ x &* at.columnStride, runs, at.runLength, weights, column &* inner,
            slope, bias, x &* biasStride &+ column, most, into: &out,
            outRow &+ x &* at.outColumnStride)
          x &+= 1
        } else {
          // The last block steps back over positions already done rather than past the row.
          let block = x &+ 4 <= at.width ? x : at.width &- 4
          wholeProductOfFour(
            values, row &+ block &* at.columnStride, at.columnStride, runs, at.runLength, weights,
            column &* inner, slope, bias, block &* biasStride &+ column, biasStride, most,
            into: &out, outRow &+ block &* at.outColumnStride, at.outColumnStride)
          x &+= 4
        }
      }
    }
    column &+= 16
  }
}

/// `out[to + r · outStride + i]` = `values[from + r · stride + i]` · scale, cut off at ± `largest` and
/// rounded, for `rows` rows r of `count` values i.
public func wholeNumbers(
  _ values: Span<Float>, from: Int, stride: Int, rows: Int, count: Int, scale: Float,
  largest: Float, into out: inout MutableSpan<Int16>, at to: Int, outStride: Int
) {
  for r in 0..<rows {
    let first = from &+ r &* stride
    let place = to &+ r &* outStride
    for i in 0..<count {
      var v = values[first &+ i] * scale
      v = v > largest ? largest : v
      v = v < -largest ? -largest : v
      // Adding 1.5 · 2²³ leaves the nearest whole number in the low bits.
      out[place &+ i] = Int16(truncatingIfNeeded: Int32(bitPattern: (v + 12_582_912).bitPattern))
    }
  }
}

/// Two sums of eight columns for each of four positions.
typealias SumsOfFour = (
  SIMD8<Int32>, SIMD8<Int32>, SIMD8<Int32>, SIMD8<Int32>, SIMD8<Int32>, SIMD8<Int32>,
  SIMD8<Int32>, SIMD8<Int32>
)

@inline(__always)
var noSums: SumsOfFour { (.zero, .zero, .zero, .zero, .zero, .zero, .zero, .zero) }

/// Adds `count` values from `start`, and from one, two and three `stride` behind it, times a panel's
/// weights from `first` on.
@inline(__always)
func addProducts(
  _ values: Span<Int16>, _ start: Int, _ stride: Int, _ count: Int, _ weights: Span<Int16>,
  _ first: Int, to sums: inout SumsOfFour
) {
  var p = start
  var w = first
  let end = start &+ count
  while p < end {
    let b0 = loadWhole16(weights, w)
    let b1 = loadWhole16(weights, w &+ 16)
    let a0 = pair(values, p)
    let a1 = pair(values, p &+ stride)
    let a2 = pair(values, p &+ 2 &* stride)
    let a3 = pair(values, p &+ 3 &* stride)
    sums.0 &+= gemba_pair_sums(a0, b0)
    sums.1 &+= gemba_pair_sums(a0, b1)
    sums.2 &+= gemba_pair_sums(a1, b0)
    sums.3 &+= gemba_pair_sums(a1, b1)
    sums.4 &+= gemba_pair_sums(a2, b0)
    sums.5 &+= gemba_pair_sums(a2, b1)
    sums.6 &+= gemba_pair_sums(a3, b0)
    sums.7 &+= gemba_pair_sums(a3, b1)
    p &+= 2
    w &+= 32
  }
}

@inline(__always)
private func wholeProductOfFour(
  _ values: Span<Int16>, _ start: Int, _ stride: Int, _ runs: Span<Int>, _ runLength: Int,
  _ weights: Span<Int16>, _ panel: Int, _ slope: (SIMD8<Float>, SIMD8<Float>),
  _ bias: Span<Float>, _ biasPlace: Int, _ biasStride: Int, _ most: SIMD8<Float>,
  into out: inout MutableSpan<Int16>, _ place: Int, _ outStride: Int
) {
  var sums = noSums
  var w = panel
  for r in 0..<runs.count {
    let p = start &+ runs[r]
    addProducts(values, p, stride, runLength, weights, w, to: &sums)
    w &+= runLength &* 16
  }
  storeWhole16(sums.0, sums.1, slope, bias, biasPlace, most, &out, place)
  storeWhole16(sums.2, sums.3, slope, bias, biasPlace &+ biasStride, most, &out, place &+ outStride)
  storeWhole16(
    sums.4, sums.5, slope, bias, biasPlace &+ 2 &* biasStride, most, &out, place &+ 2 &* outStride)
  storeWhole16(
    sums.6, sums.7, slope, bias, biasPlace &+ 3 &* biasStride, most, &out, place &+ 3 &* outStride)
}

@inline(__always)
private func wholeProductOfOne(
  _ values: Span<Int16>, _ start: Int, _ runs: Span<Int>, _ runLength: Int,
  _ weights: Span<Int16>, _ panel: Int, _ slope: (SIMD8<Float>, SIMD8<Float>),
  _ bias: Span<Float>, _ biasPlace: Int, _ most: SIMD8<Float>,
  into out: inout MutableSpan<Int16>, _ place: Int
) {
  var s0 = SIMD8<Int32>.zero
  var s1 = SIMD8<Int32>.zero
  var w = panel
  for r in 0..<runs.count {
    var p = start &+ runs[r]
    let end = p &+ runLength
    while p < end {
      let a = pair(values, p)
      s0 &+= gemba_pair_sums(a, loadWhole16(weights, w))
      s1 &+= gemba_pair_sums(a, loadWhole16(weights, w &+ 16))
      p &+= 2
      w &+= 32
    }
  }
  storeWhole16(s0, s1, slope, bias, biasPlace, most, &out, place)
}

/// The values at `index` and behind it, eight times over.
@inline(__always)
func pair(_ values: Span<Int16>, _ index: Int) -> SIMD16<Int16> {
  let both = values.bytes.unsafeLoadUnaligned(fromByteOffset: index &* 2, as: Int32.self)
  return unsafeBitCast(SIMD8<Int32>(repeating: both), to: SIMD16<Int16>.self)
}

@inline(__always)
func loadWhole16(_ values: Span<Int16>, _ index: Int) -> SIMD16<Int16> {
  values.bytes.unsafeLoadUnaligned(fromByteOffset: index &* 2, as: SIMD16<Int16>.self)
}

@inline(__always)
private func storeWhole16(
  _ low: SIMD8<Int32>, _ high: SIMD8<Int32>, _ slope: (SIMD8<Float>, SIMD8<Float>),
  _ bias: Span<Float>, _ biasPlace: Int, _ most: SIMD8<Float>,
  _ out: inout MutableSpan<Int16>, _ index: Int
) {
  var bytes = out.mutableBytes
  bytes.storeBytes(
    of: rounded(gemba_floats(low) * slope.0 + load8(bias, biasPlace), most),
    toByteOffset: index &* 2, as: SIMD8<Int16>.self)
  bytes.storeBytes(
    of: rounded(gemba_floats(high) * slope.1 + load8(bias, biasPlace &+ 8), most),
    toByteOffset: index &* 2 &+ 16, as: SIMD8<Int16>.self)
}

/// The nearest whole number from 0 to `most`: adding 2²³ leaves it in the low bits.
@inline(__always)
private func rounded(_ v: SIMD8<Float>, _ most: SIMD8<Float>) -> SIMD8<Int16> {
  let shifted = smaller(larger(v, .zero), most) + SIMD8<Float>(repeating: 8_388_608)
  return gemba_shorts(unsafeBitCast(shifted, to: SIMD8<Int32>.self))
}

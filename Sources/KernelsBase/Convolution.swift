/// Where a convolution reads and writes: offsets and strides in floats.
///
/// Position (x, y) reads `runs.count` runs of `runLength` floats, the r-th from
/// `first + y · rowStride + x · columnStride + runs[r]`, and writes `columns` floats from
/// `outFirst + y · outRowStride + x · outColumnStride`.
///
/// A tuple and not a type: a type of its own would bring weak symbols into the v3 objects
/// (Documentation/Decisions/0001-kernels.md).
public typealias PatchGeometry = (
  first: Int, columnStride: Int, rowStride: Int, runLength: Int, width: Int, height: Int,
  outFirst: Int, outColumnStride: Int, outRowStride: Int
)

/// `out[position, c] = max(bias[c] + Σ_k patch[position, k] · weights[k, c], floor)` for every position
/// of `at`, where `weights` come in panels of 16 columns: `weights[(c / 16 · inner + k) · 16 + c % 16]`.
///
/// An implicit matrix product: patches are read where they lie, never copied. Four positions and
/// sixteen columns stay in registers; sums run in the order of k at every level.
public func patchProduct(
  _ values: Span<Float>, _ at: PatchGeometry, runs: Span<Int>, _ weights: Span<Float>,
  bias: Span<Float>, floor: Float, columns: Int, into out: inout MutableSpan<Float>
) {
  let inner = runs.count &* at.runLength
  let least = SIMD8<Float>(repeating: floor)
  var column = 0
  while column < columns {
    let low = load8(bias, column)
    let high = load8(bias, column &+ 8)
    for y in 0..<at.height {
      let row = at.first &+ y &* at.rowStride
      let outRow = at.outFirst &+ y &* at.outRowStride &+ column
      var x = 0
      while x < at.width {
        if at.width < 4 {
          productOfOne(
            values, row &+ x &* at.columnStride, runs, at.runLength, weights, column &* inner, low,
            high, least, into: &out, outRow &+ x &* at.outColumnStride)
          x &+= 1
        } else {
          // The last block steps back over positions already done rather than past the row.
          let block = x &+ 4 <= at.width ? x : at.width &- 4
          productOfFour(
            values, row &+ block &* at.columnStride, at.columnStride, runs, at.runLength, weights,
            column &* inner, low, high, least, into: &out, outRow &+ block &* at.outColumnStride,
            at.outColumnStride)
          x &+= 4
        }
      }
    }
    column &+= 16
  }
}

@inline(__always)
private func productOfFour(
  _ values: Span<Float>, _ start: Int, _ stride: Int, _ runs: Span<Int>, _ runLength: Int,
  _ weights: Span<Float>, _ panel: Int, _ low: SIMD8<Float>, _ high: SIMD8<Float>,
  _ least: SIMD8<Float>, into out: inout MutableSpan<Float>, _ place: Int, _ outStride: Int
) {
  var s00 = low
  var s01 = high
  var s10 = low
  var s11 = high
  var s20 = low
  var s21 = high
  var s30 = low
  var s31 = high
  var w = panel
  for r in 0..<runs.count {
    var p = start &+ runs[r]
    let end = p &+ runLength
    while p < end {
      let b0 = load8(weights, w)
      let b1 = load8(weights, w &+ 8)
      let a0 = SIMD8<Float>(repeating: values[p])
      let a1 = SIMD8<Float>(repeating: values[p &+ stride])
      let a2 = SIMD8<Float>(repeating: values[p &+ 2 &* stride])
      let a3 = SIMD8<Float>(repeating: values[p &+ 3 &* stride])
      s00 += a0 * b0
      s01 += a0 * b1
      s10 += a1 * b0
      s11 += a1 * b1
      s20 += a2 * b0
      s21 += a2 * b1
      s30 += a3 * b0
      s31 += a3 * b1
      p &+= 1
      w &+= 16
    }
  }
  store16(larger(s00, least), larger(s01, least), &out, place)
  store16(larger(s10, least), larger(s11, least), &out, place &+ outStride)
  store16(larger(s20, least), larger(s21, least), &out, place &+ 2 &* outStride)
  store16(larger(s30, least), larger(s31, least), &out, place &+ 3 &* outStride)
}

@inline(__always)
private func productOfOne(
  _ values: Span<Float>, _ start: Int, _ runs: Span<Int>, _ runLength: Int,
  _ weights: Span<Float>, _ panel: Int, _ low: SIMD8<Float>, _ high: SIMD8<Float>,
  _ least: SIMD8<Float>, into out: inout MutableSpan<Float>, _ place: Int
) {
  var s0 = low
  var s1 = high
  var w = panel
  for r in 0..<runs.count {
    var p = start &+ runs[r]
    let end = p &+ runLength
    while p < end {
      let a = SIMD8<Float>(repeating: values[p])
      s0 += a * load8(weights, w)
      s1 += a * load8(weights, w &+ 8)
      p &+= 1
      w &+= 16
    }
  }
  store16(larger(s0, least), larger(s1, least), &out, place)
}

@inline(__always)
private func store16(
  _ low: SIMD8<Float>, _ high: SIMD8<Float>, _ out: inout MutableSpan<Float>, _ index: Int
) {
  store8(low, &out, index)
  store8(high, &out, index &+ 8)
}

/// Adds to `gradient`, laid out as the weights of `patchProduct`, what the slopes at the outputs say:
/// `gradient[k, c] += Σ_position patch[position, k] · slopes[position, c]`.
///
/// `slopes` are read where `patchProduct` writes. Four patch values and sixteen columns stay in
/// registers while the positions run, row by row.
public func patchGradient(
  _ values: Span<Float>, _ at: PatchGeometry, runs: Span<Int>, slopes: Span<Float>, columns: Int,
  into gradient: inout MutableSpan<Float>
) {
  let inner = runs.count &* at.runLength
  for r in 0..<runs.count {
    let start = at.first &+ runs[r]
    var k = 0
    while k < at.runLength {
      var column = 0
      while column < columns {
        let place = (column &* inner) &+ (r &* at.runLength &+ k) &* 16
        if k &+ 4 <= at.runLength {
          gradientOfFour(values, start &+ k, at, slopes, column, &gradient, place)
        } else {
          gradientOfOne(values, start &+ k, at, slopes, column, &gradient, place)
        }
        column &+= 16
      }
      k &+= k &+ 4 <= at.runLength ? 4 : 1
    }
  }
}

@inline(__always)
private func gradientOfFour(
  _ values: Span<Float>, _ start: Int, _ at: PatchGeometry, _ slopes: Span<Float>, _ column: Int,
  _ gradient: inout MutableSpan<Float>, _ place: Int
) {
  var s00 = load8(gradient, place)
  var s01 = load8(gradient, place &+ 8)
  var s10 = load8(gradient, place &+ 16)
  var s11 = load8(gradient, place &+ 24)
  var s20 = load8(gradient, place &+ 32)
  var s21 = load8(gradient, place &+ 40)
  var s30 = load8(gradient, place &+ 48)
  var s31 = load8(gradient, place &+ 56)
  for y in 0..<at.height {
    var p = start &+ y &* at.rowStride
    var q = at.outFirst &+ y &* at.outRowStride &+ column
    for _ in 0..<at.width {
      let b0 = load8(slopes, q)
      let b1 = load8(slopes, q &+ 8)
      let a0 = SIMD8<Float>(repeating: values[p])
      let a1 = SIMD8<Float>(repeating: values[p &+ 1])
      let a2 = SIMD8<Float>(repeating: values[p &+ 2])
      let a3 = SIMD8<Float>(repeating: values[p &+ 3])
      s00 += a0 * b0
      s01 += a0 * b1
      s10 += a1 * b0
      s11 += a1 * b1
      s20 += a2 * b0
      s21 += a2 * b1
      s30 += a3 * b0
      s31 += a3 * b1
      p &+= at.columnStride
      q &+= at.outColumnStride
    }
  }
  store16(s00, s01, &gradient, place)
  store16(s10, s11, &gradient, place &+ 16)
  store16(s20, s21, &gradient, place &+ 32)
  store16(s30, s31, &gradient, place &+ 48)
}

@inline(__always)
private func gradientOfOne(
  _ values: Span<Float>, _ start: Int, _ at: PatchGeometry, _ slopes: Span<Float>, _ column: Int,
  _ gradient: inout MutableSpan<Float>, _ place: Int
) {
  var s0 = load8(gradient, place)
  var s1 = load8(gradient, place &+ 8)
  for y in 0..<at.height {
    var p = start &+ y &* at.rowStride
    var q = at.outFirst &+ y &* at.outRowStride &+ column
    for _ in 0..<at.width {
      let a = SIMD8<Float>(repeating: values[p])
      s0 += a * load8(slopes, q)
      s1 += a * load8(slopes, q &+ 8)
      p &+= at.columnStride
      q &+= at.outColumnStride
    }
  }
  store16(s0, s1, &gradient, place)
}

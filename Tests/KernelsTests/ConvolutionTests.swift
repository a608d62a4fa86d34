import Kernels
import KernelsBase
import KernelsV3
import Testing

/// Patches and weights at random, and the kernels by their definition.
private struct Sample {
  var at = Kernels.PatchGeometry()
  let columns: Int
  let outCount: Int
  private var state: UInt64

  /// 3 runs of `runLength` in rows of 40 values; a map of `width` × `height` positions, a step of `stride`.
  init(width: Int, height: Int, runLength: Int, stride: Int, columns: Int, seed: UInt64) {
    self.columns = columns
    state = seed
    (at.first, at.columnStride, at.rowStride) = (2, stride, 40)
    at.runs = [0, 40, 80]
    (at.runLength, at.width, at.height) = (runLength, width, height)
    (at.outFirst, at.outColumnStride, at.outRowStride) = (3, columns + 1, width * (columns + 1))
    outCount = 3 + width * height * (columns + 1)
  }

  mutating func numbers(_ count: Int, below limit: Int) -> [Int] {
    (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % (2 * limit + 1) - limit
    }
  }

  /// Each position with what it reads, and where it writes.
  var positions: [(read: [Int], write: Int)] {
    (0..<at.height).flatMap { y in
      (0..<at.width).map { x in
        let corner = at.first + y * at.rowStride + x * at.columnStride
        let read = at.runs.flatMap { run in (0..<at.runLength).map { corner + run + $0 } }
        return (read, at.outFirst + y * at.outRowStride + x * at.outColumnStride)
      }
    }
  }

  /// The place of weight k of column c in panels of 16, `pairs` of values side by side or not.
  func place(_ k: Int, _ c: Int, pairs: Bool) -> Int {
    let inner = at.inner
    return pairs
      ? ((c / 16 * inner + k) / 2 * 16 + c % 16) * 2 + k % 2 : (c / 16 * inner + k) * 16 + c % 16
  }

  var places: KernelsBase.PatchGeometry {
    (
      at.first, at.columnStride, at.rowStride, at.runLength, at.width, at.height, at.outFirst,
      at.outColumnStride, at.outRowStride
    )
  }
}

@Suite("Convolution kernels") struct ConvolutionKernelTests {
  private static let sizes = [(1, 1), (2, 3), (4, 1), (5, 2), (7, 3), (8, 2)]

  @Test("patch products are sums of products, cut off at the floor, alike on both levels")
  func products() {
    for (index, (width, height)) in Self.sizes.enumerated() {
      for columns in [16, 48] {
        var sample = Sample(
          width: width, height: height, runLength: 3 + index, stride: 1 + index % 2,
          columns: columns, seed: UInt64(index + 1))
        let inner = sample.at.inner
        // Small whole numbers: float sums are exact in any order.
        let values = sample.numbers(400, below: 50).map(Float.init)
        let weights = sample.numbers(inner * columns, below: 50).map(Float.init)
        let bias = sample.numbers(columns, below: 50).map(Float.init)
        var expected = [Float](repeating: -7, count: sample.outCount)
        for (read, write) in sample.positions {
          for c in 0..<columns {
            let sum = read.enumerated().reduce(bias[c]) {
              $0 + values[$1.1] * weights[sample.place($1.0, c, pairs: false)]
            }
            expected[write + c] = max(sum, 0)
          }
        }
        var base = [Float](repeating: -7, count: sample.outCount)
        var v3 = base
        var span = base.mutableSpan
        KernelsBase.patchProduct(
          values.span, sample.places, runs: sample.at.runs.span, weights.span, bias: bias.span,
          floor: 0, columns: columns, into: &span)
        Kernels.patchProduct(
          values, sample.at, weights: weights, bias: bias, floor: 0, columns: columns, into: &v3)
        #expect(base == expected && v3 == expected, "\(width) × \(height), \(columns) columns")
      }
    }
  }

  @Test("patch gradients are sums over the positions, alike on both levels")
  func gradients() {
    for (index, (width, height)) in Self.sizes.enumerated() {
      var sample = Sample(
        width: width, height: height, runLength: 3 + index, stride: 2, columns: 32,
        seed: UInt64(index + 21))
      let values = sample.numbers(400, below: 50).map(Float.init)
      let slopes = sample.numbers(sample.outCount, below: 50).map(Float.init)
      let before = sample.numbers(sample.at.inner * 32, below: 50).map(Float.init)
      var expected = before
      for (read, write) in sample.positions {
        for (k, from) in read.enumerated() {
          for c in 0..<32 {
            expected[sample.place(k, c, pairs: false)] += values[from] * slopes[write + c]
          }
        }
      }
      var base = before
      var v3 = before
      var span = base.mutableSpan
      KernelsBase.patchGradient(
        values.span, sample.places, runs: sample.at.runs.span, slopes: slopes.span, columns: 32,
        into: &span)
      Kernels.patchGradient(values, sample.at, slopes: slopes, columns: 32, into: &v3)
      #expect(base == expected && v3 == expected, "\(width) × \(height)")
    }
  }

  @Test("products in whole numbers are scaled, cut off and rounded, alike on both levels")
  func wholeProducts() {
    for (index, (width, height)) in Self.sizes.enumerated() {
      for columns in [16, 48] {
        var sample = Sample(
          width: width, height: height, runLength: 2 + 2 * index, stride: 1 + index % 2,
          columns: columns, seed: UInt64(index + 41))
        let inner = sample.at.inner
        // The largest numbers whose sums stay in 32 bits, with some at the very limit.
        var values = sample.numbers(400, below: 16_383).map { Int16($0) }
        for i in stride(from: 0, to: 400, by: 7) { values[i] = 16_383 }
        let weights = sample.numbers(inner * columns, below: 130_000 / inner).map { Int16($0) }
        let scale = sample.numbers(columns, below: 900).map { Float($0) / 1e7 }
        let biasStride = index % 3 * 8
        let bias = sample.numbers(columns + 8 * biasStride, below: 20_000).map { Float($0) / 8 }
        var expected = [Int16](repeating: -7, count: sample.outCount)
        for (place, (read, write)) in sample.positions.enumerated() {
          for c in 0..<columns {
            let sum = read.enumerated().reduce(0) {
              $0 + Int(values[$1.1]) * Int(weights[sample.place($1.0, c, pairs: true)])
            }
            let value = Float(sum) * scale[c] + bias[place % width * biasStride + c]
            expected[write + c] = Int16(
              min(max(value, 0), 16_383).rounded(.toNearestOrEven))
          }
        }
        var base = [Int16](repeating: -7, count: sample.outCount)
        var v3 = base
        var span = base.mutableSpan
        KernelsBase.wholePatchProduct(
          values.span, sample.places, runs: sample.at.runs.span, weights.span, scale: scale.span,
          bias: bias.span, biasStride: biasStride, largest: 16_383, columns: columns, into: &span)
        Kernels.wholePatchProduct(
          values, sample.at, weights: weights, scale: scale, bias: bias, biasStride: biasStride,
          largest: 16_383, columns: columns, into: &v3)
        #expect(base == expected && v3 == expected, "\(width) × \(height), \(columns) columns")
        #expect(expected.contains { (1..<16_383).contains($0) })
      }
    }
  }

  @Test("the last layers are sums of rectified sums, alike on both levels")
  func logits() {
    for rows in [4, 5, 11, 12] {
      var sample = Sample(
        width: 1, height: 1, runLength: 1, stride: 1, columns: 32, seed: UInt64(rows + 61))
      sample.at.runs = [0]
      sample.at.runLength = 6
      let values = sample.numbers(rows * 6, below: 900).map { Int16($0) }
      let weights = sample.numbers(6 * 32, below: 900).map { Int16($0) }
      // Powers of two and small numbers: float sums are exact in any order.
      let scale = [Float](repeating: 1 / 64, count: 32)
      let bias = sample.numbers(32, below: 100).map(Float.init)
      let last = sample.numbers(32, below: 1).map(Float.init)
      let expected = (0..<rows).map { row in
        (0..<32).reduce(Float(3)) { total, c in
          let sum = (0..<6).reduce(0) {
            $0 + Int(values[row * 6 + $1]) * Int(weights[sample.place($1, c, pairs: true)])
          }
          return total + last[c] * max(bias[c] + Float(sum) / 64, 0)
        }
      }
      var base = [Float](repeating: -7, count: rows + 1)
      var v3 = base
      var span = base.mutableSpan
      KernelsBase.wholeLogits(
        values.span, rows: rows, inner: 6, weights.span, scale: scale.span, bias: bias.span,
        last: last.span, lastBias: 3, columns: 32, into: &span)
      Kernels.wholeLogits(
        values, rows: rows, inner: 6, weights: weights, scale: scale, bias: bias, last: last,
        lastBias: 3, into: &v3)
      #expect(base == expected + [-7] && v3 == base, "\(rows) rows")
    }
  }

  @Test("whole numbers are the nearest ones within the limit, alike on both levels")
  func wholeNumbers() {
    let values: [Float] = (0..<203).map { Float($0 - 100) * 0.31 } + [1e9, -1e9, .infinity]
    var rows = WholeRows()
    (rows.first, rows.stride, rows.rows, rows.count) = (3, 40, 5, 43)
    (rows.outFirst, rows.outStride) = (1, 44)
    var expected = [Int16](repeating: 9, count: 1 + 5 * 44)
    for row in 0..<5 {
      for i in 0..<43 {
        let value = min(max(values[3 + row * 40 + i] * 10, -300), 300)
        expected[1 + row * 44 + i] = Int16(value.rounded(.toNearestOrEven))
      }
    }
    var base = [Int16](repeating: 9, count: expected.count)
    var v3 = base
    var span = base.mutableSpan
    KernelsBase.wholeNumbers(
      values.span, from: 3, stride: 40, rows: 5, count: 43, scale: 10, largest: 300, into: &span,
      at: 1, outStride: 44)
    Kernels.wholeNumbers(values, rows, scale: 10, largest: 300, into: &v3)
    #expect(base == expected && v3 == base)
  }
}

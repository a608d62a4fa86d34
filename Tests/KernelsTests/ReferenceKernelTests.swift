import Kernels
import KernelsBase
import KernelsV3
import Testing

@Suite("Reference kernels") struct ReferenceKernelTests {
  private let lengths = [1, 2, 3, 15, 16, 17, 31, 32, 33, 64, 100, 255]

  private func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(state >> 56)
    }
  }

  @Test("smoothing is 1-2-1 by 1-2-1 over sixteen, alike on both levels")
  func smooths() {
    for n in lengths {
      let rows = (0..<3).map { bytes(n, seed: UInt64(n * 3 + $0)) }
      let (above, row, below) = (rows[0], rows[1], rows[2])
      var sums = [UInt16](repeating: 0, count: n + 2)
      var base = [UInt8](repeating: 0, count: n)
      var v3 = base
      var scratch = sums.mutableSpan
      var out = base.mutableSpan
      KernelsBase.referenceSmoothRow(
        above.span, row.span, below.span, sums: &scratch, into: &out)
      var other = v3.mutableSpan
      Kernels.referenceSmoothRow(
        above.span, row.span, below.span, sums: &scratch, into: &other)
      let expected = (0..<n).map { x in
        let columns = [max(x - 1, 0), x, x, min(x + 1, n - 1)]
        let total = columns.reduce(0) { sum, c in
          sum + Int(rows[0][c]) + 2 * Int(rows[1][c]) + Int(rows[2][c])
        }
        return UInt8((total + 8) / 16)
      }
      #expect(base == expected && v3 == expected, "length \(n)")
    }
  }

  @Test("comparing gives the ratio to the tolerance in 32nds, alike on both levels")
  func compares() {
    for n in lengths {
      let pixels = bytes(n, seed: UInt64(n))
      let mean = bytes(n, seed: UInt64(n) + 1).map { UInt16($0) * 16 }
      let reciprocal = bytes(n, seed: UInt64(n) + 2).map { UInt16($0) * 4 + 1 }
      var ratios = [[UInt8]](repeating: [UInt8](repeating: 0, count: n), count: 2)
      var marks = ratios
      var most: [UInt8] = []
      for level in 0...1 {
        var ratio = ratios[level]
        var mark = marks[level]
        var out = ratio.mutableSpan
        var marked = mark.mutableSpan
        most.append(
          level == 0
            ? KernelsBase.referenceCompareRow(
              pixels.span, mean: mean.span, reciprocal: reciprocal.span, gain: 4300, offset: -2000,
              ratio: &out, marks: &marked)
            : Kernels.referenceCompareRow(
              pixels.span, mean: mean.span, reciprocal: reciprocal.span, gain: 4300, offset: -2000,
              ratio: &out, marks: &marked))
        ratios[level] = ratio
        marks[level] = mark
      }
      let expected = (0..<n).map { i in
        let difference = abs(((Int(pixels[i]) * 4300 - 2000) >> 8) - Int(mean[i]))
        return UInt8(min((difference * Int(reciprocal[i])) >> 12, 255))
      }
      #expect(ratios == [expected, expected], "length \(n)")
      #expect(marks[0] == expected.map { $0 > 32 ? $0 : 0 } && marks[1] == marks[0])
      #expect(most == [expected.max()!, expected.max()!])
    }
  }

  @Test("light is summed over flagged pixels near the mean, alike on both levels")
  func sumsLight() {
    for n in lengths + [2000, 2001, 5003] {
      let pixels = bytes(n, seed: UInt64(n))
      let mean = bytes(n, seed: UInt64(n) + 1).map { UInt16($0) * 16 }
      let flags = bytes(n, seed: UInt64(n) + 2).map { $0 & 3 }
      // They are added to what is there.
      var base: [Int64] = [1, 2, 3, 4, 5]
      var other = base
      var out = base.mutableSpan
      KernelsBase.referenceLightSums(
        pixels.span, mean: mean.span, flags: flags.span, gain: 4300, offset: -2000, limit: 900,
        into: &out)
      var known = other.mutableSpan
      Kernels.referenceLightSums(
        pixels.span, mean: mean.span, flags: flags.span, gain: 4300, offset: -2000, limit: 900,
        into: &known)
      var expected: [Int64] = [1, 2, 3, 4, 5]
      for i in 0..<n where flags[i] != 0 {
        let (pixel, level) = (Int64(pixels[i]), Int64(mean[i]))
        guard abs(((pixel * 4300 - 2000) >> 8) - level) <= 900 else { continue }
        let terms: [Int64] = [1, pixel, level, pixel * pixel, pixel * level]
        for k in 0..<5 { expected[k] += terms[k] }
      }
      #expect(base == expected && other == expected, "length \(n)")
    }
  }

  @Test("resampling reads between four pixels by weights of seven bits")
  func resamples() {
    let (width, height) = (64, 48)
    let image = bytes(width * height, seed: 9)
    for (a, b) in [(1.0, 0.0), (0.9998, 0.02), (0.996, -0.087)] {
      var row = [UInt8](repeating: 0, count: width)
      let (startX, startY) = (Int(3.3 * 65536), Int(20.7 * 65536))
      let (stepX, stepY) = (Int(a * 65536), Int(b * 65536))
      var out = row.mutableSpan
      Kernels.referenceResampleRow(
        image.span, width: width, columns: 2..<59, startX: startX, startY: startY, stepX: stepX,
        stepY: stepY, into: &out)
      for x in 2..<59 {
        let px = Double(startX + x * stepX) / 65536
        let py = Double(startY + x * stepY) / 65536
        let (c, r) = (Int(px), Int(py))
        let (u, v) = (px - Double(c), py - Double(r))
        func at(_ x: Int, _ y: Int) -> Double { Double(image[y * width + x]) }
        let upper = at(c, r) * (1 - u) + at(c + 1, r) * u
        let lower = at(c, r + 1) * (1 - u) + at(c + 1, r + 1) * u
        let exact = upper * (1 - v) + lower * v
        // Weights have seven bits: off by 1/128 on each axis at most.
        #expect(abs(Double(row[x]) - exact) <= 4.5, "column \(x), step \(a) \(b)")
      }
    }
  }

  @Test(
    "shift sums are those of their definition, alike on both levels", arguments: [1, 7, 16, 33])
  func shiftSums(_ count: Int) {
    let stride = 40
    let pixels = bytes(3 * stride, seed: UInt64(count))
    let mean = bytes(3 * stride, seed: UInt64(count) + 9).map { UInt16($0) * 16 }
    let (gain, offset, limit): (Int32, Int32, Int32) = (4000, -700, 300)
    var expected = [Int64](repeating: 1, count: 8)
    for i in stride + 2..<stride + 2 + count {
      let gx = (Int64(mean[i + 1]) - Int64(mean[i - 1])) / 16
      let gy = (Int64(mean[i + stride]) - Int64(mean[i - stride])) / 16
      let level = (Int64(pixels[i]) * Int64(gain) + Int64(offset)) >> 8
      let e = min(max(level - Int64(mean[i]), -Int64(limit)), Int64(limit))
      for (k, value) in [1, gx * gx, gx * gy, gy * gy, gx * e, gy * e].enumerated() {
        expected[2 + k] += value
      }
    }
    let seen = pixels.span.extracting(stride + 2..<stride + 2 + count)
    var base = [Int64](repeating: 1, count: 8)
    var chosen = base
    var sums = base.mutableSpan
    KernelsBase.referenceShiftSums(
      seen, mean: mean.span, at: stride + 2, stride: stride, gain: gain, offset: offset,
      limit: limit, into: &sums, from: 2)
    Kernels.referenceShiftSums(
      seen, mean: mean.span, at: stride + 2, stride: stride, gain: gain, offset: offset,
      limit: limit, into: &chosen, from: 2)
    #expect(base == expected && chosen == expected)
  }
}

import Kernels
import KernelsBase
import KernelsV3
import Testing

/// Values that repeat, positive and negative.
private func numbers(_ count: Int, _ salt: Int = 1) -> [Float] {
  (0..<count).map { Float(($0 &* 7919 &* salt) % 2003) / 1000 - 1 }
}

@Test("a matrix product is the sum of products", arguments: [1, 3, 4, 5, 9], [1, 2, 45])
func matrixProductByDefinition(_ rows: Int, _ inner: Int) {
  let columns = 32
  let a = numbers(rows * inner)
  let b = numbers(inner * columns, 3)
  var expected = [Float](repeating: 1, count: rows * columns)
  for r in 0..<rows {
    for c in 0..<columns {
      var sum: Float = 0
      for k in 0..<inner { sum += a[r * inner + k] * b[k * columns + c] }
      expected[r * columns + c] += sum
    }
  }
  var base = [Float](repeating: 1, count: rows * columns)
  var span = base.mutableSpan
  KernelsBase.matrixProduct(
    a.span, rowStride: inner, innerStride: 1, b.span, rows: rows, inner: inner,
    columns: columns,
    adding: true, into: &span)
  #expect(base == expected)
  var chosen = [Float](repeating: 1, count: rows * columns)
  Kernels.matrixProduct(
    a, rowStride: inner, innerStride: 1, b, rows: rows, inner: inner, columns: columns,
    adding: true, into: &chosen)
  #expect(chosen == expected, "the same bits at every level")
}

@Test("the logarithm is that of the C library to a millionth", arguments: [1, 7, 8, 9, 100])
func logarithmByDefinition(_ count: Int) {
  let values = (0..<count).map { Float($0 * $0) / 37 }
  var found = values
  Kernels.logarithm(&found, plus: 0.005, from: 0, to: count)
  // Newton's step for eʸ = x from the value found: how far it still is from ln x.
  for (x, y) in zip(values, found) {
    var power = 1.0
    var term = 1.0
    let half = Double(y) / 64
    for k in 1..<24 {
      term *= half / Double(k)
      power += term
    }
    for _ in 0..<6 { power *= power }
    let error = (Double(x) + Double(Float(0.005))) / power - 1
    #expect(abs(error) < 2e-6, "ln \(x) = \(y)")
  }
}

@Test("a symmetric filter is the weighted sum of its taps", arguments: [1, 2, 4, 8])
func filterByDefinition(_ radius: Int) {
  let count = 24
  let source = numbers(count + 2 * radius)
  let taps = numbers(radius + 1, 5)
  var out = [Float](repeating: 0, count: count)
  symmetricFilter(
    source, offsets: Array(0...2 * radius), taps: taps, into: &out, at: 0, count: count)
  for i in 0..<count {
    var sum = source[radius + i] * taps[0]
    for k in 1...radius { sum += (source[radius - k + i] + source[radius + k + i]) * taps[k] }
    #expect(out[i] == sum)
  }
}

@Test("a reflected row goes back and forth", arguments: [1, 2, 5], [0, 1, 4, 11])
func reflection(_ width: Int, _ radius: Int) {
  let source = numbers(width)
  var out = [Float](repeating: 0, count: width + 2 * radius)
  reflectRow(source, at: 0, width: width, radius: radius, into: &out)
  for x in -radius..<width + radius {
    var place = x
    while place < 0 || place >= width {
      place = place < 0 ? -1 - place : 2 * width - 1 - place
    }
    #expect(out[radius + x] == source[place])
  }
}

@Test("a box mean is the mean of its neighbours", arguments: [0, 0.5, 1, 2.25, 9] as [Float])
func boxMeanByDefinition(_ radius: Float) {
  let width = 21
  let source = numbers(width)
  var row = [Float](repeating: 0, count: width + 2 * Int(radius) + 4)
  var out = source
  boxMeanRow(source, at: 0, width: width, radius: radius, row: &row, into: &out)
  let whole = Int(radius)
  for x in 0..<width {
    func value(_ k: Int) -> Float { source[min(max(x + k, 0), width - 1)] }
    var sum = (radius - Float(whole)) * (value(-whole - 1) + value(whole + 1))
    for k in -whole...whole { sum += value(k) }
    #expect(abs(out[x] - sum / (2 * radius + 1)) < 1e-5)
  }
}

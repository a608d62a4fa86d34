import Kernels
import KernelsBase
import KernelsV3
import Testing

@Test("the dot product is Σ a · b", arguments: [0, 8, 16, 24, 576])
func dotProductByDefinition(_ count: Int) {
  let a = (0..<count).map { Float(($0 * 37) % 64) - 31 }
  let b = (0..<count).map { Float(($0 * 101 + 13) % 64) - 17 }
  // Small whole numbers: exact in any order of adding.
  let expected = zip(a, b).reduce(Float(0)) { $0 + $1.0 * $1.1 }
  #expect(KernelsBase.dotProduct(a.span, b.span) == expected)
  if CPULevel.current == .v3 { #expect(KernelsV3.dotProduct(a.span, b.span) == expected) }
}

@Test("squared distances are Σ (q − c)²", arguments: [1, 7, 8, 9, 31, 33])
func squaredDistancesByDefinition(_ count: Int) {
  let stride = count + 5
  let query: [Float] = [1, -2, 3]
  let columns = (0..<3 * stride).map { Float(($0 * 29) % 17) - 8 }
  let expected = (0..<count).map { i in
    (0..<3).reduce(Float(0)) { sum, d in
      let difference = query[d] - columns[d * stride + 2 + i]
      return sum + difference * difference
    }
  }
  var base = [Float](repeating: -1, count: count)
  var span = base.mutableSpan
  KernelsBase.squaredDistances(
    query.span, columns.span, stride: stride, first: 2, count: count, into: &span)
  #expect(base == expected)
  if CPULevel.current == .v3 {
    var v3 = [Float](repeating: -1, count: count)
    var wide = v3.mutableSpan
    KernelsV3.squaredDistances(
      query.span, columns.span, stride: stride, first: 2, count: count, into: &wide)
    #expect(v3 == expected)
  }
}

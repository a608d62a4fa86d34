import Kernels
import KernelsBase
import KernelsV3
import Testing

@Test("the absolute difference is |a − b|", arguments: [0, 1, 15, 16, 17, 31, 32, 33, 100])
func absoluteDifferenceByDefinition(_ count: Int) {
  let a = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
  let b = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 101 &+ 13) }
  let expected = zip(a, b).map { UInt8(abs(Int($0) - Int($1))) }
  var base = [UInt8](repeating: 0, count: count)
  var span = base.mutableSpan
  KernelsBase.absoluteDifference(a.span, b.span, into: &span)
  #expect(base == expected)
  if CPULevel.current == .v3 {
    var v3 = [UInt8](repeating: 0, count: count)
    var wide = v3.mutableSpan
    KernelsV3.absoluteDifference(a.span, b.span, into: &wide)
    #expect(v3 == expected)
  }
}

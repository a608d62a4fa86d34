import KernelsBase
import KernelsV3

/// `out[i] = |a[i] − b[i]|`, gray levels. All three must have the same length.
public func absoluteDifference(
  _ a: Span<UInt8>, _ b: Span<UInt8>, into out: inout MutableSpan<UInt8>
) {
  precondition(
    a.count == out.count && b.count == out.count,
    "rows differ in length: \(a.count), \(b.count), \(out.count)")
  switch CPULevel.current {
  case .base: KernelsBase.absoluteDifference(a, b, into: &out)
  case .v3: KernelsV3.absoluteDifference(a, b, into: &out)
  }
}

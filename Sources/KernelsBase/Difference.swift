/// `out[i] = |a[i] − b[i]|`. All three have the same length.
public func absoluteDifference(
  _ a: Span<UInt8>, _ b: Span<UInt8>, into out: inout MutableSpan<UInt8>
) {
  // max − min of two bytes never wraps.
  for i in 0..<out.count { out[i] = max(a[i], b[i]) &- min(a[i], b[i]) }
}

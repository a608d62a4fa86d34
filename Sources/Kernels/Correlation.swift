import KernelsBase
import KernelsV3

/// Σ a[i] · b[i], added in eight running sums. Both have the same length, a multiple of 8.
public func dotProduct(_ a: Span<Float>, _ b: Span<Float>) -> Float {
  precondition(
    a.count == b.count && a.count % 8 == 0, "vectors of \(a.count) and \(b.count) numbers")
  switch CPULevel.current {
  case .base: return KernelsBase.dotProduct(a, b)
  case .v3: return KernelsV3.dotProduct(a, b)
  }
}

/// `out[i] = Σ over d of (query[d] − columns[d · stride + first + i])²`.
///
/// `columns` holds `stride` vectors of `query.count` dimensions, dimension by dimension; distances
/// to `count` of them from `first` on. A few hundred at a time stay in the nearest cache.
public func squaredDistances(
  _ query: Span<Float>, _ columns: Span<Float>, stride: Int, first: Int, count: Int,
  into out: inout MutableSpan<Float>
) {
  precondition(
    columns.count == stride * query.count && first >= 0 && count >= 0
      && first + count <= stride && count <= out.count,
    "\(count) vectors from \(first) of \(stride), \(query.count) dimensions")
  switch CPULevel.current {
  case .base:
    KernelsBase.squaredDistances(
      query, columns, stride: stride, first: first, count: count, into: &out)
  case .v3:
    KernelsV3.squaredDistances(
      query, columns, stride: stride, first: first, count: count, into: &out)
  }
}

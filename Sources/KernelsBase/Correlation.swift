/// Σ a[i] · b[i] in eight running sums; the count of both is a multiple of 8.
public func dotProduct(_ a: Span<Float>, _ b: Span<Float>) -> Float {
  var sums = SIMD8<Float>(repeating: 0)
  var i = 0
  while i < a.count {
    let left = SIMD8<Float>(
      a[i], a[i + 1], a[i + 2], a[i + 3], a[i + 4], a[i + 5], a[i + 6], a[i + 7])
    let right = SIMD8<Float>(
      b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7])
    sums = sums + left * right
    i += 8
  }
  let four = sums.lowHalf + sums.highHalf
  let two = four.lowHalf + four.highHalf
  return two[0] + two[1]
}

/// `out[i] = Σ over d of (query[d] − columns[d · stride + first + i])²`: squared distances of one
/// vector to `count` others that are stored dimension by dimension, `stride` of them.
public func squaredDistances(
  _ query: Span<Float>, _ columns: Span<Float>, stride: Int, first: Int, count: Int,
  into out: inout MutableSpan<Float>
) {
  for i in 0..<count { out[i] = 0 }
  for d in 0..<query.count {
    let value = query[d]
    let start = d &* stride &+ first
    for i in 0..<count {
      let difference = value - columns[start &+ i]
      out[i] = out[i] + difference * difference
    }
  }
}

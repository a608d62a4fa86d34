/// Fills `radius` values on both sides of the row of `width` values at `at` with its reflection, the
/// edge counted twice. `radius` may exceed `width`.
public func reflectSides(_ values: inout MutableSpan<Float>, at: Int, width: Int, radius: Int) {
  let period = 2 &* width
  for k in 0..<radius {
    let folded = k < period ? k : k % period
    let inner = folded < width ? folded : period &- 1 &- folded
    values[at &- 1 &- k] = values[at &+ inner]
    values[at &+ width &+ k] = values[at &+ width &- 1 &- inner]
  }
}

/// A row with its borders reflected, the edge counted twice: `out[radius + x] = source[at + x]` and
/// `radius` columns more on each side. `radius` may exceed `width`.
public func reflectRow(
  _ source: Span<Float>, at: Int, width: Int, radius: Int, into out: inout MutableSpan<Float>
) {
  for x in 0..<width { out[radius &+ x] = source[at &+ x] }
  let period = 2 &* width
  for k in 0..<radius {
    let folded = k % period
    let inner = folded < width ? folded : period &- 1 &- folded
    out[radius &- 1 &- k] = source[at &+ inner]
    out[radius &+ width &+ k] = source[at &+ width &- 1 &- inner]
  }
}

/// Running means along a row: `out[start + x] = (Σ_{|k| ≤ whole} s[x + k] + part · (s[x − whole − 1] +
/// s[x + whole + 1])) · scale`, borders continued with the edge value. `row` is scratch of at least
/// `width + 2 · whole + 2` values.
public func boxMeanRow(
  _ source: Span<Float>, at: Int, width: Int, whole: Int, part: Float, scale: Float,
  row: inout MutableSpan<Float>, into out: inout MutableSpan<Float>
) {
  let reach = whole &+ 1
  let first = source[at]
  let last = source[at &+ width &- 1]
  for x in 0..<reach {
    row[x] = first
    row[reach &+ width &+ x] = last
  }
  for x in 0..<width { row[reach &+ x] = source[at &+ x] }
  var sum: Float = 0
  for k in 1...(2 &* whole &+ 1) { sum += row[k] }
  for x in 0..<width {
    let left = row[x]
    let right = row[x &+ 2 &* reach]
    out[at &+ x] = (sum + part * (left + right)) * scale
    sum += right - row[x &+ 1]
  }
}

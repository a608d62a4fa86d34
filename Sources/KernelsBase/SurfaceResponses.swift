/// The twelve responses of one row, added to row sums; the positive and negative parts of the
/// difference of Gaussians are kept for the dilation.
///
/// `low` is the smoothed level with one more column on each side of the row and rows `above`, `at`,
/// `below` given as offsets of column 0; `level` and `wide` (smoothed further) are offsets alike.
/// `sums` holds 12 rows of `stride`; `count` is a multiple of 8.
public func surfaceResponses(
  low: Span<Float>, above: Int, at: Int, below: Int, level: Span<Float>, levelAt: Int,
  wide: Span<Float>, wideAt: Int, sums: inout MutableSpan<Float>, stride: Int,
  positive: inout MutableSpan<Float>, negative: inout MutableSpan<Float>, dogAt: Int, count: Int
) {
  let half = SIMD8<Float>(repeating: 0.5)
  let quarter = SIMD8<Float>(repeating: 0.25)
  let diagonal = SIMD8<Float>(repeating: 0.7071)
  let zero = SIMD8<Float>.zero
  var i = 0
  while i < count {
    let centre = load8(low, at &+ i)
    let left = load8(low, at &+ i &- 1)
    let right = load8(low, at &+ i &+ 1)
    let up = load8(low, above &+ i)
    let down = load8(low, below &+ i)
    let dx = (right - left) * half
    let dy = (down - up) * half
    let dxx = left + right - centre - centre
    let dyy = up + down - centre - centre
    let corners =
      load8(low, below &+ i &+ 1) - load8(low, below &+ i &- 1)
      - load8(low, above &+ i &+ 1) + load8(low, above &+ i &- 1)
    let dog = centre - load8(wide, wideAt &+ i)
    let dogPositive = larger(dog, zero)
    let dogNegative = larger(-dog, zero)
    let high = load8(level, levelAt &+ i) - centre
    add(&sums, i, magnitude(dx))
    add(&sums, stride &+ i, magnitude(dy))
    add(&sums, 2 &* stride &+ i, magnitude((dx + dy) * diagonal))
    add(&sums, 3 &* stride &+ i, magnitude((dx - dy) * diagonal))
    add(&sums, 4 &* stride &+ i, larger(dxx, zero))
    add(&sums, 5 &* stride &+ i, larger(-dxx, zero))
    add(&sums, 6 &* stride &+ i, larger(dyy, zero))
    add(&sums, 7 &* stride &+ i, larger(-dyy, zero))
    add(&sums, 8 &* stride &+ i, magnitude(corners * quarter))
    add(&sums, 9 &* stride &+ i, dogPositive)
    add(&sums, 10 &* stride &+ i, dogNegative)
    add(&sums, 11 &* stride &+ i, magnitude(high))
    store8(dogPositive, &positive, dogAt &+ i)
    store8(dogNegative, &negative, dogAt &+ i)
    i &+= 8
  }
}

@inline(__always)
private func add(_ sums: inout MutableSpan<Float>, _ index: Int, _ value: SIMD8<Float>) {
  store8(load8(sums, index) + value, &sums, index)
}

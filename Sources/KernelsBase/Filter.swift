/// A symmetric filter of `2r + 1` taps, for a row or a column alike:
/// `out[start + i] = t₀·s[o_r + i] + Σₖ tₖ·(s[o_{r−k} + i] + s[o_{r+k} + i])`, `i < count`.
///
/// `offsets` holds the `2r + 1` places where the taps begin (neighbouring columns of a padded row, or
/// the same column of neighbouring rows); `taps` holds t₀ … t_r; `count` is a multiple of 8.
public func symmetricFilter(
  _ source: Span<Float>, offsets: Span<Int>, taps: Span<Float>,
  into out: inout MutableSpan<Float>, at start: Int, count: Int
) {
  let radius = taps.count &- 1
  let middle = offsets[radius]
  let centre = taps[0]
  var i = 0
  while i < count {
    var sum = load8(source, middle &+ i) * centre
    for k in 1...radius {
      let pair =
        load8(source, offsets[radius &- k] &+ i) + load8(source, offsets[radius &+ k] &+ i)
      sum += pair * taps[k]
    }
    store8(sum, &out, start &+ i)
    i &+= 8
  }
}

/// `values[at + i] = max(values[at + i], values[from + i])`, `from > at`, `count` a multiple of 8.
public func maximumInPlace(
  _ values: inout MutableSpan<Float>, at: Int, from: Int, count: Int
) {
  var i = 0
  while i < count {
    store8(larger(load8(values, at &+ i), load8(values, from &+ i)), &values, at &+ i)
    i &+= 8
  }
}

/// `sums[i] += values[at + i]`, `count` a multiple of 8.
public func accumulate(
  _ values: Span<Float>, at: Int, into sums: inout MutableSpan<Float>, from start: Int, count: Int
) {
  var i = 0
  while i < count {
    store8(load8(sums, start &+ i) + load8(values, at &+ i), &sums, start &+ i)
    i &+= 8
  }
}

/// 2 × 2 means of two rows: `out[start + i]` from `source[a + 2i]`, `[a + 2i + 1]` and the same at `b`.
public func halve(
  _ source: Span<Float>, _ a: Int, _ b: Int, into out: inout MutableSpan<Float>, at start: Int,
  count: Int
) {
  for i in 0..<count {
    let top = source[a &+ 2 &* i] + source[a &+ 2 &* i &+ 1]
    let bottom = source[b &+ 2 &* i] + source[b &+ 2 &* i &+ 1]
    out[start &+ i] = (top + bottom) * 0.25
  }
}

/// `out[start + c] = scale · Σ values[at + c·step ..< at + (c + 1)·step]` for `c < count`.
public func poolRow(
  _ values: Span<Float>, at: Int, step: Int, scale: Float, count: Int,
  into out: inout MutableSpan<Float>, from start: Int, stride: Int
) {
  for c in 0..<count {
    var sum: Float = 0
    for k in 0..<step { sum += values[at &+ c &* step &+ k] }
    out[start &+ c &* stride] = sum * scale
  }
}

/// `values[i] = ln(values[i] + offset)`, arguments positive and normal.
///
/// With x = m·2ᵉ, m in [√½, √2), s = (m − 1)/(m + 1): ln x = e·ln 2 + 2(s + s³/3 + s⁵/5 + s⁷/7 + s⁹/9);
/// the first term left out is below 8·10⁻¹⁰.
public func logarithm(_ values: inout MutableSpan<Float>, plus offset: Float, from: Int, to: Int) {
  for i in from..<to {
    let bits = (values[i] + offset).bitPattern
    // Halfway between ½ and 1 in the exponent's terms: mantissas from √½ on count upwards.
    let shifted = bits &- 0x3F35_04F3
    let exponent = Int32(bitPattern: shifted) &>> 23
    let mantissa = Float(bitPattern: (shifted & 0x007F_FFFF) &+ 0x3F35_04F3)
    let s = (mantissa - 1) / (mantissa + 1)
    let q = s * s
    let series = s * (2 + q * (0.6666667 + q * (0.4 + q * (0.2857143 + q * 0.22222222))))
    values[i] = Float(exponent) * 0.6931472 + series
  }
}

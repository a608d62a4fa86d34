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

/// The same with taps `stride` apart on both sides of `at`: neighbouring columns with stride 1, rows with
/// the stride of a plane. The usual radii are unrolled.
public func symmetricFilter(
  _ source: Span<Float>, at: Int, stride: Int, taps: Span<Float>,
  into out: inout MutableSpan<Float>, from start: Int, count: Int
) {
  switch taps.count {
  case 2: filterStrided(source, at, stride, taps, 1, &out, start, count)
  case 3: filterStrided(source, at, stride, taps, 2, &out, start, count)
  case 5: filterStrided(source, at, stride, taps, 4, &out, start, count)
  case 9: filterStrided(source, at, stride, taps, 8, &out, start, count)
  default: filterStrided(source, at, stride, taps, taps.count &- 1, &out, start, count)
  }
}

@inline(__always)
private func filterStrided(
  _ source: Span<Float>, _ at: Int, _ stride: Int, _ taps: Span<Float>, _ radius: Int,
  _ out: inout MutableSpan<Float>, _ start: Int, _ count: Int
) {
  var i = 0
  while i < count {
    let middle = at &+ i
    var sum = load8(source, middle) * taps[0]
    for k in 1...radius {
      let reach = k &* stride
      sum += (load8(source, middle &- reach) + load8(source, middle &+ reach)) * taps[k]
    }
    store8(sum, &out, start &+ i)
    i &+= 8
  }
}

/// `out[start + i] = a[i] − b[i]`, rows given by their offsets, `count` a multiple of 8.
public func subtract(
  _ a: Span<Float>, at: Int, _ b: Span<Float>, at place: Int, into out: inout MutableSpan<Float>,
  from start: Int, count: Int
) {
  var i = 0
  while i < count {
    store8(load8(a, at &+ i) - load8(b, place &+ i), &out, start &+ i)
    i &+= 8
  }
}

/// `out[start + i] = |values[a + i] − values[b + i]|`, `count` a multiple of 8.
public func absoluteDifference(
  _ values: Span<Float>, _ a: Int, _ b: Int, into out: inout MutableSpan<Float>, from start: Int,
  count: Int
) {
  var i = 0
  while i < count {
    store8(magnitude(load8(values, a &+ i) - load8(values, b &+ i)), &out, start &+ i)
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

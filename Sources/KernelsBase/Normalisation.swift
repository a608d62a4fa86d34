/// Adds to `sums[c]` and `squares[c]` what `count` positions of `columns` values hold;
/// `columns` is a multiple of 8.
public func channelMoments(
  _ values: Span<Float>, first: Int, count: Int, columns: Int, sums: inout MutableSpan<Float>,
  squares: inout MutableSpan<Float>
) {
  var c = 0
  while c < columns {
    var sum = load8(sums, c)
    var square = load8(squares, c)
    var at = first &+ c
    for _ in 0..<count {
      let v = load8(values, at)
      sum += v
      square += v * v
      at &+= columns
    }
    store8(sum, &sums, c)
    store8(square, &squares, c)
    c &+= 8
  }
}

/// `out = max(values · scale + shift, 0)` per channel for `count` positions of `columns` values,
/// a multiple of 8.
public func scaleAndRectify(
  _ values: Span<Float>, first: Int, count: Int, columns: Int, scale: Span<Float>,
  shift: Span<Float>, into out: inout MutableSpan<Float>, outFirst: Int
) {
  let zero = SIMD8<Float>.zero
  for p in 0..<count {
    var c = 0
    while c < columns {
      let at = p &* columns &+ c
      let v = load8(values, first &+ at) * load8(scale, c) + load8(shift, c)
      store8(larger(v, zero), &out, outFirst &+ at)
      c &+= 8
    }
  }
}

/// Adds to `sums[c]` the slopes that pass the ReLU, and to `products[c]` these times the values
/// before normalisation. A slope passes where `values · scale + shift > 0`.
public func rectifiedMoments(
  _ slopes: Span<Float>, values: Span<Float>, first: Int, count: Int, columns: Int,
  scale: Span<Float>, shift: Span<Float>, sums: inout MutableSpan<Float>,
  products: inout MutableSpan<Float>
) {
  let zero = SIMD8<Float>.zero
  var c = 0
  while c < columns {
    var sum = load8(sums, c)
    var product = load8(products, c)
    let factor = load8(scale, c)
    let offset = load8(shift, c)
    var at = first &+ c
    for _ in 0..<count {
      let v = load8(values, at)
      let passed = zero.replacing(with: load8(slopes, at), where: v * factor + offset .> zero)
      sum += passed
      product += passed * v
      at &+= columns
    }
    store8(sum, &sums, c)
    store8(product, &products, c)
    c &+= 8
  }
}

/// The slopes before normalisation: `out = gain · s + along · values + shiftBack`, where s is the
/// slope where the ReLU passes and 0 elsewhere.
public func normalisationSlopes(
  _ slopes: Span<Float>, values: Span<Float>, first: Int, count: Int, columns: Int,
  scale: Span<Float>, shift: Span<Float>, gain: Span<Float>, along: Span<Float>,
  shiftBack: Span<Float>, into out: inout MutableSpan<Float>, outFirst: Int
) {
  let zero = SIMD8<Float>.zero
  for p in 0..<count {
    var c = 0
    while c < columns {
      let at = p &* columns &+ c
      let v = load8(values, first &+ at)
      let isOpen = v * load8(scale, c) + load8(shift, c) .> zero
      let passed = zero.replacing(with: load8(slopes, first &+ at), where: isOpen)
      let slope = passed * load8(gain, c) + v * load8(along, c) + load8(shiftBack, c)
      store8(slope, &out, outFirst &+ at)
      c &+= 8
    }
  }
}

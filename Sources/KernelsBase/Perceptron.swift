/// `values[r · columns + c] = max(values[…] + bias[c], 0)`, `columns` a multiple of 8.
public func addBiasAndRectify(
  _ values: inout MutableSpan<Float>, bias: Span<Float>, rows: Int, columns: Int
) {
  let zero = SIMD8<Float>.zero
  for row in 0..<rows {
    var c = 0
    while c < columns {
      let at = row &* columns &+ c
      store8(larger(load8(values, at) + load8(bias, c), zero), &values, at)
      c &+= 8
    }
  }
}

/// `out[r] = bias + Σ values[r · columns + c] · weights[c]`, `columns` a multiple of 8.
public func weightedSums(
  _ values: Span<Float>, weights: Span<Float>, bias: Float, rows: Int, columns: Int,
  into out: inout MutableSpan<Float>
) {
  for row in 0..<rows {
    var sum = SIMD8<Float>.zero
    var c = 0
    while c < columns {
      sum += load8(values, row &* columns &+ c) * load8(weights, c)
      c &+= 8
    }
    let four = sum.lowHalf + sum.highHalf
    let two = four.lowHalf + four.highHalf
    out[row] = bias + (two[0] + two[1])
  }
}

/// `gradient[i] = activation[i] > 0 ? gradient[i] · factor : 0`.
public func maskGradient(
  _ gradient: inout MutableSpan<Float>, activation: Span<Float>, factor: Float, count: Int
) {
  for i in 0..<count { gradient[i] = activation[i] > 0 ? gradient[i] * factor : 0 }
}

/// `sums[c] = Σ_r values[r · columns + c]`, or added to what is there, `columns` a multiple of 8.
public func columnSums(
  _ values: Span<Float>, rows: Int, columns: Int, adding: Bool,
  into sums: inout MutableSpan<Float>
) {
  var c = 0
  while c < columns {
    var sum = adding ? load8(sums, c) : SIMD8<Float>.zero
    for row in 0..<rows { sum += load8(values, row &* columns &+ c) }
    store8(sum, &sums, c)
    c &+= 8
  }
}

/// One step of AdamW on `count` parameters: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g²,
/// w ← w·(1 − rate·decay) − rate·(m·c₁)/(√(v·c₂) + 10⁻⁸), with the corrections c₁, c₂ of the step.
public func adamStep(
  _ weights: inout MutableSpan<Float>, gradient: Span<Float>, mean: inout MutableSpan<Float>,
  square: inout MutableSpan<Float>, rate: Float, decay: Float, beta1: Float, beta2: Float,
  correction1: Float, correction2: Float, count: Int
) {
  let keep = 1 - rate * decay
  for i in 0..<count {
    let g = gradient[i]
    let m = beta1 * mean[i] + (1 - beta1) * g
    let v = beta2 * square[i] + (1 - beta2) * g * g
    mean[i] = m
    square[i] = v
    weights[i] =
      weights[i] * keep - rate * (m * correction1) / ((v * correction2).squareRoot() + 1e-8)
  }
}

/// Standardised values of `cells` cells of 48 floats: `(clamp((v − mean) · inverse, −5, 8)) / 2`, with
/// the 48 means and inverse deviations at `bin`.
public func standardise(
  _ values: inout MutableSpan<Float>, at: Int, cells: Int, mean: Span<Float>,
  inverse: Span<Float>, bin: Int
) {
  let lowest = SIMD8<Float>(repeating: -5)
  let highest = SIMD8<Float>(repeating: 8)
  for cell in 0..<cells {
    for k in 0..<6 {
      let place = at &+ 48 &* cell &+ 8 &* k
      let z =
        (load8(values, place) - load8(mean, bin &+ 8 &* k)) * load8(inverse, bin &+ 8 &* k)
      store8(smaller(larger(z, lowest), highest) * 0.5, &values, place)
    }
  }
}

/// `out[r · units + u] = rows[r · units + u] + common[u]`, from `out[start]` on, `units` a multiple of 8.
public func spreadBiases(
  _ rows: Span<Float>, plus common: Span<Float>, count: Int, units: Int,
  into out: inout MutableSpan<Float>, from start: Int
) {
  for row in 0..<count {
    var u = 0
    while u < units {
      let at = row &* units &+ u
      store8(load8(rows, at) + load8(common, u), &out, start &+ at)
      u &+= 8
    }
  }
}

/// `values[i] += (other[i] − values[i]) · share`.
public func approach(
  _ values: inout MutableSpan<Float>, _ other: Span<Float>, by share: Float, count: Int
) {
  for i in 0..<count { values[i] += (other[i] - values[i]) * share }
}

import KernelsBase
import KernelsV3

/// `values[r · columns + c] = max(values[…] + bias[c], 0)`; `columns` is a multiple of 8.
public func addBiasAndRectify(_ values: inout [Float], bias: [Float], rows: Int, columns: Int) {
  precondition(
    columns % 8 == 0 && rows * columns <= values.count && columns <= bias.count,
    "\(rows) × \(columns) beyond the buffer")
  var valuesSpan = values.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.addBiasAndRectify(&valuesSpan, bias: bias.span, rows: rows, columns: columns)
  case .v3: KernelsV3.addBiasAndRectify(&valuesSpan, bias: bias.span, rows: rows, columns: columns)
  }
}

/// `out[r] = bias + Σ values[r · columns + c] · weights[c]`; `columns` is a multiple of 8.
public func weightedSums(
  _ values: [Float], weights: [Float], bias: Float, rows: Int, columns: Int, into out: inout [Float]
) {
  precondition(
    columns % 8 == 0 && rows * columns <= values.count && columns <= weights.count
      && rows <= out.count, "\(rows) × \(columns) beyond the buffer")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.weightedSums(
      values.span, weights: weights.span, bias: bias, rows: rows, columns: columns, into: &outSpan)
  case .v3:
    KernelsV3.weightedSums(
      values.span, weights: weights.span, bias: bias, rows: rows, columns: columns, into: &outSpan)
  }
}

/// The slope of a ReLU whose outputs were multiplied by `factor`: `gradient[i]` is cleared where
/// `activation[i] ≤ 0` and multiplied by `factor` elsewhere.
public func maskGradient(
  _ gradient: inout [Float], activation: [Float], factor: Float = 1, count: Int
) {
  precondition(count <= gradient.count && count <= activation.count, "\(count) beyond the buffer")
  var gradientSpan = gradient.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.maskGradient(
      &gradientSpan, activation: activation.span, factor: factor, count: count)
  case .v3:
    KernelsV3.maskGradient(&gradientSpan, activation: activation.span, factor: factor, count: count)
  }
}

/// `sums[c] = Σ_r values[r · columns + c]` (`+=` with `adding`); `columns` is a multiple of 8.
public func columnSums(
  _ values: [Float], rows: Int, columns: Int, adding: Bool = false, into sums: inout [Float]
) {
  precondition(
    columns % 8 == 0 && rows * columns <= values.count && columns <= sums.count,
    "\(rows) × \(columns) beyond the buffer")
  var sumsSpan = sums.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.columnSums(
      values.span, rows: rows, columns: columns, adding: adding, into: &sumsSpan)
  case .v3:
    KernelsV3.columnSums(values.span, rows: rows, columns: columns, adding: adding, into: &sumsSpan)
  }
}

/// Standardises `cells` cells of 48 values from `at` on: (v − mean) · inverse deviation, clipped to
/// −5…8 and halved; the 48 means and inverse deviations begin at `bin`.
public func standardise(
  _ values: inout [Float], at: Int, cells: Int, mean: [Float], inverse: [Float], bin: Int
) {
  precondition(
    at >= 0 && cells >= 0 && at + 48 * cells <= values.count && bin >= 0
      && bin + 48 <= min(mean.count, inverse.count), "\(cells) cells beyond the buffer")
  var valuesSpan = values.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.standardise(
      &valuesSpan, at: at, cells: cells, mean: mean.span, inverse: inverse.span, bin: bin)
  case .v3:
    KernelsV3.standardise(
      &valuesSpan, at: at, cells: cells, mean: mean.span, inverse: inverse.span, bin: bin)
  }
}

/// `count` rows of `units` values plus a common row, into `out` from `start` on; `units` is a multiple
/// of 8.
public func spreadBiases(
  _ rows: [Float], plus common: [Float], count: Int, units: Int, into out: inout [Float],
  from start: Int
) {
  precondition(
    units % 8 == 0 && count * units <= rows.count && units <= common.count && start >= 0
      && start + count * units <= out.count, "\(count) × \(units) beyond the buffer")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.spreadBiases(
      rows.span, plus: common.span, count: count, units: units, into: &outSpan, from: start)
  case .v3:
    KernelsV3.spreadBiases(
      rows.span, plus: common.span, count: count, units: units, into: &outSpan, from: start)
  }
}

/// The numbers of one AdamW step (Loshchilov, Hutter 2019).
public struct AdamStep: Sendable {
  public var rate: Float
  public var decay: Float
  public var beta1: Float
  public var beta2: Float
  /// 1/(1 − β₁ᵗ) and 1/(1 − β₂ᵗ) of step t.
  public var correction1: Float
  public var correction2: Float

  /// One step's numbers.
  public init(
    rate: Float, decay: Float, beta1: Float, beta2: Float, correction1: Float, correction2: Float
  ) {
    self.rate = rate
    self.decay = decay
    self.beta1 = beta1
    self.beta2 = beta2
    self.correction1 = correction1
    self.correction2 = correction2
  }
}

/// Moves `weights` by one AdamW step; all four lists have the same length.
public func adamStep(
  _ weights: inout [Float], gradient: [Float], mean: inout [Float], square: inout [Float],
  _ step: AdamStep
) {
  let count = weights.count
  precondition(
    gradient.count == count && mean.count == count && square.count == count, "lists of one length")
  var w = weights.mutableSpan
  var m = mean.mutableSpan
  var v = square.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.adamStep(
      &w, gradient: gradient.span, mean: &m, square: &v, rate: step.rate, decay: step.decay,
      beta1: step.beta1, beta2: step.beta2, correction1: step.correction1,
      correction2: step.correction2, count: count)
  case .v3:
    KernelsV3.adamStep(
      &w, gradient: gradient.span, mean: &m, square: &v, rate: step.rate, decay: step.decay,
      beta1: step.beta1, beta2: step.beta2, correction1: step.correction1,
      correction2: step.correction2, count: count)
  }
}

/// `values[i] += (other[i] − values[i]) · share`; both are of one length.
public func approach(_ values: inout [Float], _ other: [Float], by share: Float) {
  precondition(values.count == other.count, "\(values.count) and \(other.count) values")
  let count = values.count
  var valuesSpan = values.mutableSpan
  switch CPULevel.current {
  case .base: KernelsBase.approach(&valuesSpan, other.span, by: share, count: count)
  case .v3: KernelsV3.approach(&valuesSpan, other.span, by: share, count: count)
  }
}

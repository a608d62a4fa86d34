import KernelsBase
import KernelsV3

/// Where a convolution reads its patches and writes its products; offsets and strides in floats.
///
/// Position (x, y) of `width × height` reads the runs that start at
/// `first + y · rowStride + x · columnStride + runs[r]`, `runLength` floats each, and has its 16-fold
/// `columns` results at `outFirst + y · outRowStride + x · outColumnStride`.
public struct PatchGeometry: Hashable, Sendable {
  public var first = 0
  public var columnStride = 0
  public var rowStride = 0
  public var runs: [Int] = [0]
  public var runLength = 0
  public var width = 0
  public var height = 0
  public var outFirst = 0
  public var outColumnStride = 0
  public var outRowStride = 0

  /// Everything at zero, one run.
  public init() {}

  /// Values of a patch.
  public var inner: Int { runs.count * runLength }

  /// The first float behind the last one read, and behind the last one written with `columns`.
  private func ends(columns: Int) -> (read: Int, written: Int) {
    let far = (height - 1, width - 1)
    return (
      first + far.0 * rowStride + far.1 * columnStride + (runs.max() ?? 0) + runLength,
      outFirst + far.0 * outRowStride + far.1 * outColumnStride + columns
    )
  }

  fileprivate func check(values: Int, weights: Int, columns: Int, out: Int) {
    precondition(width > 0 && height > 0 && columns > 0 && columns % 16 == 0, "\(columns) columns")
    precondition(
      min(first, columnStride, rowStride) >= 0 && (runs.min() ?? -1) >= 0 && runLength > 0
        && min(outFirst, outColumnStride, outRowStride) >= 0, "a stride below 0")
    let ends = ends(columns: columns)
    precondition(
      ends.read <= values && ends.written <= out && inner * columns <= weights,
      "patches to \(ends.read) of \(values), results to \(ends.written) of \(out)")
  }

  /// As the kernels of every level take it.
  fileprivate var places: KernelsBase.PatchGeometry {
    (
      first, columnStride, rowStride, runLength, width, height, outFirst, outColumnStride,
      outRowStride
    )
  }
}

/// `out[position, c] = max(bias[c] + Σ_k patch[position, k] · weights[k, c], floor)`: an implicit
/// matrix product. A floor of 0 is a ReLU, −∞ none.
///
/// `columns` is a multiple of 16; `weights` come in panels of 16 columns,
/// `weights[(c / 16 · inner + k) · 16 + c % 16]`. Sums run in the order of k: the same bits at every
/// CPU level.
public func patchProduct(
  _ values: [Float], _ at: PatchGeometry, weights: [Float], bias: [Float],
  floor: Float = -.infinity, columns: Int, into out: inout [Float]
) {
  at.check(values: values.count, weights: weights.count, columns: columns, out: out.count)
  precondition(columns <= bias.count, "\(bias.count) biases for \(columns) columns")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.patchProduct(
      values.span, at.places, runs: at.runs.span, weights.span, bias: bias.span, floor: floor,
      columns: columns, into: &outSpan)
  case .v3:
    KernelsV3.patchProduct(
      values.span, at.places, runs: at.runs.span, weights.span, bias: bias.span, floor: floor,
      columns: columns, into: &outSpan)
  }
}

/// `out[position, c]` = Σ_k patch[position, k] · weights[k, c], times `scale[c]` plus `bias[c]`, cut off
/// at 0 and `largest` (≤ 32,767) and rounded: `patchProduct` with a ReLU, in whole numbers.
///
/// `columns` is a multiple of 16, runs are of even length; `weights` come in panels of 16 columns, two
/// values of a patch side by side:
/// `weights[((c / 16 · inner + k) / 2 · 16 + c % 16) · 2 + k % 2]` for even inner. Sums are exact, the same
/// at every CPU level; the caller sees to it that none leaves 32 bits, and that no number is −32,768.
public func wholePatchProduct(
  _ values: [Int16], _ at: PatchGeometry, weights: [Int16], scale: [Float], bias: [Float],
  largest: Float, columns: Int, into out: inout [Int16]
) {
  at.check(values: values.count, weights: weights.count, columns: columns, out: out.count)
  precondition(
    columns <= min(scale.count, bias.count) && at.runLength % 2 == 0 && largest <= 32_767,
    "\(scale.count) scales, \(bias.count) biases, runs of \(at.runLength), \(largest) at most")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.wholePatchProduct(
      values.span, at.places, runs: at.runs.span, weights.span, scale: scale.span,
      bias: bias.span, largest: largest, columns: columns, into: &outSpan)
  case .v3:
    KernelsV3.wholePatchProduct(
      values.span, at.places, runs: at.runs.span, weights.span, scale: scale.span,
      bias: bias.span, largest: largest, columns: columns, into: &outSpan)
  }
}

/// `out[to + i]` = `values[from + i]` · scale, cut off at ± `largest` (≤ 32,767) and rounded to even, for i
/// in 0..<count.
public func wholeNumbers(
  _ values: [Float], from: Int, scale: Float, largest: Float, count: Int,
  into out: inout [Int16], at to: Int
) {
  precondition(
    from >= 0 && to >= 0 && count >= 0 && from + count <= values.count && to + count <= out.count
      && (0...32_767).contains(largest), "\(count) of \(values.count) values, \(out.count) out")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.wholeNumbers(
      values.span, from: from, scale: scale, largest: largest, count: count, into: &outSpan, at: to)
  case .v3:
    KernelsV3.wholeNumbers(
      values.span, from: from, scale: scale, largest: largest, count: count, into: &outSpan, at: to)
  }
}

/// `gradient[k, c] += Σ_position patch[position, k] · slopes[position, c]`: slopes of the weights of
/// `patchProduct`, in their layout; `slopes` lie where `patchProduct` writes.
public func patchGradient(
  _ values: [Float], _ at: PatchGeometry, slopes: [Float], columns: Int,
  into gradient: inout [Float]
) {
  at.check(values: values.count, weights: gradient.count, columns: columns, out: slopes.count)
  var gradientSpan = gradient.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.patchGradient(
      values.span, at.places, runs: at.runs.span, slopes: slopes.span, columns: columns,
      into: &gradientSpan)
  case .v3:
    KernelsV3.patchGradient(
      values.span, at.places, runs: at.runs.span, slopes: slopes.span, columns: columns,
      into: &gradientSpan)
  }
}

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

  func check(values: Int, weights: Int, columns: Int, out: Int) {
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
  var places: KernelsBase.PatchGeometry {
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

import KernelsBase
import KernelsV3

/// `out` = the 1-2-1 by 1-2-1 mean of three rows, rounded; the row's ends repeat. All rows have one
/// length; `sums` is scratch, two longer.
public func referenceSmoothRow(
  _ above: Span<UInt8>, _ row: Span<UInt8>, _ below: Span<UInt8>,
  sums: inout MutableSpan<UInt16>, into out: inout MutableSpan<UInt8>
) {
  precondition(
    above.count == out.count && row.count == out.count && below.count == out.count
      && sums.count == out.count + 2 && out.count > 0,
    "rows differ in length: \(above.count), \(row.count), \(below.count), \(out.count)")
  switch CPULevel.current {
  case .base: KernelsBase.referenceSmoothRow(above, row, below, sums: &sums, into: &out)
  case .v3: KernelsV3.referenceSmoothRow(above, row, below, sums: &sums, into: &out)
  }
}

/// `out[x]` = the mean of the 2 × 2 pixels at column 2x of two rows, rounded. Both rows hold at least
/// twice the pixels of `out`.
public func referenceHalveRow(
  _ upper: Span<UInt8>, _ lower: Span<UInt8>, into out: inout MutableSpan<UInt8>
) {
  precondition(
    upper.count >= 2 * out.count && lower.count >= 2 * out.count,
    "rows of \(upper.count) and \(lower.count) do not halve to \(out.count)")
  switch CPULevel.current {
  case .base: KernelsBase.referenceHalveRow(upper, lower, into: &out)
  case .v3: KernelsV3.referenceHalveRow(upper, lower, into: &out)
  }
}

/// `out[x]` for `x` in `columns` = `image` (rows of `width`) between four pixels at
/// (`startX + x · stepX`, `startY + x · stepY`), in 65536ths of a pixel.
///
/// The points of the first and the last column must lie left of the last column and above the last
/// row of the image, so that their four neighbours exist.
public func referenceResampleRow(
  _ image: Span<UInt8>, width: Int, columns: Range<Int>, startX: Int, startY: Int, stepX: Int,
  stepY: Int, into out: inout MutableSpan<UInt8>
) {
  guard !columns.isEmpty else { return }
  let height = image.count / width
  for x in [columns.lowerBound, columns.upperBound - 1] {
    let column = (startX + x * stepX) >> 16
    let row = (startY + x * stepY) >> 16
    precondition(
      column >= 0 && column + 1 < width && row >= 0 && row + 1 < height,
      "column \(x) reads (\(column), \(row)) of \(width) × \(height)")
  }
  precondition(
    columns.lowerBound >= 0 && columns.upperBound <= out.count && image.count == width * height,
    "columns \(columns) of \(out.count)")
  switch CPULevel.current {
  case .base:
    KernelsBase.referenceResampleRow(
      image, width: width, first: columns.lowerBound, end: columns.upperBound, startX: startX,
      startY: startY, stepX: stepX, stepY: stepY, into: &out)
  case .v3:
    KernelsV3.referenceResampleRow(
      image, width: width, first: columns.lowerBound, end: columns.upperBound, startX: startX,
      startY: startY, stepX: stepX, stepY: stepY, into: &out)
  }
}

/// How far pixels lie from the mean, in 32nds of their tolerance (255 = eight times or more).
///
/// `ratio[i] = |(pixels[i] · gain + offset) / 256 − mean[i]| · reciprocal[i] / 4096`; `mean` is in
/// 16ths of a gray level. `marks` keeps the ratios above 32, else 0. Returns the largest ratio. All
/// have one length; `gain` and `offset` stay within ± 65,536 and ± 4,194,304.
public func referenceCompareRow(
  _ pixels: Span<UInt8>, mean: Span<UInt16>, reciprocal: Span<UInt16>, gain: Int32, offset: Int32,
  ratio: inout MutableSpan<UInt8>, marks: inout MutableSpan<UInt8>
) -> UInt8 {
  precondition(
    pixels.count == ratio.count && mean.count == ratio.count && reciprocal.count == ratio.count
      && marks.count == ratio.count,
    "rows differ in length: \(pixels.count), \(mean.count), \(ratio.count), \(marks.count)")
  precondition(
    abs(gain) <= 65_536 && abs(offset) <= 4_194_304, "gain \(gain), offset \(offset)")
  switch CPULevel.current {
  case .base:
    return KernelsBase.referenceCompareRow(
      pixels, mean: mean, reciprocal: reciprocal, gain: gain, offset: offset, ratio: &ratio,
      marks: &marks)
  case .v3:
    return KernelsV3.referenceCompareRow(
      pixels, mean: mean, reciprocal: reciprocal, gain: gain, offset: offset, ratio: &ratio,
      marks: &marks)
  }
}

/// `out[i]` = (pixels[i] · gain + offset) / 256 − mean[i], 16ths of a gray level, cut to ± `limit`
/// (≤ 32,767). All have one length; `gain` and `offset` as in `referenceCompareRow`.
public func referenceDifferenceRow(
  _ pixels: Span<UInt8>, mean: Span<UInt16>, gain: Int32, offset: Int32, limit: Int32,
  into out: inout MutableSpan<Int16>
) {
  precondition(
    pixels.count == out.count && mean.count == out.count && (0...32_767).contains(limit)
      && abs(gain) <= 65_536 && abs(offset) <= 4_194_304,
    "rows of \(pixels.count), \(mean.count), \(out.count), gain \(gain), offset \(offset)")
  switch CPULevel.current {
  case .base:
    KernelsBase.referenceDifferenceRow(
      pixels, mean: mean, gain: gain, offset: offset, limit: limit, into: &out)
  case .v3:
    KernelsV3.referenceDifferenceRow(
      pixels, mean: mean, gain: gain, offset: offset, limit: limit, into: &out)
  }
}

/// Takes a shading off a row: pixel i loses what lies between `nodes[k]` and `nodes[k + 1]` (gray
/// levels · 128, within ± 32,767), where k = i / cell; one node more than cells, the last cell may
/// be cut.
public func referenceUnshadeRow(
  _ pixels: inout MutableSpan<UInt8>, nodes: Span<Int32>, cell: Int
) {
  precondition(
    cell > 0 && nodes.count > (pixels.count + cell - 1) / cell,
    "\(nodes.count) nodes for \(pixels.count) pixels in cells of \(cell)")
  switch CPULevel.current {
  case .base: KernelsBase.referenceUnshadeRow(&pixels, nodes: nodes, cell: cell)
  case .v3: KernelsV3.referenceUnshadeRow(&pixels, nodes: nodes, cell: cell)
  }
}

/// Adds to five sums, over the pixels whose flag is not 0 and whose difference from the mean,
/// |(pixels[i] · gain + offset) / 256 − mean[i]|, is at most `limit` 16ths of a gray level: their
/// number, Σ pixel, Σ mean, Σ pixel², Σ pixel · mean. `mean` is in 16ths, at most 4,080; all rows have
/// one length.
public func referenceLightSums(
  _ pixels: Span<UInt8>, mean: Span<UInt16>, flags: Span<UInt8>, gain: Int32, offset: Int32,
  limit: Int32, into sums: inout MutableSpan<Int64>
) {
  precondition(
    mean.count == pixels.count && flags.count == pixels.count && sums.count == 5,
    "\(pixels.count) pixels, \(mean.count) means, \(flags.count) flags, \(sums.count) sums")
  switch CPULevel.current {
  case .base:
    KernelsBase.referenceLightSums(
      pixels, mean: mean, flags: flags, gain: gain, offset: offset, limit: limit, into: &sums)
  case .v3:
    KernelsV3.referenceLightSums(
      pixels, mean: mean, flags: flags, gain: gain, offset: offset, limit: limit, into: &sums)
  }
}

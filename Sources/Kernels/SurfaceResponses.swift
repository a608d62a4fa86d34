import KernelsBase
import KernelsV3

/// Twelve responses of one pyramid level averaged over one row of cells (see the `surface` method),
/// `cellStride` apart from `out[start]` on.
///
/// Planes have one `stride`; the offsets are those of column 0 of the first of the `step` rows (8, 4 or
/// 2); `low` has a row more above and below and a column more on both sides.
public func surfaceResponses(
  low: [Float], lowAt: Int, level: [Float], levelAt: Int, dog: [Float], dogAt: Int, stride: Int,
  step: Int, cells: Int, into out: inout [Float], from start: Int, cellStride: Int
) {
  let width = (cells * step + 7) / 8 * 8
  let last = (step - 1) * stride + width
  precondition(
    [2, 4, 8].contains(step) && cells > 0 && lowAt > stride
      && lowAt + last + stride < low.count && levelAt >= 0 && levelAt + last <= level.count
      && dogAt >= 0 && dogAt + last <= dog.count, "rows beyond the buffer")
  precondition(
    start >= 0 && cellStride >= 12 && start + (cells - 1) * cellStride + 12 <= out.count,
    "cells beyond the buffer")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.surfaceResponses(
      low: low.span, lowAt: lowAt, level: level.span, levelAt: levelAt, dog: dog.span,
      dogAt: dogAt, stride: stride, step: step, cells: cells, into: &outSpan, from: start,
      cellStride: cellStride)
  case .v3:
    KernelsV3.surfaceResponses(
      low: low.span, lowAt: lowAt, level: level.span, levelAt: levelAt, dog: dog.span,
      dogAt: dogAt, stride: stride, step: step, cells: cells, into: &outSpan, from: start,
      cellStride: cellStride)
  }
}

/// The mean over one row of cells of both halves of `dog`, each spread by a maximum over windows of
/// `step × step` that reach step/2 up and left: two values a cell.
///
/// `dog` has zeros outside the image, step/2 rows above, step/2 − 1 below and 8 columns on both sides;
/// `highest` and `lowest` are scratch of `step · stride` values.
public func surfacePeaks(
  _ dog: [Float], at: Int, stride: Int, step: Int, cells: Int, highest: inout [Float],
  lowest: inout [Float], into out: inout [Float], from start: Int, cellStride: Int
) {
  precondition(
    [2, 4, 8].contains(step) && stride % 8 == 0 && cells > 0
      && (cells * step + 7) / 8 * 8 + 16 <= stride && at >= step / 2 * stride + 8
      && at - 8 + (step + step / 2 - 1) * stride <= dog.count
      && step * stride <= min(highest.count, lowest.count), "rows beyond the buffer")
  precondition(
    start >= 0 && cellStride >= 2 && start + (cells - 1) * cellStride + 2 <= out.count,
    "cells beyond the buffer")
  var highestSpan = highest.mutableSpan
  var lowestSpan = lowest.mutableSpan
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.surfacePeaks(
      dog.span, at: at, stride: stride, step: step, cells: cells, highest: &highestSpan,
      lowest: &lowestSpan, into: &outSpan, from: start, cellStride: cellStride)
  case .v3:
    KernelsV3.surfacePeaks(
      dog.span, at: at, stride: stride, step: step, cells: cells, highest: &highestSpan,
      lowest: &lowestSpan, into: &outSpan, from: start, cellStride: cellStride)
  }
}

/// The mean of each cell of 8 × 8 pixels in one row of cells that begins at `at`.
public func cellMeans(
  _ level: [Float], at: Int, stride: Int, cells: Int, into out: inout [Float], from start: Int
) {
  precondition(
    at >= 0 && cells > 0 && stride > 0 && at + 7 * stride + 8 * cells <= level.count && start >= 0
      && start + cells <= out.count, "cells beyond the buffer")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.cellMeans(
      level.span, at: at, stride: stride, cells: cells, into: &outSpan, from: start)
  case .v3:
    KernelsV3.cellMeans(
      level.span, at: at, stride: stride, cells: cells, into: &outSpan, from: start)
  }
}

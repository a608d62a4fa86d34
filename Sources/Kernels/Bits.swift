import KernelsBase
import KernelsV3

/// Differing pixels of each 32 × 32 block between `test` and `template` moved by (dx, dy).
///
/// Both are `height` rows of `stride` words, 64 pixels a word, with margins of two words on each
/// side; |dx| ≤ 64. `counts` holds two columns for each word without margins, a row for 32 rows.
/// Only every `rowStep`-th row is counted. `lastMask` marks the pixels of the last word.
public func blockDifferences(
  _ test: Span<UInt64>, _ template: Span<UInt64>, stride: Int, height: Int, lastMask: UInt64,
  dx: Int, dy: Int, rowStep: Int, into counts: inout MutableSpan<Int32>
) {
  precondition(
    stride > 4 && height > 0 && test.count == stride * height && template.count == test.count
      && abs(dx) <= 64 && abs(dy) <= 1 << 20 && rowStep > 0
      && counts.count == (stride - 4) * 2 * ((height + 31) / 32),
    "\(test.count), \(template.count) words, \(stride) × \(height), \(counts.count) blocks")
  switch CPULevel.current {
  case .base:
    KernelsBase.blockDifferences(
      test, template, stride: stride, height: height, lastMask: lastMask, dx: dx, dy: dy,
      rowStep: rowStep, into: &counts)
  case .v3:
    KernelsV3.blockDifferences(
      test, template, stride: stride, height: height, lastMask: lastMask, dx: dx, dy: dy,
      rowStep: rowStep, into: &counts)
  }
}

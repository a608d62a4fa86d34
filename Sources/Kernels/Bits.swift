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

/// Pixels that differ between `test` and `template` moved by (dx, dy), in rows `first..<end` in
/// steps of `rowStep` and in the columns that `masks` marks, one word of it for each inner word.
///
/// Planes as for `blockDifferences`. Stops early, with a count of at least `limit`, as soon as the
/// result cannot be lower.
public func countDifferences(
  _ test: Span<UInt64>, _ template: Span<UInt64>, masks: Span<UInt64>, stride: Int, height: Int,
  first: Int, end: Int, dx: Int, dy: Int, rowStep: Int, limit: Int
) -> Int {
  precondition(
    stride == masks.count + 4 && height > 0 && test.count == stride * height
      && template.count == test.count && first >= 0 && end <= height && abs(dx) <= 64
      && abs(dy) <= 1 << 20 && rowStep > 0,
    "\(test.count), \(template.count) words, \(stride) × \(height), rows \(first) to \(end)")
  switch CPULevel.current {
  case .base:
    return KernelsBase.countDifferences(
      test, template, masks: masks, stride: stride, height: height, first: first, end: end, dx: dx,
      dy: dy, rowStep: rowStep, limit: limit)
  case .v3:
    return KernelsV3.countDifferences(
      test, template, masks: masks, stride: stride, height: height, first: first, end: end, dx: dx,
      dy: dy, rowStep: rowStep, limit: limit)
  }
}

/// Packs `pixels`, `width` a row, into bits: 1 where a pixel is at most `threshold`.
///
/// Rows of `words` are `stride` words with two of margin on the left and at least two on the right;
/// pixel x lies in bit x + 128 of its row. Bits outside the image repeat its border.
public func packDark(
  _ pixels: Span<UInt8>, width: Int, height: Int, threshold: UInt8, stride: Int,
  into words: inout MutableSpan<UInt64>
) {
  precondition(
    width > 0 && height > 0 && pixels.count == width * height
      && stride >= (width + 63) / 64 + 4 && words.count == stride * height,
    "\(pixels.count) pixels, \(width) × \(height), \(words.count) words, \(stride) a row")
  switch CPULevel.current {
  case .base:
    KernelsBase.packDark(
      pixels, width: width, height: height, threshold: threshold, stride: stride, into: &words)
  case .v3:
    KernelsV3.packDark(
      pixels, width: width, height: height, threshold: threshold, stride: stride, into: &words)
  }
}

/// Bits of rows of `columns` words dilated by `radius`, 1 to 63, to the left and right.
public func widen(
  _ words: Span<UInt64>, columns: Int, radius: Int, into out: inout MutableSpan<UInt64>
) {
  precondition(
    columns > 0 && words.count % columns == 0 && out.count == words.count && 1...63 ~= radius,
    "\(words.count) and \(out.count) words, \(columns) a row, radius \(radius)")
  switch CPULevel.current {
  case .base:
    KernelsBase.widen(
      words, columns: columns, radius: radius, into: &out)
  case .v3:
    KernelsV3.widen(
      words, columns: columns, radius: radius, into: &out)
  }
}

/// Bits of rows of `columns` words dilated by `radius` rows up and down.
public func heighten(
  _ words: Span<UInt64>, columns: Int, radius: Int, into out: inout MutableSpan<UInt64>
) {
  precondition(
    columns > 0 && words.count % columns == 0 && out.count == words.count && radius >= 0,
    "\(words.count) and \(out.count) words, \(columns) a row, radius \(radius)")
  switch CPULevel.current {
  case .base:
    KernelsBase.heighten(
      words, columns: columns, radius: radius, into: &out)
  case .v3:
    KernelsV3.heighten(
      words, columns: columns, radius: radius, into: &out)
  }
}

/// Sums over 3 × 3 blocks of `columns` a row; blocks outside count nothing. `rows` is scratch of
/// the same size.
public func sumNeighbours(
  _ counts: Span<Int32>, columns: Int, rows: inout MutableSpan<Int32>,
  into out: inout MutableSpan<Int32>
) {
  precondition(
    columns > 0 && counts.count % columns == 0 && rows.count == counts.count
      && out.count == counts.count,
    "\(counts.count), \(rows.count), \(out.count) blocks, \(columns) a row")
  switch CPULevel.current {
  case .base:
    KernelsBase.sumNeighbours(
      counts, columns: columns, rows: &rows, into: &out)
  case .v3:
    KernelsV3.sumNeighbours(
      counts, columns: columns, rows: &rows, into: &out)
  }
}

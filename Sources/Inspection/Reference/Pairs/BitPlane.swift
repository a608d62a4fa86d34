import Imaging
import Kernels

/// A binary image, 64 pixels a word, pixel x in bit x of its row; the border repeats outside.
struct BitPlane: Sendable {
  let width: Int
  let height: Int
  /// Words a row: two of margin on each side.
  let stride: Int
  fileprivate(set) var words: [UInt64]
  /// Marks the pixels of the last word of a row.
  var lastMask: UInt64 { width & 63 == 0 ? .max : (1 << UInt64(width & 63)) - 1 }
  var columns: Int { stride - 4 }

  /// A bit is 1 where the gray level is at most `threshold`.
  init(_ plane: Plane, threshold: UInt8) {
    width = plane.width
    height = plane.height
    stride = (plane.width + 63) / 64 + 4
    words = [UInt64](repeating: 0, count: stride * height)
    pack(plane.pixels, rows: 0..<height, threshold)
  }

  /// The same from an image that comes row by row. Throws what reading throws.
  init(_ image: any RowSource, threshold: UInt8) throws {
    var image = image
    width = image.width
    height = image.height
    stride = (image.width + 63) / 64 + 4
    words = [UInt64](repeating: 0, count: stride * height)
    try image.strips { rows, pixels in pack(pixels, rows: rows, threshold) }
  }

  private mutating func pack(_ pixels: [UInt8], rows: Range<Int>, _ threshold: UInt8) {
    let (width, stride) = (width, stride)
    let places = rows.lowerBound * stride..<rows.upperBound * stride
    var all = words.mutableSpan
    var out = all._mutatingExtracting(places)
    packDark(
      pixels.span, width: width, height: rows.count, threshold: threshold, stride: stride,
      into: &out)
  }

  /// 64 pixels from column `x` of row `y`; outside the image the border repeats.
  func bits(_ x: Int, _ y: Int) -> UInt64 {
    let start = min(max(x + 128, 0), (stride - 2) * 64)
    let index = min(max(y, 0), height - 1) * stride + start >> 6
    let shift = UInt64(start & 63)
    return words[index] &>> shift | (words[index + 1] &<< 1) &<< (63 - shift)
  }

  /// The image moved so that its pixel (x + dx, y + dy) lies at (x, y), cut to a window.
  func window(x: Int, y: Int, width: Int, height: Int, dx: Int = 0, dy: Int = 0) -> BitMask {
    var mask = BitMask(width: width, height: height)
    for row in 0..<height {
      for c in 0..<mask.columns {
        mask.words[row * mask.columns + c] = bits(x + dx + c * 64, y + dy + row)
      }
    }
    mask.trim()
    return mask
  }

  /// Dilated by one pixel to all sides.
  var dilated: BitPlane {
    var out = self
    var wide = [UInt64](repeating: 0, count: words.count)
    var between = wide.mutableSpan
    widen(words.span, columns: stride, radius: 1, into: &between)
    var span = out.words.mutableSpan
    heighten(wide.span, columns: stride, radius: 1, into: &span)
    return out
  }

  /// Differing pixels of each 32 × 32 block from `template` moved by (dx, dy); `counts` has two
  /// columns a word. Only every `rowStep`-th row is counted.
  func differences(
    _ template: BitPlane, dx: Int, dy: Int, rowStep: Int, into counts: inout [Int32]
  ) {
    var span = counts.mutableSpan
    blockDifferences(
      words.span, template.words.span, stride: stride, height: height, lastMask: lastMask, dx: dx,
      dy: dy, rowStep: rowStep, into: &span)
  }

  /// Differing pixels from `template` moved by (dx, dy) in every second row, `margin` pixels of
  /// border left out; at least `limit` when it is not lower.
  func difference(
    _ template: BitPlane, dx: Int, dy: Int, margin: Int, masks: [UInt64], limit: Int
  ) -> Int {
    countDifferences(
      words.span, template.words.span, masks: masks.span, stride: stride, height: height,
      first: margin, end: height - margin, dx: dx, dy: dy, rowStep: 2, limit: limit)
  }
}

import Imaging
import Kernels

/// A binary image, 64 pixels a word, pixel x in bit x of its row; the border repeats outside.
struct BitPlane: Sendable {
  let width: Int
  let height: Int
  /// Words a row: two of margin on each side.
  let stride: Int
  private(set) var words: [UInt64]
  /// Marks the pixels of the last word of a row.
  var lastMask: UInt64 { width & 63 == 0 ? .max : (1 << UInt64(width & 63)) - 1 }
  var columns: Int { stride - 4 }

  /// A bit is 1 where the gray level is at most `threshold`.
  init(_ plane: Plane, threshold: UInt8) {
    let width = plane.width
    let height = plane.height
    let stride = (width + 63) / 64 + 4
    var words = [UInt64](repeating: 0, count: stride * height)
    let pixels = plane.pixels.span
    var out = words.mutableSpan
    for y in 0..<height {
      for c in 0..<stride {
        var word: UInt64 = 0
        let first = (c - 2) * 64
        if first >= 0, first + 64 <= width {
          for b in 0..<64 {
            word |= (pixels[y * width + first + b] <= threshold ? 1 : 0) &<< UInt64(b)
          }
        } else {
          for b in 0..<64 {
            let x = min(max(first + b, 0), width - 1)
            word |= (pixels[y * width + x] <= threshold ? 1 : 0) &<< UInt64(b)
          }
        }
        out[y * stride + c] = word
      }
    }
    self.width = width
    self.height = height
    self.stride = stride
    self.words = words
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

  /// Differing pixels of each 32 × 32 block from `template` moved by (dx, dy).
  func differences(_ template: BitPlane, dx: Int, dy: Int, rowStep: Int = 1) -> [Int32] {
    var counts = [Int32](repeating: 0, count: columns * 2 * ((height + 31) / 32))
    var span = counts.mutableSpan
    blockDifferences(
      words.span, template.words.span, stride: stride, height: height, lastMask: lastMask, dx: dx,
      dy: dy, rowStep: rowStep, into: &span)
    return counts
  }
}

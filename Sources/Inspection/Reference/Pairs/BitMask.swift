import Kernels

/// Marked pixels, 64 a word; outside the mask nothing is marked.
struct BitMask: Sendable, Equatable {
  let width: Int
  let height: Int
  let columns: Int
  var words: [UInt64]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    columns = (width + 63) / 64
    words = [UInt64](repeating: 0, count: columns * height)
  }

  /// A mask with one marked rectangle.
  init(width: Int, height: Int, settingX x: Range<Int>, y: Range<Int>) {
    self.init(width: width, height: height)
    var row = [UInt64](repeating: 0, count: columns)
    for column in x { row[column >> 6] |= 1 &<< UInt64(column & 63) }
    for line in y {
      for c in 0..<columns { words[line * columns + c] = row[c] }
    }
  }

  /// Clears what lies right of the last pixel.
  mutating func trim() {
    guard width & 63 != 0 else { return }
    let mask: UInt64 = (1 << UInt64(width & 63)) - 1
    for y in 0..<height { words[(y + 1) * columns - 1] &= mask }
  }

  var count: Int {
    var sum = 0
    for word in words { sum += word.nonzeroBitCount }
    return sum
  }

  var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  /// Marked pixels in a rectangle.
  func count(x: Range<Int>, y: Range<Int>) -> Int {
    var sum = 0
    for line in y { sum += count(y: line, from: x.lowerBound, to: x.upperBound) }
    return sum
  }

  /// Marked pixels in columns `from..<to` of row `y`.
  func count(y: Int, from: Int, to: Int) -> Int {
    var sum = 0
    var x = from
    while x < to {
      let end = min(to, (x | 63) + 1)
      var word = words[y * columns + x >> 6] &>> UInt64(x & 63)
      if end - x < 64 { word &= (1 << UInt64(end - x)) - 1 }
      sum += word.nonzeroBitCount
      x = end
    }
    return sum
  }

  func isSet(_ x: Int, _ y: Int) -> Bool {
    words[y * columns + x >> 6] &>> UInt64(x & 63) & 1 == 1
  }

  /// `self` and `other`, or `self` without `other`.
  func and(_ other: BitMask) -> BitMask {
    var out = self
    out.formAnd(other)
    return out
  }

  func without(_ other: BitMask) -> BitMask {
    var out = self
    out.formWithout(other)
    return out
  }

  func or(_ other: BitMask) -> BitMask {
    var out = self
    out.formOr(other)
    return out
  }

  /// The same in place, without memory for another mask.
  mutating func formAnd(_ other: BitMask) { form(other) { $0 & $1 } }
  mutating func formWithout(_ other: BitMask) { form(other) { $0 & ~$1 } }
  mutating func formOr(_ other: BitMask) { form(other) { $0 | $1 } }

  @inline(__always)
  private mutating func form(_ other: BitMask, _ body: (UInt64, UInt64) -> UInt64) {
    let second = other.words.span
    var span = words.mutableSpan
    for i in 0..<second.count { span[i] = body(span[i], second[i]) }
  }

  mutating func invert() {
    for i in words.indices { words[i] = ~words[i] }
    trim()
  }

  var inverted: BitMask {
    var out = self
    out.invert()
    return out
  }

  /// Dilated by `radius` < 64 columns to each side.
  func widened(by radius: Int) -> BitMask {
    var out = self
    var span = out.words.mutableSpan
    widen(words.span, columns: columns, radius: radius, into: &span)
    out.trim()
    return out
  }

  /// Dilated by `radius` rows up and down.
  func heightened(by radius: Int) -> BitMask {
    var out = self
    var span = out.words.mutableSpan
    heighten(words.span, columns: columns, radius: radius, into: &span)
    return out
  }

  /// Dilated by a square of side 2 · `radius` + 1.
  func dilated(by radius: Int) -> BitMask { widened(by: radius).heightened(by: radius) }

  /// Dilated by the 5 × 5 ellipse: five wide in three rows, one wide in the outer two.
  var dilatedByEllipse: BitMask {
    var out = widened(by: 2).heightened(by: 1)
    out.formOr(heightened(by: 2))
    return out
  }
}

extension BitMask {
  /// Area, and the standard deviations of the marked pixels along their main axes, in pixels.
  var moments: (area: Int, long: Float, short: Float) {
    var n = 0.0
    var (x, y, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for row in 0..<height {
      for c in 0..<columns {
        var word = words[row * columns + c]
        while word != 0 {
          let u = Double(c * 64 + word.trailingZeroBitCount)
          let v = Double(row)
          (n, x, y) = (n + 1, x + u, y + v)
          (xx, yy, xy) = (xx + u * u, yy + v * v, xy + u * v)
          word &= word - 1
        }
      }
    }
    guard n > 0 else { return (0, 0, 0) }
    let (sxx, syy) = (xx / n - x / n * (x / n), yy / n - y / n * (y / n))
    let sxy = xy / n - x / n * (y / n)
    let middle = (sxx + syy) / 2
    let reach = ((sxx - syy) * (sxx - syy) / 4 + sxy * sxy).squareRoot()
    return (
      Int(n), Float(max(0, middle + reach).squareRoot()),
      Float(max(0, middle - reach).squareRoot())
    )
  }
}

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

  /// Clears what lies right of the last pixel.
  mutating func trim() {
    guard width & 63 != 0 else { return }
    let mask: UInt64 = (1 << UInt64(width & 63)) - 1
    for y in 0..<height { words[(y + 1) * columns - 1] &= mask }
  }

  var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

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
  func and(_ other: BitMask) -> BitMask { combined(other) { $0 & $1 } }
  func without(_ other: BitMask) -> BitMask { combined(other) { $0 & ~$1 } }
  func or(_ other: BitMask) -> BitMask { combined(other) { $0 | $1 } }

  private func combined(_ other: BitMask, _ body: (UInt64, UInt64) -> UInt64) -> BitMask {
    var out = self
    for i in words.indices { out.words[i] = body(words[i], other.words[i]) }
    return out
  }

  var inverted: BitMask {
    var out = self
    for i in words.indices { out.words[i] = ~words[i] }
    out.trim()
    return out
  }

  /// Dilated by `radius` ≤ 32 columns to each side.
  func widened(by radius: Int) -> BitMask {
    var out = self
    let span = words.span
    for y in 0..<height {
      for c in 0..<columns {
        let i = y * columns + c
        let before = c > 0 ? span[i - 1] : 0
        let after = c + 1 < columns ? span[i + 1] : 0
        var word = span[i]
        for r in 1...radius {
          let s = UInt64(r)
          word |= span[i] &<< s | before &>> (64 - s) | span[i] &>> s | after &<< (64 - s)
        }
        out.words[i] = word
      }
    }
    out.trim()
    return out
  }

  /// Dilated by `radius` rows up and down.
  func heightened(by radius: Int) -> BitMask {
    var out = self
    let span = words.span
    for y in 0..<height {
      for other in max(0, y - radius)...min(height - 1, y + radius) {
        for c in 0..<columns { out.words[y * columns + c] |= span[other * columns + c] }
      }
    }
    return out
  }

  /// Dilated by a square of side 2 · `radius` + 1.
  func dilated(by radius: Int) -> BitMask { widened(by: radius).heightened(by: radius) }

  /// Dilated by the 5 × 5 ellipse: five wide in three rows, one wide in the outer two.
  var dilatedByEllipse: BitMask { widened(by: 2).heightened(by: 1).or(heightened(by: 2)) }
}

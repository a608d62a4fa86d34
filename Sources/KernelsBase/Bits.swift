/// Differing pixels of each 32 × 32 block between `test` and `template` moved by (dx, dy).
///
/// Rows are `stride` words of 64 pixels, two words of margin on the left and at least two on the
/// right; rows above and below repeat the border row. `counts` has two columns a word.
public func blockDifferences(
  _ test: Span<UInt64>, _ template: Span<UInt64>, stride: Int, height: Int, lastMask: UInt64,
  dx: Int, dy: Int, rowStep: Int, into counts: inout MutableSpan<Int32>
) {
  let columns = stride &- 4
  for i in 0..<counts.count { counts[i] = 0 }
  let first = 128 &+ dx
  let shift = UInt64(truncatingIfNeeded: first & 63)
  var y = 0
  while y < height {
    let own = y &* stride &+ 2
    let other = min(max(y &+ dy, 0), height &- 1) &* stride &+ (first >> 6)
    let blocks = (y >> 5) &* columns &* 2
    for c in 0..<columns {
      let low = template[other &+ c] &>> shift
      let high = (template[other &+ c &+ 1] &<< 1) &<< (63 &- shift)
      var differ = test[own &+ c] ^ (low | high)
      if c == columns &- 1 { differ &= lastMask }
      let left = Int32(truncatingIfNeeded: (differ & 0xFFFF_FFFF).nonzeroBitCount)
      let right = Int32(truncatingIfNeeded: (differ &>> 32).nonzeroBitCount)
      counts[blocks &+ 2 &* c] = counts[blocks &+ 2 &* c] &+ left
      counts[blocks &+ 2 &* c &+ 1] = counts[blocks &+ 2 &* c &+ 1] &+ right
    }
    y &+= rowStep
  }
}

/// Pixels that differ between `test` and `template` moved by (dx, dy), in rows `first..<end` in
/// steps of `rowStep` and in the columns that `masks` marks, one word of it for each inner word.
///
/// Stops early, with a count of at least `limit`, as soon as the result cannot be lower.
public func countDifferences(
  _ test: Span<UInt64>, _ template: Span<UInt64>, masks: Span<UInt64>, stride: Int, height: Int,
  first: Int, end: Int, dx: Int, dy: Int, rowStep: Int, limit: Int
) -> Int {
  let start = 128 &+ dx
  let shift = UInt64(truncatingIfNeeded: start & 63)
  var count = 0
  var y = first
  while y < end, count < limit {
    let own = y &* stride &+ 2
    let other = min(max(y &+ dy, 0), height &- 1) &* stride &+ (start >> 6)
    for c in 0..<masks.count {
      let low = template[other &+ c] &>> shift
      let high = (template[other &+ c &+ 1] &<< 1) &<< (63 &- shift)
      count &+= ((test[own &+ c] ^ (low | high)) & masks[c]).nonzeroBitCount
    }
    y &+= rowStep
  }
  return count
}

/// Packs `pixels`, `width` a row, into bits: 1 where a pixel is at most `threshold`.
///
/// Rows of `words` are `stride` words with two of margin on the left and at least two on the right;
/// pixel x lies in bit x + 128 of its row. Bits outside the image repeat its border.
public func packDark(
  _ pixels: Span<UInt8>, width: Int, height: Int, threshold: UInt8, stride: Int,
  into words: inout MutableSpan<UInt64>
) {
  let high: UInt64 = 0x8080_8080_8080_8080
  let spread: UInt64 = 0x0101_0101_0101_0101
  // Seven low bits are compared by a subtraction in each byte, which cannot borrow from the next;
  // the eighth decides first where pixel and threshold differ in it.
  let low = UInt64(threshold | 0x80) &* spread
  let isHigh: UInt64 = threshold & 0x80 == 0 ? 0 : .max
  for y in 0..<height {
    let row = y &* width
    let out = y &* stride
    var x = 0
    var c = 2
    while x &+ 64 <= width {
      var word: UInt64 = 0
      for part in 0..<8 {
        var eight: UInt64 = 0
        for i in 0..<8 {
          eight |= UInt64(pixels[row &+ x &+ part &* 8 &+ i]) &<< UInt64(8 &* i)
        }
        let less = low &- (eight & ~high)
        let dark = ((less & ~eight) | ((less | ~eight) & isHigh)) & high
        // Gathers the lowest bits of the bytes in the top byte, the first lowest.
        let bits = ((dark &>> 7) &* 0x0102_0408_1020_4080) &>> 56
        word |= bits &<< UInt64(8 &* part)
      }
      words[out &+ c] = word
      x &+= 64
      c &+= 1
    }
    let isLastDark: UInt64 = pixels[row &+ width &- 1] <= threshold ? .max : 0
    var word = isLastDark
    let rest = width &- x
    if rest > 0 { word = word &<< UInt64(rest) }
    for i in 0..<rest where pixels[row &+ x &+ i] <= threshold { word |= 1 &<< UInt64(i) }
    words[out &+ c] = word
    for margin in c &+ 1..<stride { words[out &+ margin] = isLastDark }
    let isFirstDark: UInt64 = pixels[row] <= threshold ? .max : 0
    words[out] = isFirstDark
    words[out &+ 1] = isFirstDark
  }
}

/// Bits of rows of `columns` words dilated by `radius`, 1 to 63, to the left and right; nothing is
/// set outside.
public func widen(
  _ words: Span<UInt64>, columns: Int, radius: Int, into out: inout MutableSpan<UInt64>
) {
  let height = words.count / columns
  for y in 0..<height {
    for c in 0..<columns {
      let i = y &* columns &+ c
      let own = words[i]
      let before: UInt64 = c > 0 ? words[i &- 1] : 0
      let after: UInt64 = c &+ 1 < columns ? words[i &+ 1] : 0
      var word = own
      if own | before | after != 0 {
        for r in 1...radius {
          let s = UInt64(truncatingIfNeeded: r)
          word |= own &<< s | before &>> (64 &- s) | own &>> s | after &<< (64 &- s)
        }
      }
      out[i] = word
    }
  }
}

/// Bits of rows of `columns` words dilated by `radius` rows up and down.
public func heighten(
  _ words: Span<UInt64>, columns: Int, radius: Int, into out: inout MutableSpan<UInt64>
) {
  let height = words.count / columns
  for y in 0..<height {
    let row = y &* columns
    for c in 0..<columns { out[row &+ c] = words[row &+ c] }
    for other in max(0, y &- radius)..<min(height, y &+ radius &+ 1) {
      let from = other &* columns
      for c in 0..<columns { out[row &+ c] |= words[from &+ c] }
    }
  }
}

/// Sums over 3 × 3 blocks of `columns` a row; blocks outside count nothing. `rows` is scratch of
/// the same size.
public func sumNeighbours(
  _ counts: Span<Int32>, columns: Int, rows: inout MutableSpan<Int32>,
  into out: inout MutableSpan<Int32>
) {
  let height = counts.count / columns
  for y in 0..<height {
    let row = y &* columns
    for x in 0..<columns {
      var sum = counts[row &+ x]
      if x > 0 { sum = sum &+ counts[row &+ x &- 1] }
      if x &+ 1 < columns { sum = sum &+ counts[row &+ x &+ 1] }
      rows[row &+ x] = sum
    }
  }
  for y in 0..<height {
    let row = y &* columns
    for x in 0..<columns { out[row &+ x] = rows[row &+ x] }
    if y > 0 { for x in 0..<columns { out[row &+ x] = out[row &+ x] &+ rows[row &- columns &+ x] } }
    if y &+ 1 < height {
      for x in 0..<columns { out[row &+ x] = out[row &+ x] &+ rows[row &+ columns &+ x] }
    }
  }
}

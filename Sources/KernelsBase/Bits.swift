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

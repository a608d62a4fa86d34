import KernelsBase
import KernelsV3

/// Undoes the filters of `height` PNG rows of `count` bytes, one byte a pixel.
///
/// `rows` holds at least `height · (count + 1)` bytes, the number of the filter in front of each row;
/// the first `height · count` bytes of `out` are filled. False when a filter does not exist.
public func unfilter(_ rows: [UInt8], into out: inout [UInt8], count: Int, height: Int) -> Bool {
  precondition(
    count > 0 && height > 0 && rows.count >= height * (count + 1) && out.count >= height * count,
    "\(height) rows of \(count) bytes do not fit \(rows.count) and \(out.count)")
  var outSpan = out.mutableSpan
  return switch CPULevel.current {
  case .base: KernelsBase.unfilter(rows.span, into: &outSpan, count: count, height: height)
  case .v3: KernelsV3.unfilter(rows.span, into: &outSpan, count: count, height: height)
  }
}

/// Spreads the bits of `height` rows, each padded to whole bytes, to `width` bytes of 0 and 255.
public func expandBits(_ packed: [UInt8], into out: inout [UInt8], width: Int, height: Int) {
  precondition(
    width > 0 && height > 0 && packed.count >= (width + 7) / 8 * height
      && out.count >= width * height,
    "\(height) rows of \(width) bits do not fit \(packed.count) and \(out.count)")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base: KernelsBase.expandBits(packed.span, into: &outSpan, width: width, height: height)
  case .v3: KernelsV3.expandBits(packed.span, into: &outSpan, width: width, height: height)
  }
}

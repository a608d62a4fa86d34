import KernelsBase
import KernelsV3

/// The five filters of a PNG row (PNG specification, 9.2), by the number in front of the row.
public enum PNGRowFilter: UInt8, Sendable, CaseIterable {
  case none = 0
  case sub, up, average, paeth
}

/// Undoes the filter of one row of `count` bytes at `at`, one byte a pixel, in place; the row above
/// lies at `above`, already undone (a row of zeros for the first).
public func unfilter(
  _ rows: inout [UInt8], at: Int, above: Int, count: Int, _ filter: PNGRowFilter
) {
  precondition(
    above >= 0 && above + count <= at && at + count <= rows.count, "row beyond the buffer")
  var span = rows.mutableSpan
  // Sub, Average and Paeth are chains from pixel to pixel: wider vectors change nothing in them.
  switch (filter, CPULevel.current) {
  case (.none, _): break
  case (.sub, _): KernelsBase.unfilterSub(&span, at: at, count: count)
  case (.up, .base): KernelsBase.unfilterUp(&span, at: at, above: above, count: count)
  case (.up, .v3): KernelsV3.unfilterUp(&span, at: at, above: above, count: count)
  case (.average, _): KernelsBase.unfilterAverage(&span, at: at, above: above, count: count)
  case (.paeth, _): KernelsBase.unfilterPaeth(&span, at: at, above: above, count: count)
  }
}

/// Spreads `count` bits, the highest first, to bytes of 0 and 255.
public func expandBits(
  _ packed: [UInt8], at: Int, into out: inout [UInt8], from start: Int, count: Int
) {
  precondition(
    at >= 0 && at + (count + 7) / 8 <= packed.count && start >= 0 && start + count <= out.count,
    "row beyond the buffer")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base: KernelsBase.expandBits(packed.span, at: at, into: &outSpan, from: start, count: count)
  case .v3: KernelsV3.expandBits(packed.span, at: at, into: &outSpan, from: start, count: count)
  }
}

import KernelsBase
import KernelsV3

/// Inflates deflate data (RFC 1951) whose size is known. Keeps its tables from image to image.
public struct Inflater: Sendable {
  private var tables = [UInt32](repeating: 0, count: KernelsBase.inflateTablesCount)

  /// Bytes that stand after the compressed bytes and after the place for the result.
  public static let slack = KernelsBase.inflateSlack

  /// One with empty tables (69 KiB).
  public init() {}

  /// Inflates `input[range]` into the first `size` bytes of `out`, whose last `slack` bytes are
  /// scratch. False when the data are damaged, reach back more than `window` bytes, or do not fill
  /// `range` and `size` exactly.
  public mutating func inflate(
    _ input: [UInt8], in range: Range<Int>, window: Int, into out: inout [UInt8], size: Int
  ) -> Bool {
    precondition(
      range.lowerBound >= 0 && range.upperBound + Self.slack <= input.count && size >= 0
        && size + Self.slack <= out.count,
      "no slack after \(range) of \(input.count) or \(size) of \(out.count) bytes")
    var outSpan = out.mutableSpan
    var tableSpan = tables.mutableSpan
    let end =
      switch CPULevel.current {
      case .base:
        KernelsBase.inflate(
          input.span, from: range.lowerBound, to: range.upperBound, window: window, into: &outSpan,
          size: size, tables: &tableSpan)
      case .v3:
        KernelsV3.inflate(
          input.span, from: range.lowerBound, to: range.upperBound, window: window, into: &outSpan,
          size: size, tables: &tableSpan)
      }
    return end == range.upperBound
  }
}

import KernelsBase
import KernelsV3

/// Fills `radius` values on both sides of the row of `width` values at `at` with its reflection, the
/// edge counted twice.
public func reflectSides(_ values: inout [Float], at: Int, width: Int, radius: Int) {
  precondition(
    width > 0 && radius >= 0 && at >= radius && at + width + radius <= values.count,
    "row beyond the buffer")
  var valuesSpan = values.mutableSpan
  switch CPULevel.current {
  case .base: KernelsBase.reflectSides(&valuesSpan, at: at, width: width, radius: radius)
  case .v3: KernelsV3.reflectSides(&valuesSpan, at: at, width: width, radius: radius)
  }
}

/// A row with `radius` columns more on each side, reflected with the edge counted twice.
public func reflectRow(
  _ source: [Float], at: Int, width: Int, radius: Int, into out: inout [Float]
) {
  precondition(
    width > 0 && radius >= 0 && at >= 0 && at + width <= source.count
      && width + 2 * radius <= out.count, "row beyond the buffer")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.reflectRow(source.span, at: at, width: width, radius: radius, into: &outSpan)
  case .v3: KernelsV3.reflectRow(source.span, at: at, width: width, radius: radius, into: &outSpan)
  }
}

/// Means over `2 · radius + 1` neighbours along one row of `width` values from `at` on, borders
/// continued with the edge value; the part of `radius` beyond its whole counts the outermost two in
/// part. `row` is scratch of at least `width + 2 · radius + 4` values; `out` is as large as `source`.
public func boxMeanRow(
  _ source: [Float], at: Int, width: Int, radius: Float, row: inout [Float], into out: inout [Float]
) {
  let whole = Int(radius)
  precondition(
    width > 0 && radius >= 0 && at >= 0 && at + width <= min(source.count, out.count)
      && width + 2 * whole + 2 <= row.count, "row beyond the buffer")
  let part = radius - Float(whole)
  let scale = 1 / (2 * radius + 1)
  var rowSpan = row.mutableSpan
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.boxMeanRow(
      source.span, at: at, width: width, whole: whole, part: part, scale: scale, row: &rowSpan,
      into: &outSpan)
  case .v3:
    KernelsV3.boxMeanRow(
      source.span, at: at, width: width, whole: whole, part: part, scale: scale, row: &rowSpan,
      into: &outSpan)
  }
}

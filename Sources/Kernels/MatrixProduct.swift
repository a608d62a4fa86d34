import KernelsBase
import KernelsV3

/// `c = a · b` (or `c += a · b` with `adding`): a is `rows × inner`, b
/// `inner × columns` and c `rows × columns`, both row by row. `columns` is a multiple of 16. Sums run
/// in the order of the inner index: the same bits at every CPU level.
public func matrixProduct(
  _ a: [Float], rowStride: Int, innerStride: Int, _ b: [Float], rows: Int,
  inner: Int, columns: Int, adding: Bool = false, into c: inout [Float]
) {
  precondition(rows > 0 && inner > 0 && columns % 16 == 0, "\(rows) × \(inner) × \(columns)")
  precondition(
    rowStride >= 0 && innerStride >= 0
      && (rows - 1) * rowStride + (inner - 1) * innerStride < a.count
      && inner * columns <= b.count && rows * columns <= c.count, "matrix beyond the buffer")
  var cSpan = c.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.matrixProduct(
      a.span, rowStride: rowStride, innerStride: innerStride, b.span, rows: rows,
      inner: inner, columns: columns, adding: adding, into: &cSpan)
  case .v3:
    KernelsV3.matrixProduct(
      a.span, rowStride: rowStride, innerStride: innerStride, b.span, rows: rows,
      inner: inner, columns: columns, adding: adding, into: &cSpan)
  }
}

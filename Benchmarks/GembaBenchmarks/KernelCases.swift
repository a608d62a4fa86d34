import KernelsBase
import KernelsV3

/// The kernels at both CPU levels, beside copying the same bytes.
enum KernelCases {
  static func run() {
    copying()
    difference()
    product()
  }

  private static let count = 1 << 16

  private static func copying() {
    let source = [UInt8](repeating: 3, count: count)
    var target = [UInt8](repeating: 0, count: count)
    let measured = Measurement(passes: 15, pieces: 500) {
      for _ in 0..<500 {
        var out = target.mutableSpan
        KernelsV3.copyBytes(source.span, at: 0, into: &out, from: 0, count: count)
      }
    }
    Line.print("copy 64 KiB", measured, [("gigabytesPerSecond", rate(measured))])
  }

  private static func difference() {
    let a = [UInt8](repeating: 3, count: count)
    let b = [UInt8](repeating: 9, count: count)
    var target = a
    let base = Measurement(passes: 15, pieces: 500) {
      for _ in 0..<500 {
        var out = target.mutableSpan
        KernelsBase.absoluteDifference(a.span, b.span, into: &out)
      }
    }
    Line.print("absolute difference, base", base, [("gigapixelsPerSecond", rate(base))])
    let wide = Measurement(passes: 15, pieces: 500) {
      for _ in 0..<500 {
        var out = target.mutableSpan
        KernelsV3.absoluteDifference(a.span, b.span, into: &out)
      }
    }
    Line.print("absolute difference, v3", wide, [("gigapixelsPerSecond", rate(wide))])
  }

  private static func rate(_ measured: Measurement) -> Double {
    Double(count) / measured.minimum / 1e6
  }

  private static func product() {
    let (rows, inner, columns) = (40, 137, 128)
    let a = [Float](repeating: 0.5, count: rows * inner)
    let b = [Float](repeating: 0.25, count: inner * columns)
    var target = [Float](repeating: 0, count: rows * columns)
    let work = Double(rows * inner * columns)
    let base = Measurement(passes: 15, pieces: 100) {
      for _ in 0..<100 {
        var out = target.mutableSpan
        KernelsBase.matrixProduct(
          a.span, rowStride: inner, innerStride: 1, b.span, rows: rows, inner: inner,
          columns: columns, adding: false, into: &out)
      }
    }
    Line.print(
      "matrix product, base", base, [("gigaMultiplyAddsPerSecond", work / base.minimum / 1e6)])
    let wide = Measurement(passes: 15, pieces: 100) {
      for _ in 0..<100 {
        var out = target.mutableSpan
        KernelsV3.matrixProduct(
          a.span, rowStride: inner, innerStride: 1, b.span, rows: rows, inner: inner,
          columns: columns, adding: false, into: &out)
      }
    }
    Line.print(
      "matrix product, v3", wide, [("gigaMultiplyAddsPerSecond", work / wide.minimum / 1e6)])
  }
}

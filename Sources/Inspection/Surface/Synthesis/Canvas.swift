import Kernels

/// A picture or a mask of floats, row by row, on which synthetic defects are painted.
struct Canvas: Sendable {
  let width: Int
  let height: Int
  var values: [Float]

  init(width: Int, height: Int, filledWith value: Float = 0) {
    self.width = width
    self.height = height
    values = [Float](repeating: value, count: width * height)
  }

  init(width: Int, height: Int, values: [Float]) {
    self.width = width
    self.height = height
    self.values = values
  }

  /// `body(a, b)` for every pair of values.
  func combined(with other: Canvas, _ body: (Float, Float) -> Float) -> Canvas {
    var out = self
    for i in out.values.indices { out.values[i] = body(values[i], other.values[i]) }
    return out
  }

  /// `body(a)` for every value.
  func mapped(_ body: (Float) -> Float) -> Canvas {
    Canvas(width: width, height: height, values: values.map(body))
  }

  /// The value below which a share of the values lies, from at most 4,096 of them.
  func quantile(_ share: Float) -> Float {
    let step = max(1, values.count / 4096)
    let sorted = stride(from: 0, to: values.count, by: step).map { values[$0] }.sorted()
    return sorted[min(sorted.count - 1, Int(share * Float(sorted.count)))]
  }

  /// Smoothed as by a Gaussian of `sigma` pixels: three box means whose variances add up to σ²
  /// (Wells 1986), borders continued; below σ 0.3 unchanged.
  func blurred(_ sigma: Float) -> Canvas {
    guard sigma >= 0.3 else { return self }
    var out = self
    let radius = BoxMean.radius(sigma: sigma)
    for _ in 0..<3 {
      out = BoxMean.acrossRows(out, radius)
      out = BoxMean.downColumns(out, radius)
    }
    return out
  }

  /// Bilinear value at a place between pixels, borders reflected.
  func sample(_ x: Float, _ y: Float) -> Float {
    let left = x.rounded(.down)
    let top = y.rounded(.down)
    let fx = x - left
    let fy = y - top
    let x0 = Reflection.withEdge.index(Int(left), width)
    let x1 = Reflection.withEdge.index(Int(left) + 1, width)
    let y0 = Reflection.withEdge.index(Int(top), height) * width
    let y1 = Reflection.withEdge.index(Int(top) + 1, height) * width
    let upper = values[y0 + x0] * (1 - fx) + values[y0 + x1] * fx
    let lower = values[y1 + x0] * (1 - fx) + values[y1 + x1] * fx
    return upper * (1 - fy) + lower * fy
  }

  /// Every pixel taken from where `place(x, y)` says.
  func warped(_ place: (Float, Float) -> (Float, Float)) -> Canvas {
    var out = self
    for y in 0..<height {
      for x in 0..<width {
        let (sx, sy) = place(Float(x), Float(y))
        out.values[y * width + x] = sample(sx, sy)
      }
    }
    return out
  }
}

/// Running means over `2r + 1` pixels, borders continued with the edge value. `r` may be fractional:
/// the two outermost pixels then count in part.
enum BoxMean {
  /// The radius r = w + p of the box of variance σ²/3, three of which have the variance σ².
  ///
  /// 2w + 1 whole pixels and p of the next on both sides have the variance
  /// (w(w + 1)(2w + 1)/3 + 2p(w + 1)²)/(2w + 1 + 2p).
  static func radius(sigma: Float) -> Float {
    let variance = sigma * sigma / 3
    let whole = (((12 * variance + 1).squareRoot() - 1) / 2).rounded(.down)
    let inner = whole * (whole + 1) * (2 * whole + 1) / 3
    let next = (whole + 1) * (whole + 1)
    return whole + (variance * (2 * whole + 1) - inner) / (2 * (next - variance))
  }

  static func acrossRows(_ source: Canvas, _ radius: Float) -> Canvas {
    var out = source
    var row = [Float](repeating: 0, count: source.width + 2 * Int(radius) + 4)
    for y in 0..<source.height {
      boxMeanRow(
        source.values, at: y * source.width, width: source.width, radius: radius, row: &row,
        into: &out.values)
    }
    return out
  }

  static func downColumns(_ source: Canvas, _ radius: Float) -> Canvas {
    var out = source
    let whole = Int(radius)
    let part = radius - Float(whole)
    let scale = 1 / (2 * radius + 1)
    let width = source.width
    let last = source.height - 1
    let input = source.values.span
    var output = out.values.mutableSpan
    var sums = [Float](repeating: 0, count: width)
    var sum = sums.mutableSpan
    for k in -whole...whole {
      let row = min(max(k, 0), last) * width
      for x in 0..<width { sum[x] += input[row + x] }
    }
    for y in 0...last {
      let above = max(y - whole - 1, 0) * width
      let below = min(y + whole + 1, last) * width
      let leaving = max(y - whole, 0) * width
      for x in 0..<width {
        output[y * width + x] = (sum[x] + part * (input[above + x] + input[below + x])) * scale
        sum[x] += input[below + x] - input[leaving + x]
      }
    }
    return out
  }
}

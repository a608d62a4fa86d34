import Kernels

/// A plane of floats whose rows begin at multiples of eight and have room on all sides, so that
/// kernels run over whole vectors and filters read beyond the border.
final class PaddedPlane {
  let width: Int
  let height: Int
  /// Floats from one row to the next; a multiple of 8.
  let stride: Int
  /// Whole vectors that cover a row; a multiple of 8.
  let vectorWidth: Int
  /// Columns before column 0 and rows above row 0.
  let margin: Int
  let topRows: Int
  var values: [Float]

  /// Zeros; `margin` columns (a multiple of 8) on both sides, `rows` more rows above and below.
  init(width: Int, height: Int, margin: Int = 0, rows: Int = 0) {
    self.width = width
    self.height = height
    self.margin = margin
    topRows = rows
    vectorWidth = (width + 7) & ~7
    stride = vectorWidth + 2 * margin
    values = [Float](repeating: 0, count: stride * (height + 2 * rows))
  }

  /// Where column 0 of row `y` lies, `-topRows ≤ y < height + topRows`.
  func offset(_ y: Int) -> Int { (y + topRows) * stride + margin }
}

/// The place inside `0..<count` that reflection at the borders leads to, cb|abc|ba (`edge` counted
/// once) for `.withoutEdge`, cba|abc|cba for `.withEdge`; reflected again as often as needed.
enum Reflection {
  case withEdge
  case withoutEdge

  func index(_ position: Int, _ count: Int) -> Int {
    if count == 1 { return 0 }
    var position = position
    while position < 0 || position >= count {
      switch self {
      case .withEdge: position = position < 0 ? -1 - position : 2 * count - 1 - position
      case .withoutEdge: position = position < 0 ? -position : 2 * count - 2 - position
      }
    }
    return position
  }
}

/// A separable Gaussian, exp(−x²/2σ²) normalised, borders reflected with the edge pixel.
struct GaussianFilter {
  /// t₀ … t_r.
  let taps: [Float]

  /// Radius r = ⌈4σ⌉, beyond which the tail is below 0.04 % of the peak.
  init(sigma: Double) {
    let radius = max(1, Int((4 * sigma).rounded(.up)))
    var taps = (0...radius).map { MathFunctions.exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let sum = taps[0] + 2 * taps.dropFirst().reduce(0, +)
    taps = taps.map { $0 / sum }
    self.taps = taps.map(Float.init)
  }

  var radius: Int { taps.count - 1 }

  /// Filters `source` into `out` (same size), with `rows` as scratch for the rows filtered first.
  func apply(_ source: PaddedPlane, into out: PaddedPlane, rows: PaddedPlane) {
    let width = source.width
    var padded = [Float](repeating: 0, count: source.vectorWidth + 2 * radius + 8)
    let across = Array(0...2 * radius)
    for y in 0..<source.height {
      reflectRow(
        source.values, at: source.offset(y), width: width, radius: radius, into: &padded)
      let to = rows.offset(y)
      symmetricFilter(
        padded, offsets: across, taps: taps, into: &rows.values, at: to,
        count: source.vectorWidth)
    }
    var down = [Int](repeating: 0, count: 2 * radius + 1)
    for y in 0..<source.height {
      for k in 0...2 * radius {
        down[k] = rows.offset(Reflection.withEdge.index(y + k - radius, source.height))
      }
      let to = out.offset(y)
      symmetricFilter(
        rows.values, offsets: down, taps: taps, into: &out.values, at: to,
        count: source.vectorWidth)
    }
  }
}

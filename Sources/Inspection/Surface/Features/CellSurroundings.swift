import Kernels

/// What surrounds the cells of some rows: means over 5 × 5 cells, and how much the 3 × 3 means four
/// cells above and below differ. Borders are reflected with the edge.
struct CellSurroundings {
  /// Rows of cells computed here.
  let rows: Range<Int>
  /// `CellFeatures.stride` values a cell each.
  private(set) var wide: [Float]
  private(set) var contrast: [Float]

  private static let reach = 4
  private static let taps: [[Float]] = [1, 2].map { radius in
    [Float](repeating: 1 / Float(2 * radius + 1), count: radius + 1)
  }
  private let columns: Int
  private let height: Int
  private let nearRows: Range<Int>
  private var scratch: Scratch
  private var near: [Float]

  /// A row with more cells on both sides, and rows averaged along themselves.
  private struct Scratch {
    var padded: [Float]
    var across: [Float]
  }

  /// Room for `rows` of `height` rows of `columns` cells.
  init(columns: Int, height: Int, rows: Range<Int>) {
    self.rows = rows
    self.columns = columns
    self.height = height
    nearRows = max(rows.lowerBound - Self.reach, 0)..<min(rows.upperBound + Self.reach, height)
    let cells = columns * rows.count
    wide = [Float](repeating: 0, count: cells * CellFeatures.stride)
    contrast = wide
    let acrossRows = min(nearRows.count + 2, height)
    scratch = Scratch(
      padded: [Float](repeating: 0, count: (columns + 4) * CellFeatures.stride),
      across: [Float](repeating: 0, count: acrossRows * columns * CellFeatures.stride))
    near = [Float](repeating: 0, count: nearRows.count * columns * CellFeatures.stride)
  }

  /// Computes both from standardised cells `c`.
  mutating func fill(from c: CellFeatures) {
    let length = columns * CellFeatures.stride
    Self.average(c, rows, radius: 2, &scratch, into: &wide)
    Self.average(c, nearRows, radius: 1, &scratch, into: &near)
    for y in rows {
      let up = max(y - Self.reach, 0) - nearRows.lowerBound
      let down = min(y + Self.reach, height - 1) - nearRows.lowerBound
      absoluteDifference(
        near, up * length, down * length, into: &contrast,
        from: (y - rows.lowerBound) * length, count: length)
    }
  }

  /// Means over `(2 · radius + 1)²` cells of `wanted` rows.
  private static func average(
    _ c: CellFeatures, _ wanted: Range<Int>, radius: Int, _ scratch: inout Scratch,
    into out: inout [Float]
  ) {
    let length = c.columns * CellFeatures.stride
    let taps = taps[radius - 1]
    let first = max(wanted.lowerBound - radius, 0)
    let last = min(wanted.upperBound + radius, c.rows)
    for y in first..<last {
      pad(c, y, radius, into: &scratch.padded)
      symmetricFilter(
        scratch.padded, at: radius * CellFeatures.stride, stride: CellFeatures.stride,
        taps: taps, into: &scratch.across, from: (y - first) * length, count: length)
    }
    var offsets = [Int](repeating: 0, count: 2 * radius + 1)
    for y in wanted {
      for k in 0...2 * radius {
        offsets[k] = (Reflection.withEdge.index(y + k - radius, c.rows) - first) * length
      }
      symmetricFilter(
        scratch.across, offsets: offsets, taps: taps, into: &out,
        at: (y - wanted.lowerBound) * length, count: length)
    }
  }

  /// Row `y` with `radius` cells more on both sides.
  private static func pad(
    _ c: CellFeatures, _ y: Int, _ radius: Int, into padded: inout [Float]
  ) {
    let stride = CellFeatures.stride
    let row = y * c.columns * stride
    copyFloats(
      c.values, at: row, into: &padded, from: radius * stride, count: c.columns * stride)
    for k in 1...radius {
      for (x, to) in [(-k, radius - k), (c.columns - 1 + k, radius + c.columns - 1 + k)] {
        copyFloats(
          c.values, at: row + Reflection.withEdge.index(x, c.columns) * stride, into: &padded,
          from: to * stride, count: stride)
      }
    }
  }
}

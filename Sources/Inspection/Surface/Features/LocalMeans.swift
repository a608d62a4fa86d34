import Kernels

/// The mean of L of every cell of an image, smoothed by σ 1.5 and by σ 4 cells.
struct LocalMeans: Sendable {
  /// Which of a cell's values is its mean of L; its differences from the smoothed ones follow.
  static let place = 42

  private static let near = GaussianFilter(sigma: 1.5)
  private static let far = GaussianFilter(sigma: 4)

  private let columns: Int
  private let smoothed: [Float]
  private let farther: [Float]

  /// From the `columns · rows` means of L of the whole image.
  init(_ means: [Float], columns: Int, rows: Int) {
    let plane = PaddedPlane(width: columns, height: rows)
    for y in 0..<rows {
      copyFloats(
        means, at: y * columns, into: &plane.values, from: plane.offset(y), count: columns)
    }
    self.columns = columns
    smoothed = Self.smooth(plane, Self.near)
    farther = Self.smooth(plane, Self.far)
  }

  /// From the features of the whole image.
  init(of cells: CellFeatures) {
    self.init(Self.means(of: cells), columns: cells.columns, rows: cells.rows)
  }

  /// The mean of L of each cell.
  static func means(of cells: CellFeatures) -> [Float] {
    (0..<cells.columns * cells.rows).map { cells.values[$0 * CellFeatures.stride + place] }
  }

  private static func smooth(_ means: PaddedPlane, _ filter: GaussianFilter) -> [Float] {
    let out = PaddedPlane(width: means.width, height: means.height)
    filter.apply(
      means, into: out, rows: PaddedPlane(width: means.width, height: means.height))
    if out.stride == out.width { return out.values }
    var values: [Float] = []
    values.reserveCapacity(out.width * out.height)
    for y in 0..<out.height { values += out.values[out.offset(y)..<out.offset(y) + out.width] }
    return values
  }

  /// Fills the last two values of cells, the first of which is the image's in (`column`, `row`).
  func complete(_ cells: inout CellFeatures, column: Int = 0, row: Int = 0) {
    let (width, height) = (cells.columns, cells.rows)
    var values = cells.values.mutableSpan
    for y in 0..<height {
      for x in 0..<width {
        let at = (row + y) * columns + column + x
        let to = (y * width + x) * CellFeatures.stride + Self.place
        values[to + 1] = values[to] - smoothed[at]
        values[to + 2] = values[to] - farther[at]
      }
    }
  }
}

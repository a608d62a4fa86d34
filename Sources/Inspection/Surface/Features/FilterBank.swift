import Imaging
import Kernels

/// The filters of the bank and the table of logarithms.
struct FilterTaps: Sendable {
  let fine = GaussianFilter(sigma: 1).taps
  let wide = GaussianFilter(sigma: 2).taps
  let logarithms: [Float] = (0..<256).map { Float(MathFunctions.log(Double($0) / 255 + 0.05)) }
}

/// Turns an image into 45 values for each cell of 8 × 8 pixels.
///
/// L = ln(I/255 + 0.05), so that a change of exposure becomes an offset. A pyramid of three levels,
/// each smoothed by a Gaussian of σ 1 and halved. Per level twelve responses (slopes along x, y and
/// both diagonals, both signs of both curvatures, the mixed derivative, both signs of a difference of
/// Gaussians σ 1 − 2, the high-pass) are averaged over the cell, the difference of Gaussians also as
/// the mean of its local maximum over a window of the cell's size; then ln(x + 0.005). Last: the mean
/// of L over the cell and its difference from the mean smoothed by σ 1.5 and by σ 4 cells.
///
/// The last two look farther than the others, so they are filled in once the whole image is known.
final class FilterBank {
  static let levels = 3
  /// Pixels around a cell that its responses look at: at the coarsest level 13 of 4 × 4, 4 more at the
  /// level above, 4 more at the finest.
  static let reach = 64

  private var size = (width: 0, height: 0)
  private var strips: PyramidStrips?

  /// The features of `plane`, at least one cell wide and high.
  func features(of plane: Plane) -> CellFeatures {
    var out = responses(of: plane)
    LocalMeans(of: out).complete(&out)
    return out
  }

  /// The features of `plane` without the last two values, which look farther than `reach`.
  func responses(of plane: Plane) -> CellFeatures {
    let strips =
      size == (plane.width, plane.height)
      ? strips : PyramidStrips(width: plane.width, height: plane.height, count: 1)
    guard let strips else { preconditionFailure("no strips of \(size)") }
    (self.strips, size) = (strips, (plane.width, plane.height))
    var out = CellFeatures(columns: strips.columns, rows: strips.rows)
    for level in 0..<Self.levels { strips.compute(level, 0, of: plane, into: &out) }
    return out
  }
}

/// Rows of cells divided among workers: as equal as can be, at least four rows each.
struct RowParts {
  let ranges: [Range<Int>]

  init(rows: Int, count: Int) {
    let parts = max(1, min(count, rows / 4))
    ranges = (0..<parts).map { $0 * rows / parts..<($0 + 1) * rows / parts }
  }
}

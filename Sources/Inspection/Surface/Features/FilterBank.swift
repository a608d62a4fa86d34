import Imaging
import Kernels
import Synchronization

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
/// Levels are divided into strips of rows of cells, one for each worker; the values are the same
/// however many there are.
final class FilterBank {
  private static let levels = 3
  /// Pixels around a cell that its responses look at: at the coarsest level 13 of 4 × 4, 4 more at the
  /// level above, 4 more at the finest.
  static let reach = 64

  private let workers: any Workers
  private let taps = FilterTaps()
  private var size = (width: 0, height: 0)
  private var strips: [[Strip]] = []
  private var nextLevel: [Float] = []

  /// One strip's memory; only one worker has it at a time.
  private final class Strip: Sendable {
    let state: Mutex<LevelStrip>

    init(_ strip: LevelStrip) { state = Mutex(strip) }
  }

  /// A bank whose strips are computed by `workers`.
  init(workers: any Workers = OneWorker()) {
    self.workers = workers
  }

  /// The features of `plane`, at least one cell wide and high.
  func features(of plane: Plane) -> CellFeatures {
    var out = responses(of: plane)
    LocalMeans(of: out).complete(&out)
    return out
  }

  /// The features of `plane` without the last two values, which look farther than `reach`.
  func responses(of plane: Plane) -> CellFeatures {
    let columns = plane.width / CellFeatures.cellSize
    let rows = plane.height / CellFeatures.cellSize
    precondition(columns > 0 && rows > 0, "\(plane.width) × \(plane.height) is below one cell")
    if size != (plane.width, plane.height) { makeStrips(plane, columns, rows) }
    var out = CellFeatures(columns: columns, rows: rows)
    for level in 0..<Self.levels {
      run(level, level == 0 ? .pixels(plane) : .rows(nextLevel))
      collect(level, into: &out)
    }
    return out
  }

  private func makeStrips(_ plane: Plane, _ columns: Int, _ rows: Int) {
    size = (plane.width, plane.height)
    let parts = RowParts(rows: rows, count: workers.count)
    strips = (0..<Self.levels).map { level in
      parts.ranges.map { range in
        Strip(
          LevelStrip(
            width: max(1, plane.width >> level), height: max(1, plane.height >> level),
            step: CellFeatures.cellSize >> level, columns: columns, cellRows: range,
            isLast: range.upperBound == rows, bank: taps))
      }
    }
  }

  private func run(_ level: Int, _ source: LevelSource) {
    let strips = strips[level]
    _ = workers.mapAll(strips.count) { index in strips[index].state.withLock { $0.run(source) } }
  }

  /// Puts the strips of a level together: cells, the rows of the next level, means of L.
  private func collect(_ level: Int, into out: inout CellFeatures) {
    nextLevel.removeAll(keepingCapacity: true)
    for strip in strips[level] {
      strip.state.withLock { strip in
        nextLevel += strip.halved
        let count = LevelStrip.responses
        let first = strip.cellRows.lowerBound * out.columns
        let values = strip.values.span
        var target = out.values.mutableSpan
        for cell in 0..<values.count / count {
          let to = (first + cell) * CellFeatures.stride + level * count
          for k in 0..<count { target[to + k] = values[cell * count + k] }
        }
        let means = strip.means.span
        for cell in 0..<means.count {
          target[(first + cell) * CellFeatures.stride + LocalMeans.place] = means[cell]
        }
      }
    }
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

import Imaging
import Kernels
import Synchronization

/// The pyramid of an image in strips of rows of cells, with the memory that they need.
///
/// The strips of one level may be computed side by side, once all strips of the level above are there.
/// Values are the same however many strips there are.
final class PyramidStrips: Sendable {
  /// The image's columns and rows of cells, and the rows of each strip.
  let columns: Int
  let rows: Int
  let ranges: [Range<Int>]
  private let strips: [[Strip]]

  /// A strip of one level; only one worker has it at a time.
  private final class Strip: Sendable {
    let state: Mutex<LevelStrip>

    init(_ strip: LevelStrip) { state = Mutex(strip) }
  }

  /// `count` strips (fewer for few rows) of images of `width × height`, at least one cell each way.
  init(width: Int, height: Int, count: Int) {
    let columns = width / CellFeatures.cellSize
    let rows = height / CellFeatures.cellSize
    precondition(columns > 0 && rows > 0, "\(width) × \(height) is below one cell")
    let taps = FilterTaps()
    let ranges = RowParts(rows: rows, count: count).ranges
    strips = (0..<FilterBank.levels).map { level in
      ranges.map { range in
        Strip(
          LevelStrip(
            width: max(1, width >> level), height: max(1, height >> level),
            step: CellFeatures.cellSize >> level, columns: columns, cellRows: range,
            isLast: range.upperBound == rows, bank: taps))
      }
    }
    (self.columns, self.rows, self.ranges) = (columns, rows, ranges)
  }

  /// Computes a strip of `level` of `plane` and puts its values into `cells`, the strip's own rows;
  /// every strip of the level above must be computed.
  func compute(_ level: Int, _ index: Int, of plane: Plane, into cells: inout CellFeatures) {
    let source =
      level == 0
      ? LevelSource.pixels(plane)
      : .rows(strips[level - 1].map { strip in strip.state.withLock { $0.halved } })
    strips[level][index].state.withLock { strip in
      strip.run(source)
      strip.write(level, into: &cells)
    }
  }
}

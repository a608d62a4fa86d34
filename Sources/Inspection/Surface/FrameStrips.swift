import Imaging
import Kernels
import Synchronization

/// A frame from pixels to logits, in strips of rows of cells that workers share.
///
/// Five stages, each of which needs what its neighbours have made in the one before: the three levels
/// of the pyramid, the surroundings of each cell, the network. What is known only of the whole image
/// (its smoothed means, the means of its columns) is one piece more of the stage before it is needed.
/// Values are the same however many strips there are.
final class FrameStrips: Sendable {
  /// The image's columns and rows of cells.
  let grid: CellPlace
  private let pyramid: PyramidStrips
  private let strips: [Strip]
  private let whole = Mutex(Whole())

  /// What all strips need of the whole image.
  private struct Whole {
    var means: LocalMeans?
    var biases: [Float] = []
  }

  /// Some rows of cells; only one worker has them at a time.
  private final class Strip: Sendable {
    /// The values of its own cells, read by the strips beside it.
    let cells: Mutex<CellFeatures>
    let context: Mutex<Context>

    init(_ cells: CellFeatures, _ context: Context) {
      self.cells = Mutex(cells)
      self.context = Mutex(context)
    }
  }

  /// A strip seen with the rows that its context reaches.
  private struct Context {
    /// The rows of the image in `cells`.
    let rows: Range<Int>
    var cells: CellFeatures
    var around: CellSurroundings
    var scratch = FoldedNetwork.Scratch()
    var logits: [Float] = []
  }

  /// `count` strips (fewer for few rows) of frames of `width × height`, at least one cell each way.
  init(width: Int, height: Int, count: Int) {
    pyramid = PyramidStrips(width: width, height: height, count: count)
    let grid = CellPlace(columns: pyramid.columns, rows: pyramid.rows)
    strips = pyramid.ranges.map { own in
      let tile = Tile(grid: grid, columns: 0..<grid.columns, rows: own)
      let rows = tile.widened(by: CellContext.reach).rows
      return Strip(
        CellFeatures(columns: grid.columns, rows: own.count),
        Context(
          rows: rows, cells: CellFeatures(columns: grid.columns, rows: rows.count),
          around: CellSurroundings(
            columns: grid.columns, height: rows.count,
            rows: own.lowerBound - rows.lowerBound..<own.upperBound - rows.lowerBound)))
    }
    self.grid = grid
  }

  /// The logit of every cell of `plane`, row by row.
  func logits(
    of plane: Plane, _ statistics: PaddedStatistics, _ network: FoldedNetwork,
    _ workers: any Workers
  ) -> [Float] {
    let count = strips.count
    workers.inStages([count, count + 1, count, count + 1, count]) { stage, piece in
      switch (stage, piece) {
      case (0, _): respond(0, piece, plane)
      case (1, 0): smoothMeans()
      case (1, _): respond(1, piece - 1, plane)
      case (2, _):
        respond(2, piece, plane)
        standardise(piece, statistics)
      case (3, 0): averageColumns(network)
      case (3, _): look(around: piece - 1)
      default: judge(piece, network)
      }
    }
    return strips.flatMap { strip in strip.context.withLock { $0.logits } }
  }

  private func respond(_ level: Int, _ index: Int, _ plane: Plane) {
    strips[index].cells.withLock { pyramid.compute(level, index, of: plane, into: &$0) }
  }

  private func smoothMeans() {
    let means = strips.flatMap { strip in strip.cells.withLock { LocalMeans.means(of: $0) } }
    let smoothed = LocalMeans(means, columns: grid.columns, rows: grid.rows)
    whole.withLock { $0.means = smoothed }
  }

  private func standardise(_ index: Int, _ statistics: PaddedStatistics) {
    guard let means = whole.withLock({ $0.means }) else {
      preconditionFailure("the means are smoothed in the stage before")
    }
    let row = pyramid.ranges[index].lowerBound
    strips[index].cells.withLock { cells in
      means.complete(&cells, row: row)
      let place = CellPlace(columns: grid.columns, rows: grid.rows, column: 0, row: row)
      CellContext.standardise(&cells, with: statistics, at: place)
    }
  }

  private func averageColumns(_ network: FoldedNetwork) {
    var sums = [Float](repeating: 0, count: grid.columns * CellFeatures.stride)
    for strip in strips { CellContext.add(strip.cells.withLock { $0 }, to: &sums) }
    let means = CellContext.means(sums: sums, columns: grid.columns, rows: grid.rows)
    let biases = network.columnBiases(means, columns: grid.columns)
    whole.withLock { $0.biases = biases }
  }

  /// Gathers the rows that the context of a strip reaches from the strips that have them.
  private func look(around index: Int) {
    let width = grid.columns * CellFeatures.stride
    strips[index].context.withLock { context in
      for (own, strip) in zip(pyramid.ranges, strips) where own.overlaps(context.rows) {
        let shared = own.clamped(to: context.rows)
        let cells = strip.cells.withLock { $0 }
        copyFloats(
          cells.values, at: (shared.lowerBound - own.lowerBound) * width,
          into: &context.cells.values, from: (shared.lowerBound - context.rows.lowerBound) * width,
          count: shared.count * width)
      }
      context.around.fill(from: context.cells)
    }
  }

  private func judge(_ index: Int, _ network: FoldedNetwork) {
    let biases = whole.withLock { $0.biases }
    strips[index].context.withLock { context in
      let place = CellPlace(
        columns: grid.columns, rows: grid.rows, column: 0, row: context.rows.lowerBound)
      context.logits = network.logits(
        context.cells, context.around, biases, &context.scratch, at: place)
    }
  }
}

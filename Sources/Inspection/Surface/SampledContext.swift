/// The context of one picture's cells, ready to draw from.
struct SampledContext {
  let columns: Int
  let rows: Int
  private let cells: CellFeatures
  private let around: CellSurroundings
  private let means: (columns: [Float], image: [Float])

  init(_ features: CellFeatures, _ statistics: PaddedStatistics) {
    var cells = features
    CellContext.standardise(&cells, with: statistics)
    self.init(cells)
  }

  /// Of cells already standardised.
  init(_ cells: CellFeatures) {
    columns = cells.columns
    rows = cells.rows
    var around = CellSurroundings(columns: columns, height: rows, rows: 0..<rows)
    around.fill(from: cells)
    means = CellContext.means(cells)
    self.cells = cells
    self.around = around
  }

  func cells(_ drawn: [(cell: Int, target: Float)]) -> SampledCells {
    var out = SampledCells()
    out.rows.reserveCapacity(drawn.count * CellContext.count)
    for (cell, target) in drawn {
      append(cell, to: &out.rows)
      out.targets.append(target)
    }
    return out
  }

  /// The `CellContext.count` inputs of one cell.
  private func append(_ cell: Int, to out: inout [Float]) {
    let n = CellFeatures.count
    let at = cell * CellFeatures.stride
    let column = cell % columns * CellFeatures.stride
    for k in 0..<n { out.append(cells.values[at + k]) }
    for k in 0..<n { out.append(cells.values[at + k] - means.columns[column + k]) }
    for k in 0..<n { out.append(around.wide[at + k] - means.image[k]) }
    for k in 0..<n { out.append(around.contrast[at + k]) }
    out.append(CellContext.border(cell / columns, of: rows))
    out.append(CellContext.border(cell % columns, of: columns))
  }

  /// The share of marked pixels in each cell.
  func shares(of mask: Canvas) -> [Float] {
    let size = CellFeatures.cellSize
    var shares = [Float](repeating: 0, count: columns * rows)
    for y in 0..<rows * size {
      for x in 0..<columns * size {
        shares[y / size * columns + x / size] += mask.values[y * mask.width + x]
      }
    }
    return shares.map { $0 / Float(size * size) }
  }
}

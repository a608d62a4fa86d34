import Imaging

/// The logits of an image whose features would fill memory: tile by tile, in two passes.
///
/// Features take some ten bytes a pixel, so a large image is cut into tiles of `side` cells. A
/// tile is computed with as much around it as its responses (`FilterBank.reach`) and its context
/// (`CellContext.reach`) look at; only the cells within are kept. Three terms look farther: the
/// differences of a cell's mean from the smoothed means, the mean of a column and that of the image.
/// The first pass gathers them, summed in the order in which they are for an image held whole, so
/// that the second gives the very same bits.
///
/// Of a finish along rows the grid of cells is that of the image with rows and columns exchanged, and
/// so is each tile; the image still comes by its rows, that is by columns of the grid.
struct SurfaceTiles {
  let statistics: PaddedStatistics
  let network: FoldedNetwork
  let workers: any Workers
  let finish: Finish
  /// Cells of a tile on each axis, and tiles computed side by side; each takes about 30 MB.
  var side = 96
  var shares = 4

  /// What a cell's value depends on beyond its surroundings.
  private struct FarTerms: Sendable {
    let means: LocalMeans
    /// `Perceptron.hidden1` biases for each column of cells.
    let biases: [Float]
  }

  /// The cells of the image.
  func grid(_ rows: WorkingRows) -> CellPlace {
    let size = CellFeatures.cellSize
    let (across, down) = (rows.width / size, rows.height / size)
    return finish == .columns
      ? CellPlace(columns: across, rows: down) : CellPlace(columns: down, rows: across)
  }

  /// The logits of every cell of `grid`, row by row.
  func logits(_ rows: inout WorkingRows, _ grid: CellPlace) throws -> [Float] {
    let far = try gather(&rows, grid)
    try rows.rewind()
    var out = [Float](repeating: 0, count: grid.columns * grid.rows)
    for top in bands(of: grid) {
      let judged = try eachTile(of: grid, top, &rows, context: CellContext.reach) {
        judge($0, $1, far)
      }
      for (tile, logits) in judged {
        let width = tile.columns.count
        for (y, row) in tile.rows.enumerated() {
          let to = row * grid.columns + tile.columns.lowerBound
          out.replaceSubrange(to..<to + width, with: logits[y * width..<(y + 1) * width])
        }
      }
    }
    return out
  }

  /// The first pass: the mean of L of every cell, the sums of every column.
  private func gather(_ rows: inout WorkingRows, _ grid: CellPlace) throws -> FarTerms {
    let n = CellFeatures.stride
    var means = [Float](repeating: 0, count: grid.columns * grid.rows)
    var sums = [Float](repeating: 0, count: grid.columns * n)
    for top in bands(of: grid) {
      let seen = try eachTile(of: grid, top, &rows, context: 0) { tile, cells in
        var cells = cells
        let means = LocalMeans.means(of: cells)
        standardise(&cells, at: tile.place)
        return (means, cells)
      }
      for (tile, (tileMeans, cells)) in seen {
        let width = tile.columns.count
        for (y, row) in tile.rows.enumerated() {
          let to = row * grid.columns + tile.columns.lowerBound
          means.replaceSubrange(to..<to + width, with: tileMeans[y * width..<(y + 1) * width])
        }
        // Tiles of the same columns come from the top down, as in an image held whole.
        let columns = tile.columns.lowerBound * n..<tile.columns.upperBound * n
        var tileSums = Array(sums[columns])
        CellContext.add(cells, to: &tileSums)
        sums.replaceSubrange(columns, with: tileSums)
      }
    }
    let local = LocalMeans(means, columns: grid.columns, rows: grid.rows)
    replaceSumsOfFarValues(in: &sums, means, local, grid)
    let total = CellContext.means(sums: sums, columns: grid.columns, rows: grid.rows)
    return FarTerms(
      means: local, biases: network.columnBiases(total, columns: grid.columns))
  }

  /// A cell's last two values are known only now, and so are their sums.
  private func replaceSumsOfFarValues(
    in sums: inout [Float], _ means: [Float], _ local: LocalMeans, _ grid: CellPlace
  ) {
    let n = CellFeatures.stride
    var farSums = [Float](repeating: 0, count: sums.count)
    var cells = CellFeatures(columns: grid.columns, rows: 1)
    for row in 0..<grid.rows {
      for x in 0..<grid.columns {
        cells.values[x * n + LocalMeans.place] = means[row * grid.columns + x]
      }
      local.complete(&cells, row: row)
      standardise(
        &cells, at: CellPlace(columns: grid.columns, rows: grid.rows, column: 0, row: row))
      CellContext.add(cells, to: &farSums)
    }
    for x in 0..<grid.columns {
      for k in LocalMeans.place + 1..<CellFeatures.count { sums[x * n + k] = farSums[x * n + k] }
    }
  }

  private func standardise(_ cells: inout CellFeatures, at place: CellPlace) {
    CellContext.standardise(&cells, with: statistics, at: place)
  }

  /// The logits of a tile's cells from the responses of these and of the cells around them.
  private func judge(_ tile: Tile, _ responses: CellFeatures, _ far: FarTerms) -> [Float] {
    let around = tile.widened(by: CellContext.reach)
    var cells = responses
    far.means.complete(
      &cells, column: around.columns.lowerBound, row: around.rows.lowerBound)
    standardise(&cells, at: around.place)
    let rows = tile.rows(in: around)
    let columns = tile.columns(in: around)
    var surroundings = CellSurroundings(
      columns: cells.columns, height: cells.rows, rows: rows)
    surroundings.fill(from: cells)
    let h = Perceptron.hidden1
    let biases = far.biases[around.columns.lowerBound * h..<around.columns.upperBound * h]
    var scratch = FoldedNetwork.Scratch()
    let logits = network.logits(
      cells, surroundings, Array(biases), &scratch, at: around.place)
    return (0..<rows.count).flatMap { row in
      logits[row * cells.columns + columns.lowerBound..<row * cells.columns + columns.upperBound]
    }
  }

  /// Where bands of tiles begin, down the image.
  private func bands(of grid: CellPlace) -> StrideTo<Int> {
    stride(from: 0, to: finish == .columns ? grid.rows : grid.columns, by: side)
  }

  /// The tiles of the band that begins at `top`.
  private func tiles(of grid: CellPlace, _ top: Int) -> [Tile] {
    let across = finish == .columns ? grid.columns : grid.rows
    let down = finish == .columns ? grid.rows : grid.columns
    return stride(from: 0, to: across, by: side).map { left in
      let (x, y) = (left..<min(left + side, across), top..<min(top + side, down))
      return finish == .columns
        ? Tile(grid: grid, columns: x, rows: y) : Tile(grid: grid, columns: y, rows: x)
    }
  }

  /// The pixels of `tile`, rows and columns as in the grid.
  private func pixels(_ tile: Tile, of band: WorkingRows.Band, _ size: (width: Int, height: Int))
    -> Plane
  {
    switch finish {
    case .columns:
      band.plane(
        columns: tile.pixelColumns(of: size.width), rows: tile.pixelRows(of: size.height))
    case .rows:
      band.plane(
        columns: tile.pixelRows(of: size.width), rows: tile.pixelColumns(of: size.height)
      ).transposed
    }
  }

  /// Calls `body` with every tile of the band that begins at `top`, and with the responses of its
  /// cells and of `context` cells around them; results from left to right.
  private func eachTile<Result: Sendable>(
    of grid: CellPlace, _ top: Int, _ rows: inout WorkingRows, context: Int,
    _ body: @Sendable (Tile, CellFeatures) -> Result
  ) throws -> [(Tile, Result)] {
    let tiles = tiles(of: grid, top)
    let margin = context + FilterBank.reach / CellFeatures.cellSize
    let first = tiles[0].widened(by: margin)
    try rows.hold(
      finish == .columns ? first.pixelRows(of: rows.height) : first.pixelColumns(of: rows.height))
    let (band, size) = (rows.band, (rows.width, rows.height))
    // Each share keeps one bank, and with it the memory of its planes.
    let results = try workers.map(min(shares, tiles.count)) { share in
      let bank = FilterBank()
      return stride(from: share, to: tiles.count, by: shares).map { index in
        let tile = tiles[index]
        let seen = tile.widened(by: margin)
        let wanted = tile.widened(by: context)
        let responses = bank.responses(of: pixels(seen, of: band, size))
        return body(
          tile,
          responses.cells(columns: wanted.columns(in: seen), rows: wanted.rows(in: seen)))
      }
    }
    return tiles.indices.map { (tiles[$0], results[$0 % shares][$0 / shares]) }
  }
}

/// A rectangle of cells of an image.
struct Tile {
  /// The image's columns and rows of cells.
  let grid: CellPlace
  let columns: Range<Int>
  let rows: Range<Int>

  /// The tile with `cells` more on every side, as far as the image goes.
  func widened(by cells: Int) -> Tile {
    func wider(_ range: Range<Int>, _ end: Int) -> Range<Int> {
      max(range.lowerBound - cells, 0)..<min(range.upperBound + cells, end)
    }
    return Tile(grid: grid, columns: wider(columns, grid.columns), rows: wider(rows, grid.rows))
  }

  /// The place of its first cell.
  var place: CellPlace {
    CellPlace(
      columns: grid.columns, rows: grid.rows, column: columns.lowerBound, row: rows.lowerBound)
  }

  /// Its columns and rows counted from those of `other`, which covers it.
  func columns(in other: Tile) -> Range<Int> {
    columns.lowerBound - other.columns.lowerBound..<columns.upperBound - other.columns.lowerBound
  }

  func rows(in other: Tile) -> Range<Int> {
    rows.lowerBound - other.rows.lowerBound..<rows.upperBound - other.rows.lowerBound
  }

  /// Its pixels; the last tile takes along those that fill no whole cell.
  func pixelColumns(of width: Int) -> Range<Int> { Self.pixels(columns, grid.columns, width) }
  func pixelRows(of height: Int) -> Range<Int> { Self.pixels(rows, grid.rows, height) }

  private static func pixels(_ cells: Range<Int>, _ end: Int, _ pixels: Int) -> Range<Int> {
    let size = CellFeatures.cellSize
    return cells.lowerBound * size..<(cells.upperBound == end ? pixels : cells.upperBound * size)
  }
}

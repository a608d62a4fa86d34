/// Values per cell of an image: `rows × columns` cells of `CellFeatures.count` values, cell by cell,
/// `CellFeatures.stride` apart so that kernels run over whole vectors.
struct CellFeatures: Sendable {
  /// Values a cell: 3 levels × 14 responses, the local mean and its two differences.
  static let count = 45
  /// Floats from one cell to the next; those beyond `count` mean nothing.
  static let stride = 48
  /// Pixels of the working image that a cell covers on each axis.
  static let cellSize = 8

  let columns: Int
  let rows: Int
  var values: [Float]

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    values = [Float](repeating: 0, count: columns * rows * Self.stride)
  }

  /// The cells of some columns and rows.
  func cells(columns: Range<Int>, rows: Range<Int>) -> CellFeatures {
    var out = CellFeatures(columns: columns.count, rows: rows.count)
    let width = columns.count * Self.stride
    for (index, row) in rows.enumerated() {
      let from = (row * self.columns + columns.lowerBound) * Self.stride
      let to = index * width..<(index + 1) * width
      out.values.replaceSubrange(to, with: values[from..<from + width])
    }
    return out
  }

  /// The border bin of a cell, 0…8: 3 · min(rows to the border, 2) + min(columns to the border, 2).
  static func borderBin(x: Int, y: Int, columns: Int, rows: Int) -> Int {
    3 * min(y, rows - 1 - y, 2) + min(x, columns - 1 - x, 2)
  }
}

/// Where cells lie in the image that they are a part of.
struct CellPlace {
  /// The image's columns and rows of cells.
  let columns: Int
  let rows: Int
  /// Column and row of the first cell of the part.
  var column = 0
  var row = 0

  /// Counted from the first column of the part: where the image's last two columns begin.
  var innerEnd: Int { columns - 2 - column }

  /// The border bin of cell (x, y) of the part.
  func borderBin(x: Int, y: Int) -> Int {
    CellFeatures.borderBin(x: column + x, y: row + y, columns: columns, rows: rows)
  }
}

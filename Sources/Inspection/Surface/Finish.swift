import Imaging

/// Which way grinding, rolling or drawing runs over a part, found in teaching.
///
/// The context of a cell looks along columns. Parts finished along rows are taught and inspected with rows
/// and columns exchanged, so that they are judged as well as they would be turned.
enum Finish: Int32, Sendable {
  case columns = 0
  case rows = 1

  /// Columns (or rows) of a finish differ from each other more than their own spread explains:
  ///
  ///     S = Var(mean of each column) − Var(cells) / cells of a column
  ///
  /// summed over the standardised values of good parts. Rows must stand out by a quarter: where neither
  /// way does, columns serve.
  init(of features: [CellFeatures], _ statistics: PaddedStatistics) {
    var (columns, rows) = (0.0, 0.0)
    for image in features where image.columns > 1 && image.rows > 1 {
      var cells = image
      CellContext.standardise(&cells, with: statistics)
      for k in 0..<CellFeatures.count {
        let shares = Self.shares(of: cells, k)
        columns += shares.columns
        rows += shares.rows
      }
    }
    self = rows > 1.25 * max(columns, 0) && rows > 0 ? .rows : .columns
  }

  /// S of columns and rows for value `k`.
  private static func shares(of cells: CellFeatures, _ k: Int) -> (columns: Double, rows: Double) {
    var byColumn = [Double](repeating: 0, count: cells.columns)
    var byRow = [Double](repeating: 0, count: cells.rows)
    var all = Moments()
    for y in 0..<cells.rows {
      for x in 0..<cells.columns {
        let value = Double(cells.values[(y * cells.columns + x) * CellFeatures.stride + k])
        byColumn[x] += value
        byRow[y] += value
        all.add(value)
      }
    }
    var (columns, rows) = (Moments(), Moments())
    for sum in byColumn { columns.add(sum / Double(cells.rows)) }
    for sum in byRow { rows.add(sum / Double(cells.columns)) }
    return (
      columns.variance - all.variance / Double(cells.rows),
      rows.variance - all.variance / Double(cells.columns)
    )
  }

  private struct Moments {
    var (count, sum, squares) = (0.0, 0.0, 0.0)

    mutating func add(_ value: Double) {
      count += 1
      sum += value
      squares += value * value
    }

    var variance: Double { squares / count - sum / count * (sum / count) }
  }
}

extension TeachingSet {
  /// Every image, mask and region with rows and columns exchanged.
  var transposed: TeachingSet {
    var set = self
    set.good = good.map(\.transposed)
    set.defects = defects.map(\.transposed)
    set.regions = regions?.transposed
    return set
  }
}

extension TeachingImage {
  fileprivate var transposed: TeachingImage {
    var image = self
    let (read, readMask) = (read, readMask)
    image.read = { Frame(try read().plane.transposed) }
    if let readMask { image.readMask = { try readMask().transposed } }
    return image
  }
}

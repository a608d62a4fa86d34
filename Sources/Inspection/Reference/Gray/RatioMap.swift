/// The ratios of an image for its heat map: of a large one the largest of each square of pixels.
struct RatioMap {
  private let width: Int
  private let height: Int
  /// Pixels a cell covers on each axis.
  private let cell: Int
  private let columns: Int
  private let rows: Int
  /// 32nds, on the reference's grid.
  private var ratios: [UInt8]

  /// Of pictures of `width × height`, at most `cells` cells.
  init(width: Int, height: Int, cells: Int) {
    cell = ScoreMap.cell(width: width, height: height, most: cells)
    self.width = width
    self.height = height
    columns = (width + cell - 1) / cell
    rows = (height + cell - 1) / cell
    ratios = [UInt8](repeating: 0, count: columns * rows)
  }

  /// Takes in row `y` of the reference's grid.
  mutating func add(_ ratio: [UInt8], row y: Int) {
    let start = y / cell * columns
    if cell == 1 { return ratios.replaceSubrange(start..<start + width, with: ratio) }
    for column in 0..<columns {
      let from = column * cell
      for x in from..<min(from + cell, width) {
        ratios[start + column] = max(ratios[start + column], ratio[x])
      }
    }
  }

  /// The ratios at the places of the image as read.
  func map(_ motion: RigidMotion) -> ScoreMap {
    let back = motion.inverse
    var values = [Float](repeating: 0, count: ratios.count)
    let middle = Double(cell - 1) / 2
    for row in 0..<rows {
      for column in 0..<columns {
        let place = back.position(
          x: Double(column * cell) + middle, y: Double(row * cell) + middle, width: width,
          height: height)
        let x = Int(place.x.rounded())
        let y = Int(place.y.rounded())
        if (0..<width).contains(x), (0..<height).contains(y) {
          values[row * columns + column] = Float(ratios[y / cell * columns + x / cell]) / 32
        }
      }
    }
    // A blob's score is a sum of ratios: the ratios themselves are on another scale.
    return ScoreMap(
      width: columns, height: rows, cellWidth: Double(cell), cellHeight: Double(cell),
      values: values, shown: 0.5...1.5)
  }
}

import Kernels

/// Small shifts that the registration leaves: a part that bends, or whose pieces sit a little apart.
///
/// Square cells of 32 pixels each have a shift, linear between their centres. It comes from
/// least-squares steps (Lucas and Kanade, IJCAI 1981) over the cell and half of its neighbours:
///
///     δ = −(Σ g·gᵀ + λ·I)⁻¹ · Σ g·e
///
/// with the slopes g of the reference and the differences e of the image from it, cut to ± 24 gray
/// levels so that a defect does not pull its surroundings along. λ holds still what has no edge to tell
/// it. A defect as large as a cell that looks like a shift is taken for one: that is the price.
struct LocalShifts {
  private static let cell = 32
  /// So many steps bring the shifts to rest.
  static let stepCount = 3
  private static let limit: Int32 = 24 * 16
  /// Slopes below 1.5 gray levels a pixel are held rather than followed: (2 · 1.5)².
  private static let damping = 9.0

  private let width: Int
  private let height: Int
  private let columns: Int
  private let rows: Int
  private let largest: Double
  /// Of every cell, pixels of the reference.
  private var dx: [Double]
  private var dy: [Double]
  /// Of every cell: pixels, Σ gx², Σ gx·gy, Σ gy², Σ gx·e, Σ gy·e.
  private var sums: [Int64]

  /// Shifts up to `largest` pixels on each axis in pictures of `width × height`.
  init(width: Int, height: Int, largest: Double) {
    self.width = width
    self.height = height
    self.largest = largest
    columns = (width + Self.cell - 1) / Self.cell
    rows = (height + Self.cell - 1) / Self.cell
    dx = [Double](repeating: 0, count: columns * rows)
    dy = dx
    sums = [Int64](repeating: 0, count: 6 * columns * rows)
  }

  /// Forgets the shifts of the last image.
  mutating func reset() {
    for index in dx.indices { (dx[index], dy[index]) = (0, 0) }
  }

  /// Begins a step.
  mutating func begin() {
    for index in sums.indices { sums[index] = 0 }
  }

  /// Row `y` of the image, brought to the reference with the shifts so far, known in the columns
  /// `known`; `gain` and `offset` bring it to the reference's light. `reference` holds the rows above
  /// and below too.
  mutating func add(
    _ pixels: Span<UInt8>, row y: Int, known: Range<Int>, reference: ReferencePlanes.Rows,
    gain: Int32, offset: Int32
  ) {
    guard y > 0, y < height - 1 else { return }
    for column in 0..<columns {
      let first = max(column * Self.cell, known.lowerBound, 1)
      let end = min((column + 1) * Self.cell, known.upperBound, width - 1)
      guard first < end else { continue }
      referenceShiftSums(
        pixels.extracting(first..<end), mean: reference.mean.span,
        at: (y - reference.first) * width + first, stride: width, gain: gain, offset: offset,
        limit: Self.limit, into: &sums, from: 6 * (y / Self.cell * columns + column))
    }
  }

  /// Ends a step: the shifts follow what its rows said.
  mutating func end() {
    for row in 0..<rows { for column in 0..<columns { step(column, row) } }
  }

  private mutating func step(_ column: Int, _ row: Int) {
    var total = [Double](repeating: 0, count: 6)
    for y in max(row - 1, 0)...min(row + 1, rows - 1) {
      for x in max(column - 1, 0)...min(column + 1, columns - 1) {
        let weight = (y == row ? 1 : 0.5) * (x == column ? 1 : 0.5)
        for k in 0..<6 { total[k] += weight * Double(sums[6 * (y * columns + x) + k]) }
      }
    }
    let hold = Self.damping * max(total[0], 1)
    let (xx, xy, yy) = (total[1] + hold, total[2], total[3] + hold)
    let determinant = xx * yy - xy * xy
    // Slopes are over two pixels, differences in 16ths: together 1/8.
    let index = row * columns + column
    let x = dx[index] - (yy * total[4] - xy * total[5]) / determinant / 8
    let y = dy[index] - (xx * total[5] - xy * total[4]) / determinant / 8
    dx[index] = min(max(x, -largest), largest)
    dy[index] = min(max(y, -largest), largest)
  }

  /// The shift at a place of the reference.
  func shift(x: Double, y: Double) -> (dx: Double, dy: Double) {
    let (row, down) = Self.place(y, of: rows)
    let (column, right) = Self.place(x, of: columns)
    func between(_ values: [Double]) -> Double {
      let at = row * columns + column
      let below = row + 1 < rows ? at + columns : at
      let beside = column + 1 < columns ? 1 : 0
      let upper = values[at] * (1 - right) + values[at + beside] * right
      let lower = values[below] * (1 - right) + values[below + beside] * right
      return upper * (1 - down) + lower * down
    }
    return (between(dx), between(dy))
  }

  /// The columns of a row in stretches over which the shift is linear.
  var stretches: [Range<Int>] {
    let centres = (0..<columns).map { $0 * Self.cell + Self.cell / 2 }.filter { $0 < width }
    return zip([0] + centres, centres + [width]).map { $0..<$1 }
  }

  /// The cell whose centre lies before `position`, and the share of the way to the next.
  private static func place(_ position: Double, of count: Int) -> (Int, Double) {
    let cells = (position - Double(cell / 2)) / Double(cell)
    let inside = min(max(cells, 0), Double(count - 1))
    return (Int(inside), inside - Double(Int(inside)))
  }
}

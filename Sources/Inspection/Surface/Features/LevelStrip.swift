import Imaging
import Kernels

/// Where a pyramid level comes from.
enum LevelSource: Sendable {
  /// The image itself, of which logarithms are taken.
  case pixels(Plane)
  /// Rows of the level one after the other, in parts of some rows each.
  case rows([[Float]])
}

/// Some rows of cells of one pyramid level, with the planes that their responses need.
///
/// Rows run through the stages one behind the other (level, filtered along the row, smoothed,
/// filtered for the wider smoothing, difference of Gaussians, responses), each as far as the next one
/// needs, so that they are still in the cache when they are read again. Rows that two strips need are
/// computed in both: the same numbers however the image is divided.
struct LevelStrip {
  /// Responses a cell.
  static let responses = 14
  /// Columns on both sides of every plane.
  private static let margin = 8

  /// The size of the level, pixels of a cell in it, and the rows of cells computed here.
  let width: Int
  let height: Int
  let step: Int
  let cellRows: Range<Int>
  let columns: Int
  /// Rows of the smoothed level that end up in the next one.
  private let ownRows: Range<Int>
  private let bank: FilterTaps

  private let stride: Int
  private let vectorWidth: Int
  private var level: Rows
  private var across: Rows
  private var low: Rows
  private var wideAcross: Rows
  private var dog: Rows
  private var wideRow: [Float]
  private var highest: [Float]
  private var lowest: [Float]

  /// `columns · cellRows.count` cells of 14 values, logarithms taken.
  private(set) var values: [Float]
  /// The mean of L over each cell, filled for level 0 only.
  private(set) var means: [Float]
  /// The rows of the next level that lie in this strip.
  private(set) var halved: [Float]

  /// A plane's rows `done.lowerBound ..< done.upperBound` computed so far, out of `wanted`.
  private struct Rows {
    let wanted: Range<Int>
    let stride: Int
    var next: Int
    var values: [Float]

    /// `wanted` rows and `spare` more, zeros, above and below.
    init(_ wanted: Range<Int>, stride: Int, spare: Int = 0) {
      self.wanted = wanted
      self.stride = stride
      next = wanted.lowerBound
      first = wanted.lowerBound - spare
      values = [Float](repeating: 0, count: (wanted.count + 2 * spare) * stride)
    }

    private let first: Int

    /// Where column 0 of row `y` lies.
    func offset(_ y: Int) -> Int { (y - first) * stride + LevelStrip.margin }
  }

  /// Room for `cellRows` of a level whose cells are `step` pixels wide; the last strip takes the rows
  /// below the last whole cell as well.
  init(
    width: Int, height: Int, step: Int, columns: Int, cellRows: Range<Int>, isLast: Bool,
    bank: FilterTaps
  ) {
    self.width = width
    self.height = height
    self.step = step
    self.cellRows = cellRows
    self.columns = columns
    self.bank = bank
    vectorWidth = (width + 7) & ~7
    let stride = vectorWidth + 2 * Self.margin
    self.stride = stride
    func clipped(_ range: Range<Int>, _ more: Int) -> Range<Int> {
      max(range.lowerBound - more, 0)..<min(range.upperBound + more, height)
    }
    ownRows = cellRows.lowerBound * step..<(isLast ? height : cellRows.upperBound * step)
    let inCells = cellRows.lowerBound * step..<cellRows.upperBound * step
    let dogRows = clipped(inCells, step / 2)
    let lowRows = clipped(dogRows, bank.wide.count - 1).union(with: clipped(ownRows, 1))
    let levelRows = clipped(lowRows, bank.fine.count - 1)
    level = Rows(levelRows, stride: stride)
    across = Rows(levelRows, stride: stride)
    low = Rows(lowRows, stride: stride, spare: 1)
    wideAcross = Rows(lowRows, stride: stride)
    dog = Rows(dogRows, stride: stride, spare: step / 2)
    wideRow = [Float](repeating: 0, count: vectorWidth)
    highest = [Float](repeating: 0, count: step * stride)
    lowest = highest
    let cells = columns * cellRows.count
    values = [Float](repeating: 0, count: cells * Self.responses)
    means = [Float](repeating: 0, count: step == CellFeatures.cellSize ? cells : 0)
    halved = [Float](repeating: 0, count: max(width / 2, 1) * max(ownRows.count / 2, 1))
  }
}

extension LevelStrip {
  /// Computes everything from `source`.
  mutating func run(_ source: LevelSource) {
    level.next = level.wanted.lowerBound
    low.next = low.wanted.lowerBound
    dog.next = dog.wanted.lowerBound
    for row in cellRows {
      advanceDog(source, to: min((row + 1) * step + step / 2, height))
      respond(row)
    }
    advanceLow(source, to: low.wanted.upperBound)
    halve()
    logarithm(&values, plus: 0.005, from: 0, to: values.count)
  }

  /// Rows of the level and the same filtered along the row.
  private mutating func advanceLevel(_ source: LevelSource, to end: Int) {
    while level.next < min(end, level.wanted.upperBound) {
      let y = level.next
      let at = level.offset(y)
      switch source {
      case .pixels(let plane):
        lookUp(
          plane.pixels, at: y * width, in: bank.logarithms, into: &level.values, from: at,
          count: width)
      case .rows(let parts):
        var (part, row) = (0, y)
        while row * width >= parts[part].count {
          row -= parts[part].count / width
          part += 1
        }
        copyFloats(parts[part], at: row * width, into: &level.values, from: at, count: width)
      }
      reflectSides(&level.values, at: at, width: width, radius: bank.fine.count - 1)
      symmetricFilter(
        level.values, at: at, stride: 1, taps: bank.fine, into: &across.values, from: at,
        count: vectorWidth)
      level.next += 1
    }
  }

  /// Rows smoothed by σ 1, and the same filtered along the row for σ 2; afterwards the columns and
  /// rows beside the image are filled by reflection without the edge, for the slopes.
  private mutating func advanceLow(_ source: LevelSource, to end: Int) {
    while low.next < min(end, low.wanted.upperBound) {
      let y = low.next
      advanceLevel(source, to: y + bank.fine.count)
      let at = low.offset(y)
      Self.filterDown(
        across, y, height, bank.fine, into: &low.values, from: at, count: vectorWidth)
      reflectSides(&low.values, at: at, width: width, radius: bank.wide.count - 1)
      let to = wideAcross.offset(y)
      symmetricFilter(
        low.values, at: at, stride: 1, taps: bank.wide, into: &wideAcross.values, from: to,
        count: vectorWidth)
      low.values[at - 1] = low.values[at + min(1, width - 1)]
      low.values[at + width] = low.values[at + max(width - 2, 0)]
      if y == min(1, height - 1), low.wanted.lowerBound == 0 { mirrorLow(y, to: -1) }
      if y == height - 1 { mirrorLow(max(height - 2, 0), to: height) }
      low.next += 1
    }
  }

  private mutating func mirrorLow(_ row: Int, to target: Int) {
    let from = low.offset(row) - 1
    let to = low.offset(target) - 1
    for i in 0..<width + 2 { low.values[to + i] = low.values[from + i] }
  }

  private mutating func advanceDog(_ source: LevelSource, to end: Int) {
    while dog.next < min(end, dog.wanted.upperBound) {
      let y = dog.next
      advanceLow(source, to: y + bank.wide.count)
      Self.filterDown(
        wideAcross, y, height, bank.wide, into: &wideRow, from: 0, count: vectorWidth)
      let at = dog.offset(y)
      subtract(
        low.values, at: low.offset(y), wideRow, at: 0, into: &dog.values, from: at,
        count: vectorWidth)
      // Columns beyond the image must not win a maximum.
      clear(&dog.values, from: at + width, to: at + vectorWidth)
      dog.next += 1
    }
  }

  /// One row filtered down the columns, reflected at the borders of the image.
  private static func filterDown(
    _ rows: Rows, _ y: Int, _ height: Int, _ taps: [Float], into out: inout [Float],
    from start: Int, count: Int
  ) {
    let radius = taps.count - 1
    if y >= radius, y + radius < height {
      symmetricFilter(
        rows.values, at: rows.offset(y), stride: rows.stride, taps: taps, into: &out, from: start,
        count: count)
    } else {
      let offsets = (y - radius...y + radius).map {
        rows.offset(Reflection.withEdge.index($0, height))
      }
      symmetricFilter(
        rows.values, offsets: offsets, taps: taps, into: &out, at: start, count: count)
    }
  }

  /// The fourteen values of one row of cells.
  private mutating func respond(_ row: Int) {
    let y = row * step
    let place = (row - cellRows.lowerBound) * columns
    let start = place * Self.responses
    surfaceResponses(
      low: low.values, lowAt: low.offset(y), level: level.values, levelAt: level.offset(y),
      dog: dog.values, dogAt: dog.offset(y), stride: stride, step: step, cells: columns,
      into: &values, from: start, cellStride: Self.responses)
    surfacePeaks(
      dog.values, at: dog.offset(y), stride: stride, step: step, cells: columns,
      highest: &highest, lowest: &lowest, into: &values, from: start + 12,
      cellStride: Self.responses)
    if !means.isEmpty {
      cellMeans(
        level.values, at: level.offset(y), stride: stride, cells: columns, into: &means,
        from: place)
    }
  }

  /// Puts the values into the cells of the strip's rows.
  func write(_ level: Int, into cells: inout CellFeatures) {
    let count = Self.responses
    let values = values.span
    var target = cells.values.mutableSpan
    for cell in 0..<values.count / count {
      let to = cell * CellFeatures.stride + level * count
      for k in 0..<count { target[to + k] = values[cell * count + k] }
    }
    for cell in 0..<means.count {
      target[cell * CellFeatures.stride + LocalMeans.place] = means[cell]
    }
  }

  /// 2 × 2 means of the smoothed rows; a last odd row or column is dropped.
  private mutating func halve() {
    let count = max(width / 2, 1)
    for y in 0..<halved.count / count {
      let upper = ownRows.lowerBound + min(2 * y, height - 1)
      let lower = min(upper + 1, height - 1)
      Kernels.halve(
        low.values, low.offset(upper), low.offset(lower), into: &halved, at: y * count,
        count: count)
    }
  }
}

extension Range<Int> {
  fileprivate func union(with other: Range<Int>) -> Range<Int> {
    Swift.min(lowerBound, other.lowerBound)..<Swift.max(upperBound, other.upperBound)
  }
}

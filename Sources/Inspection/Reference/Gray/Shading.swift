import Kernels

/// Slow differences of light between an image and the reference (highlights that wander, a lamp that
/// ages), taken off before comparing: the mean difference of each square cell, linear between cells.
///
/// Differences count up to ± 24 gray levels, so that a hole does not brighten its surroundings. What
/// is wider than about two cells and faint is taken for light: that is the price.
struct Shading {
  private let cell: Int
  private let columns: Int
  private let rows: Int
  private var sums: [Int32]
  private var counts: [Int32]
  private var difference: [Int16]
  private var nodes: [Int32]

  private static let limit: Int32 = 24 * 16

  init(width: Int, height: Int, cell: Int) {
    self.cell = cell
    columns = (width + cell - 1) / cell
    rows = (height + cell - 1) / cell
    sums = [Int32](repeating: 0, count: columns * rows)
    counts = sums
    difference = [Int16](repeating: 0, count: width)
    nodes = [Int32](repeating: 0, count: columns + 1)
  }

  /// Forgets the shading of the last image.
  mutating func begin() {
    for index in sums.indices {
      sums[index] = 0
      counts[index] = 0
    }
  }

  /// Row `y` of the image at the reference's position, known in the columns `known`, and of the mean.
  mutating func add(
    _ pixels: Span<UInt8>, mean: Span<UInt16>, row y: Int, known: Range<Int>, gain: Int32,
    offset: Int32
  ) {
    var out = difference.mutableSpan
    referenceDifferenceRow(
      pixels, mean: mean, gain: gain, offset: offset, limit: Self.limit, into: &out)
    add(known, to: y / cell)
  }

  /// All rows were added.
  mutating func end() {
    for index in sums.indices { sums[index] = counts[index] > 0 ? sums[index] / counts[index] : 0 }
  }

  /// Takes the shading off row `y`.
  mutating func remove(from pixels: inout MutableSpan<UInt8>, row y: Int, gain: Int32) {
    spread(over: y, gain: gain)
    referenceUnshadeRow(&pixels, nodes: nodes.span, cell: cell)
  }

  private mutating func add(_ known: Range<Int>, to row: Int) {
    for column in 0..<columns {
      let stretch = known.clamped(to: column * cell..<(column + 1) * cell)
      if stretch.isEmpty { continue }
      var sum: Int32 = 0
      for x in stretch { sum &+= Int32(difference[x]) }
      sums[row * columns + column] += sum
      counts[row * columns + column] += Int32(stretch.count)
    }
  }

  /// The shading at the left edge of every cell in row `y`, in the image's gray levels · 128.
  private mutating func spread(over y: Int, gain: Int32) {
    let place = (Double(y) + 0.5) / Double(cell) - 0.5
    let upper = min(max(Int(place.rounded(.down)), 0), rows - 1)
    let lower = min(upper + 1, rows - 1)
    let part = min(max(place - Double(upper), 0), 1)
    // Means are 16ths of a gray level of the reference; gain is 4096 for equal light.
    let scale = 8 * 4096 / Double(gain)
    for node in 0...columns {
      let left = min(max(node - 1, 0), columns - 1)
      let right = min(node, columns - 1)
      let above = Double(sums[upper * columns + left] + sums[upper * columns + right]) / 2
      let below = Double(sums[lower * columns + left] + sums[lower * columns + right]) / 2
      nodes[node] = Int32(((above + (below - above) * part) * scale).rounded())
    }
  }
}

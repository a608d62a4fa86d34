import Imaging
import Kernels

/// An image smoothed by 1-2-1 by 1-2-1, as many of its rows at a time as are looked at.
///
/// Small images are held whole. Of a large one a window of rows is held, which moves down as the image
/// is read; a look further up begins again at the top. Keeps its memory from image to image.
struct SmoothedRows {
  /// Columns and rows of the image.
  let width: Int
  let height: Int
  /// The rows held, row-major, from row `first` on.
  private(set) var pixels: [UInt8] = []
  private(set) var first = 0
  let isWhole: Bool

  private var source: any RowSource
  /// Rows as read that are not smoothed yet, with the one before them.
  private var raw: [UInt8] = []
  private var rawFirst = 0
  private var sums: [UInt16]
  private let most: Int

  /// Nothing yet of an image of this size; one of more than `whole` pixels is not held whole.
  init(width: Int, height: Int, whole: Int) {
    self.width = width
    self.height = height
    isWhole = width * height <= whole
    source = PlaneRows(Plane(width: 1, height: 1))
    sums = [UInt16](repeating: 0, count: width + 2)
    most = max(1, (1 << 20) / width)
  }

  /// Takes up another image of the size, from its top on.
  mutating func start(_ source: any RowSource) {
    precondition(source.width == width && source.height == height, "\(source.width) columns")
    self.source = source
    forget()
    // What is in memory need not be copied to be smoothed.
    if isWhole, let held = source as? PlaneRows { raw = held.plane.pixels }
  }

  private mutating func forget() {
    first = 0
    pixels.removeAll(keepingCapacity: true)
    raw = []
    rawFirst = 0
  }

  /// Row after the last one held.
  private var end: Int { first + pixels.count / width }

  /// Holds at least `rows`, a range inside the image.
  mutating func hold(_ rows: Range<Int>) throws {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= height, "rows \(rows) of \(height)")
    if rows.lowerBound < first {
      try source.rewind()
      forget()
    }
    let wanted = isWhole ? 0..<height : rows
    while end < wanted.upperBound {
      drop(before: wanted.lowerBound)
      try read(min(most, wanted.upperBound - end))
    }
  }

  /// Lets go of the rows above `row` once they are a good part of what is held.
  private mutating func drop(before row: Int) {
    let dropped = min(row, end) - first
    guard dropped > 0, dropped * 8 >= end - first else { return }
    pixels.removeFirst(dropped * width)
    first += dropped
  }

  /// Reads and smooths the next `count` rows.
  private mutating func read(_ count: Int) throws {
    let rows = isWhole && raw.count == width * height ? end..<height : end..<end + count
    let needed = min(rows.upperBound + 1, height) - (rawFirst + raw.count / width)
    if needed > 0 { try source.next(needed, into: &raw) }
    let start = pixels.count
    pixels.append(contentsOf: repeatElement(0, count: rows.count * width))
    Self.smooth(
      raw, from: rawFirst, rows, width: width, height: height, sums: &sums, into: &pixels,
      at: start)
    let kept = max(rows.upperBound - 1, 0)
    if raw.count == width * height && isWhole {
      raw = []
    } else {
      raw.removeFirst((kept - rawFirst) * width)
      rawFirst = kept
    }
  }

  /// Smooths `rows` of an image of which the rows from `first` on are in `raw`.
  private static func smooth(
    _ raw: [UInt8], from first: Int, _ rows: Range<Int>, width: Int, height: Int,
    sums: inout [UInt16], into out: inout [UInt8], at start: Int
  ) {
    let source = raw.span
    var scratch = sums.mutableSpan
    var target = out.mutableSpan
    for y in rows {
      let at = (y - first) * width
      let above = y == 0 ? at : at - width
      let below = y == height - 1 ? at : at + width
      let to = start + (y - rows.lowerBound) * width
      var row = target._mutatingExtracting(to..<to + width)
      referenceSmoothRow(
        source.extracting(above..<above + width), source.extracting(at..<at + width),
        source.extracting(below..<below + width), sums: &scratch, into: &row)
    }
  }
}

import Imaging

/// The working image from the top down, as many rows at a time as a band of tiles needs.
struct WorkingRows {
  /// Columns and rows of the working image.
  let width: Int
  let height: Int
  /// The rows held.
  private(set) var band: Band
  private let shrink: Int
  private var source: any RowSource

  /// Some rows of the working image.
  struct Band: Sendable {
    fileprivate let width: Int
    fileprivate var pixels: [UInt8] = []
    fileprivate var rows: Range<Int> { first..<first + pixels.count / width }
    fileprivate var first = 0

    /// A part of the rows held.
    func plane(columns: Range<Int>, rows: Range<Int>) -> Plane {
      var out: [UInt8] = []
      out.reserveCapacity(columns.count * rows.count)
      for row in rows {
        let at = (row - first) * width
        out += pixels[at + columns.lowerBound..<at + columns.upperBound]
      }
      return Plane(width: columns.count, height: rows.count, pixels: out)
    }
  }

  /// Starts at the top of `source`, which is at least `shrink` pixels wide and high.
  init(_ source: any RowSource, shrink: Int) {
    self.source = source
    self.shrink = shrink
    width = source.width / shrink
    height = source.height / shrink
    band = Band(width: width)
  }

  /// Goes back to the top.
  mutating func rewind() throws {
    try source.rewind()
    band = Band(width: width)
  }

  /// Holds `rows` and lets go of those above; `rows` never moves up.
  mutating func hold(_ rows: Range<Int>) throws {
    precondition(rows.lowerBound >= band.first && rows.upperBound <= height, "rows \(rows)")
    let dropped = min(rows.lowerBound, band.rows.upperBound) - band.first
    band.pixels.removeFirst(dropped * width)
    band.first += dropped
    band.pixels.reserveCapacity(rows.count * width)
    let most = max(1, (1 << 20) / (width * shrink * shrink))
    while band.rows.upperBound < rows.upperBound {
      try read(min(most, rows.upperBound - band.rows.upperBound))
    }
    // What fills no whole block at the bottom is not looked at, but it has to be there.
    var rest: [UInt8] = []
    if rows.upperBound == height { try source.next(shrink, into: &rest) }
  }

  private mutating func read(_ count: Int) throws {
    if shrink == 1 { return try source.next(count, into: &band.pixels) }
    var rows: [UInt8] = []
    try source.next(count * shrink, into: &rows)
    let strip = Plane(width: source.width, height: count * shrink, pixels: rows)
    band.pixels += WorkingImage.shrunk(strip, by: shrink).pixels
  }
}

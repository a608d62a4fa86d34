import Kernels

/// A smoothed image and its halves: level 0 is the full size, level k shows 2ᵏ × 2ᵏ pixels as one.
///
/// Of a very large image the finest levels are left out, so that memory is bounded: parts are then
/// found on the finest level that there is.
struct GrayPyramid {
  /// Columns and rows of each level.
  let sizes: [(width: Int, height: Int)]
  /// The finest level that there is.
  let finest: Int
  /// Gray levels of each level from `finest` on, row-major; empty for the levels above.
  private(set) var levels: [[UInt8]]

  /// Levels down to about 32 pixels on the shorter side, five at most.
  static func sizes(width: Int, height: Int) -> [(width: Int, height: Int)] {
    var sizes = [(width: width, height: height)]
    while sizes.count < 5, min(sizes[sizes.count - 1].width, sizes[sizes.count - 1].height) >= 64 {
      let last = sizes[sizes.count - 1]
      sizes.append((last.width / 2, last.height / 2))
    }
    return sizes
  }

  /// The finest of the levels of `sizes` with at most `largest` pixels.
  static func finest(of sizes: [(width: Int, height: Int)], largest: Int) -> Int {
    sizes.firstIndex { $0.width * $0.height <= largest } ?? sizes.count - 1
  }

  /// The levels of an image of which `rows` stand at the top, none finer than `finest`.
  init(of rows: inout SmoothedRows, finest: Int) throws {
    sizes = Self.sizes(width: rows.width, height: rows.height)
    self.finest = finest
    levels = sizes.map { _ in [] }
    if finest == 0 && rows.isWhole {
      try rows.hold(0..<rows.height)
      levels[0] = rows.pixels
    } else {
      let (width, height) = sizes[finest]
      levels[finest].reserveCapacity(width * height)
      let most = max(1, (1 << 20) / (rows.width << finest))
      for top in stride(from: 0, to: height, by: most) {
        try append(top..<min(top + most, height), of: &rows)
      }
    }
    for level in finest + 1..<max(sizes.count, finest + 1) {
      levels[level] = Self.halved(
        levels[level - 1], wide: sizes[level - 1].width, sizes[level].width, sizes[level].height)
    }
  }

  /// Appends rows of the finest level.
  private mutating func append(_ wanted: Range<Int>, of rows: inout SmoothedRows) throws {
    let from = wanted.lowerBound << finest..<wanted.upperBound << finest
    try rows.hold(from)
    let at = (from.lowerBound - rows.first) * rows.width
    var strip = Array(rows.pixels[at..<at + from.count * rows.width])
    for level in 1..<finest + 1 {
      strip = Self.halved(
        strip, wide: sizes[level - 1].width, sizes[level].width, from.count >> level)
    }
    levels[finest] += strip
  }

  private static func halved(_ source: [UInt8], wide: Int, _ width: Int, _ height: Int) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: width * height)
    let from = source.span
    var target = out.mutableSpan
    for y in 0..<height {
      var row = target._mutatingExtracting(y * width..<(y + 1) * width)
      referenceHalveRow(
        from.extracting(2 * y * wide..<(2 * y + 1) * wide),
        from.extracting((2 * y + 1) * wide..<(2 * y + 2) * wide), into: &row)
    }
    return out
  }
}

import Kernels

/// An image, smoothed, and its halves: level 0 is the full size, level k shows 2ᵏ × 2ᵏ pixels as one.
///
/// Keeps its memory between images of one size.
struct GrayPyramid: Sendable {
  /// Columns and rows of each level.
  private(set) var sizes: [(width: Int, height: Int)]
  /// Gray levels of each level, row-major.
  private(set) var levels: [[UInt8]]
  private var sums: [UInt16]

  /// Levels down to about 32 pixels on the shorter side, five at most.
  init(width: Int, height: Int) {
    sizes = [(width, height)]
    while sizes.count < 5, min(sizes[sizes.count - 1].width, sizes[sizes.count - 1].height) >= 64 {
      let last = sizes[sizes.count - 1]
      sizes.append((last.width / 2, last.height / 2))
    }
    levels = sizes.map { [UInt8](repeating: 0, count: $0.width * $0.height) }
    sums = [UInt16](repeating: 0, count: width + 2)
  }

  /// Takes in an image of the size of level 0.
  mutating func load(_ pixels: [UInt8]) {
    precondition(pixels.count == levels[0].count, "\(pixels.count) pixels for \(sizes[0])")
    let (width, height) = sizes[0]
    Self.smooth(pixels, width: width, height: height, sums: &sums, into: &levels[0])
    for level in 1..<max(sizes.count, 1) { halve(into: level) }
  }

  private static func smooth(
    _ pixels: [UInt8], width: Int, height: Int, sums: inout [UInt16], into out: inout [UInt8]
  ) {
    let source = pixels.span
    var scratch = sums.mutableSpan
    var target = out.mutableSpan
    for y in 0..<height {
      let above = max(y - 1, 0) * width
      let below = min(y + 1, height - 1) * width
      var row = target._mutatingExtracting(y * width..<(y + 1) * width)
      referenceSmoothRow(
        source.extracting(above..<above + width),
        source.extracting(y * width..<(y + 1) * width),
        source.extracting(below..<below + width), sums: &scratch, into: &row)
    }
  }

  private mutating func halve(into level: Int) {
    let source = levels[level - 1]
    let from = source.span
    let wide = sizes[level - 1].width
    let (width, height) = sizes[level]
    var target = levels[level].mutableSpan
    for y in 0..<height {
      var row = target._mutatingExtracting(y * width..<(y + 1) * width)
      referenceHalveRow(
        from.extracting(2 * y * wide..<(2 * y + 1) * wide),
        from.extracting((2 * y + 1) * wide..<(2 * y + 2) * wide), into: &row)
    }
  }
}

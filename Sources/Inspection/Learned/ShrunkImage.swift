import Imaging

/// An image at the size that the network reads: gray means over equal areas.
///
/// Each axis is scaled on its own, so that a part which fills the image fills the small one. A pixel of
/// the small image is the mean over its area in the large one, pixels on the edge by their share.
enum ShrunkImage {
  /// A square of `side` by `side` levels. What lies outside `regions` has the mean level of what lies
  /// inside, so that it says nothing.
  static func levels(of plane: Plane, side: Int, within regions: RegionMask?) -> [UInt8] {
    var levels = levels(of: plane, width: side, height: side)
    guard let regions, regions.width == plane.width, regions.height == plane.height else {
      return levels
    }
    let isInside = levels.indices.map { index in
      regions[
        (2 * (index % side) + 1) * plane.width / (2 * side),
        (2 * (index / side) + 1) * plane.height / (2 * side)]
    }
    let inside = zip(levels, isInside).filter(\.1).map { Int($0.0) }
    let mean = UInt8(inside.reduce(0, +) / max(inside.count, 1))
    for index in levels.indices where !isInside[index] { levels[index] = mean }
    return levels
  }

  /// `width · height` gray levels of `plane`, row-major, rounded.
  static func levels(of plane: Plane, width: Int, height: Int) -> [UInt8] {
    if plane.width == width && plane.height == height { return plane.pixels }
    let columns = shares(plane.width, width)
    let rows = shares(plane.height, height)
    let source = plane.pixels.span
    var line = [Float](repeating: 0, count: plane.width)
    var levels = [UInt8](repeating: 0, count: width * height)
    for y in 0..<height {
      var sums = line.mutableSpan
      for x in sums.indices { sums[x] = 0 }
      for (k, share) in rows[y].weights.enumerated() {
        let start = (rows[y].first + k) * plane.width
        for x in sums.indices { sums[x] += share * Float(source[start + x]) }
      }
      for x in 0..<width {
        var sum: Float = 0.5
        let column = columns[x]
        for k in column.weights.indices { sum += column.weights[k] * sums[column.first + k] }
        levels[y * width + x] = UInt8(min(sum, 255))
      }
    }
    return levels
  }

  /// Which of `length` pixels each of `count` covers, and by what share; the shares add up to 1.
  private static func shares(_ length: Int, _ count: Int) -> [(first: Int, weights: [Float])] {
    let step = Double(length) / Double(count)
    return (0..<count).map { index in
      let start = Double(index) * step
      let end = min(start + step, Double(length))
      let first = min(Int(start), length - 1)
      let last = max(first, min(Int(end.rounded(.up)), length) - 1)
      let weights = (first...last).map { pixel in
        Float((min(end, Double(pixel + 1)) - max(start, Double(pixel))) / (end - start))
      }
      return (first, weights)
    }
  }
}

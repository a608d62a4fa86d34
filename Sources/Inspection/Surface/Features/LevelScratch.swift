import Kernels

/// The planes of one pyramid level, kept from image to image.
final class LevelScratch {
  let width: Int
  let height: Int
  /// The level itself, smoothed by σ 1, and smoothed again by σ 2.
  let level: PaddedPlane
  let low: PaddedPlane
  let wide: PaddedPlane
  /// Rows filtered first; scratch of the Gaussians.
  let rows: PaddedPlane
  /// The two halves of the difference of Gaussians, zeros around; after `dilate`, at (x, y), the
  /// largest value of the window that begins there.
  private let halves: [PaddedPlane]
  /// Twelve rows of sums.
  private(set) var sums: [Float]
  let sumStride: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    level = PaddedPlane(width: width, height: height)
    low = PaddedPlane(width: width, height: height, margin: 8)
    wide = PaddedPlane(width: width, height: height)
    rows = PaddedPlane(width: width, height: height, margin: 8)
    halves = (0..<2).map { _ in
      PaddedPlane(width: width, height: height, margin: 16, rows: 8)
    }
    sumStride = level.vectorWidth
    sums = [Float](repeating: 0, count: 12 * sumStride)
  }

  /// Fills one column beside each border of `low` by reflection without the edge.
  func mirrorBorders() {
    for y in 0..<height {
      let start = low.offset(y)
      low.values[start - 1] = low.values[start + min(1, width - 1)]
      low.values[start + width] = low.values[start + max(width - 2, 0)]
    }
  }

  func clearSums() {
    clear(&sums, from: 0, to: sums.count)
  }

  /// Adds the responses of row `y` to the sums.
  func respond(row y: Int) {
    let above = low.offset(Reflection.withoutEdge.index(y - 1, height))
    let below = low.offset(Reflection.withoutEdge.index(y + 1, height))
    let at = halves[0].offset(y)
    let width = width
    let vectorWidth = level.vectorWidth
    let stride = sumStride
    let positive = halves[0]
    let negative = halves[1]
    surfaceResponses(
      low: low.values, above: above, at: low.offset(y), below: below,
      level: level.values, levelAt: level.offset(y), wide: wide.values,
      wideAt: wide.offset(y), sums: &sums, stride: stride,
      positive: &positive.values, negative: &negative.values, dogAt: at, count: vectorWidth)
    // Columns beyond the image must not win the maximum.
    clear(&positive.values, from: at + width, to: at + vectorWidth)
    clear(&negative.values, from: at + width, to: at + vectorWidth)
  }

  /// Responses of the rows below the last whole cell, which only the dilation looks at.
  func respondBelow(from row: Int) {
    clearSums()
    for y in row..<height { respond(row: y) }
  }

  /// Turns both halves into maxima of windows of `step × step` (a power of two) that begin at (x, y).
  ///
  /// The windows double: 1, 2, 4, 8. Both passes run over the whole buffer in place, upwards, so a
  /// value is read before it is replaced; the margins are cleared before, since a maximum wraps from
  /// the end of one row into the margin of the next.
  func dilate(step: Int) {
    for plane in halves {
      let width = width
      let height = height
      let stride = plane.stride
      let total = stride * (height + 2 * plane.topRows)
      let first = plane.offset(0)
      clear(&plane.values, from: 0, to: first)
      for y in 0..<height {
        let end = first + y * stride + width
        clear(&plane.values, from: end, to: y + 1 < height ? end + stride - width : total)
      }
      var reach = 1
      while reach < step {
        let down = reach * stride
        maximumInPlace(&plane.values, at: 0, from: down, count: (total - down) & ~7)
        maximumInPlace(&plane.values, at: 0, from: reach, count: (total - reach) & ~7)
        reach *= 2
      }
    }
  }

  /// Sums over `rows` of the window maxima centred on each pixel (the window reaches step/2 up and
  /// left, step/2 − 1 down and right), into the first row of sums.
  func sumDilated(rows: Range<Int>, sign: Int, step: Int) {
    let count = sumStride
    let plane = halves[sign]
    clear(&sums, from: 0, to: count)
    for y in rows {
      accumulate(
        plane.values, at: plane.offset(y - step / 2) - step / 2, into: &sums, from: 0,
        count: count)
    }
  }
}

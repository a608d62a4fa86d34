/// Corners in pixels; pixel (x, y) covers the square from there to (x + 1, y + 1).
struct Polygon {
  var corners: [(x: Float, y: Float)] = []

  /// 1 in the pixels whose centre lies inside, by the even-odd rule, 0 elsewhere.
  func filled(width: Int, height: Int) -> Canvas {
    var mask = Canvas(width: width, height: height)
    guard let top = corners.map(\.y).min(), let bottom = corners.map(\.y).max() else { return mask }
    let first = Int(max(top, 0))
    let last = Int(min(bottom, Float(height - 1)))
    guard bottom >= 0, first <= last else { return mask }
    for y in first...last {
      let crossings = crossings(Float(y) + 0.5)
      var k = 0
      while k + 1 < crossings.count {
        let from = max(Int((crossings[k] - 0.5).rounded(.up)), 0)
        let to = min(Int((crossings[k + 1] - 0.5).rounded(.up)), width)
        for x in from..<max(from, to) { mask.values[y * width + x] = 1 }
        k += 2
      }
    }
    return mask
  }

  /// Where the edges cross the line at `y`, ascending.
  private func crossings(_ y: Float) -> [Float] {
    var found: [Float] = []
    var from = corners[corners.count - 1]
    for to in corners {
      if (from.y <= y) != (to.y <= y) {
        found.append(from.x + (y - from.y) / (to.y - from.y) * (to.x - from.x))
      }
      from = to
    }
    return found.sorted()
  }
}

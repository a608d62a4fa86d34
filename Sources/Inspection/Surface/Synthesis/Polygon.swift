/// Corners in pixels; pixel (x, y) covers the square from there to (x + 1, y + 1).
struct Polygon {
  var corners: [(x: Float, y: Float)] = []
  /// Lines a pixel row is cut into.
  private static let lines = 4

  /// The share of each pixel inside, 0…1, by the even-odd rule: exact along the row, from four
  /// lines down it.
  func filled(width: Int, height: Int) -> Canvas {
    var mask = Canvas(width: width, height: height)
    guard let top = corners.map(\.y).min(), let bottom = corners.map(\.y).max() else { return mask }
    let first = Int(max(top, 0))
    let last = Int(min(bottom, Float(height - 1)))
    guard bottom >= 0, first <= last else { return mask }
    for y in first...last {
      for line in 0..<Self.lines {
        let at = Float(y) + (Float(line) + 0.5) / Float(Self.lines)
        let crossings = crossings(at)
        var k = 0
        while k + 1 < crossings.count {
          Self.cover(&mask, row: y, from: crossings[k], to: crossings[k + 1])
          k += 2
        }
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

  private static func cover(_ mask: inout Canvas, row: Int, from: Float, to: Float) {
    let from = max(from, 0)
    let to = min(to, Float(mask.width))
    guard from < to else { return }
    let last = min(Int(to), mask.width - 1)
    for x in Int(from)...last {
      let share = min(to, Float(x + 1)) - max(from, Float(x))
      mask.values[row * mask.width + x] += max(share, 0) / Float(lines)
    }
  }
}

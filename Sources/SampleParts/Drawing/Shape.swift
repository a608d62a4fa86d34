/// A drawing as signed distances in pixels: negative inside, positive outside, capped at `reach`.
///
/// Uniting shapes takes the smaller distance, cutting the larger of the one and the negated other,
/// so edges stay exact to a fraction of a pixel and `coverage` needs no supersampling.
struct Shape: Sendable {
  /// The distances.
  var field: Field
  /// Farther than this from an edge, distances are not kept.
  static let reach: Float = 8

  init(width: Int, height: Int) {
    field = Field(width: width, height: height, filledWith: Shape.reach)
  }

  /// The part of the picture a primitive touches, as closed ranges of pixels.
  private func window(_ low: Point, _ high: Point, _ margin: Float) -> (
    x: Range<Int>, y: Range<Int>
  ) {
    let reach = margin + Shape.reach
    let left = min(max(Int(low.x - reach), 0), field.width)
    let right = min(max(Int(high.x + reach) + 1, left), field.width)
    let top = min(max(Int(low.y - reach), 0), field.height)
    let bottom = min(max(Int(high.y + reach) + 1, top), field.height)
    return (left..<right, top..<bottom)
  }

  /// Adds a line with round ends, from `start` (half-width `startRadius`) to `end`.
  mutating func addLine(
    from start: Point, to end: Point, startRadius: Float, endRadius: Float? = nil
  ) {
    let endRadius = endRadius ?? startRadius
    let along = end - start
    let squared = max(along.x * along.x + along.y * along.y, 1e-6)
    let low = Point(min(start.x, end.x), min(start.y, end.y))
    let high = Point(max(start.x, end.x), max(start.y, end.y))
    let area = window(low, high, max(startRadius, endRadius))
    let width = field.width
    var values = field.values.mutableSpan
    for y in area.y {
      for x in area.x {
        let dx = Float(x) - start.x
        let dy = Float(y) - start.y
        let share = min(max((dx * along.x + dy * along.y) / squared, 0), 1)
        let awayX = dx - share * along.x
        let awayY = dy - share * along.y
        let radius = startRadius + share * (endRadius - startRadius)
        let distance = (awayX * awayX + awayY * awayY).squareRoot() - radius
        let index = y * width + x
        values[index] = min(values[index], distance)
      }
    }
  }

  /// Adds a disc.
  mutating func addDisc(at center: Point, radius: Float) {
    addLine(from: center, to: center, startRadius: radius)
  }

  /// Adds an upright box of twice `halfWidth × halfHeight` about `center`, corners rounded by
  /// `rounding`.
  mutating func addBox(
    at center: Point, halfWidth: Float, halfHeight: Float, rounding: Float = 0
  ) {
    let half = Point(halfWidth, halfHeight)
    let area = window(center - half, center + half, 0)
    for y in area.y {
      for x in area.x {
        let dx = abs(Float(x) - center.x) - halfWidth + rounding
        let dy = abs(Float(y) - center.y) - halfHeight + rounding
        let outside = Point(max(dx, 0), max(dy, 0)).length
        let distance = outside + min(max(dx, dy), 0) - rounding
        field[x, y] = min(field[x, y], distance)
      }
    }
  }

  /// Takes `other`, of the same size, away.
  mutating func cut(_ other: Shape) {
    for index in field.values.indices {
      field.values[index] = max(field.values[index], -other.field.values[index])
    }
  }

  /// Adds `other`, of the same size.
  mutating func unite(_ other: Shape) {
    for index in field.values.indices {
      field.values[index] = min(field.values[index], other.field.values[index])
    }
  }

  /// The share of pixel `index` inside the shape, with an edge `softness` pixels wide.
  func coverage(_ index: Int, softness: Float = 1) -> Float {
    Arithmetic.smoothStep(-0.5, 0.5, -field.values[index] / softness)
  }
}

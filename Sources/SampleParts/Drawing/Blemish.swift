import Imaging

/// What a defect does to the surface under its shape.
enum Finish: Sendable {
  /// Takes this share of the brightness.
  case darken(Float)
  /// Adds this many gray levels.
  case brighten(Float)
  /// Another surface of this brightness, with its own grain of deviation `grain`.
  case surface(level: Float, grain: Float)
  /// A hole: dark inside, its far wall lit; `depth` is the share of brightness taken.
  case pit(depth: Float)
}

/// One drawn stroke of a defect.
struct Stroke: Sendable {
  var shape: Shape
  var finish: Finish
  /// Width of the shape's edge in pixels.
  var softness: Float = 1.2
}

/// A defect about to be painted.
struct Blemish: Sendable {
  var kind: String
  var severity: Float
  var strokes: [Stroke] = []
}

extension Field {
  /// Paints `blemish` and returns what it changed: 255 where the brightness moved by 2 levels or
  /// more. Smaller changes are taken back, so mask and change are the same pixels.
  mutating func paint(_ blemish: Blemish, from stream: inout SeededGenerator) -> Plane {
    let clean = self
    for stroke in blemish.strokes { paint(stroke, from: &stream) }
    var mask = Plane(width: width, height: height)
    for index in values.indices {
      // Far over or under the range of gray levels a change would not show.
      let before = min(max(clean.values[index], 8), 215)
      let after = min(max(values[index], 8), 215)
      if abs(after - before) >= 2 {
        values[index] = after
        mask.pixels[index] = 255
      } else {
        values[index] = clean.values[index]
      }
    }
    return mask
  }

  private mutating func paint(_ stroke: Stroke, from stream: inout SeededGenerator) {
    for y in 0..<height {
      for x in 0..<width {
        let index = y * width + x
        guard stroke.shape.field.values[index] < stroke.softness else { continue }
        let share = stroke.shape.coverage(index, softness: stroke.softness)
        let value = values[index]
        switch stroke.finish {
        case .darken(let loss): values[index] = value * (1 - loss * share)
        case .brighten(let gain): values[index] = value + gain * share
        case .surface(let level, let grain):
          values[index] = value + share * (level + grain * stream.bell() - value)
        case .pit(let depth):
          values[index] = value * (1 - depth * share) + rim(of: stroke.shape, x, y) * depth
        }
      }
    }
  }

  /// Light on a hole's wall, in gray levels: the light comes from the upper left.
  private func rim(of shape: Shape, _ x: Int, _ y: Int) -> Float {
    guard x > 0, y > 0, x < width - 1, y < height - 1 else { return 0 }
    let slopeX = shape.field[x + 1, y] - shape.field[x - 1, y]
    let slopeY = shape.field[x, y + 1] - shape.field[x, y - 1]
    let distance = shape.field[x, y]
    let edge = max(0, 1 - abs(distance + 0.4) / 1.6)
    return edge * (slopeX + slopeY) * 22
  }
}

extension Shape {
  /// Moves the edge in and out by up to `amplitude` pixels, in waves about `cell` pixels long.
  mutating func roughen(amplitude: Float, cell: Float, from stream: inout SeededGenerator) {
    field.addNoise(cellX: cell, cellY: cell, amplitude: amplitude, from: &stream)
  }

  /// A jagged line that starts at `start` and goes `length` pixels about `heading`, thinning out.
  mutating func addCrack(
    from start: Point, heading: Float, length: Float, radius: Float,
    from stream: inout SeededGenerator
  ) {
    var place = start
    var direction = heading
    var left = length
    while left > 0 {
      let step = min(stream.uniform(2, 5), left)
      direction += stream.uniform(-0.55, 0.55) + (heading - direction) * 0.35
      let next = place + Point(angle: direction, length: step)
      let width = radius * (0.35 + 0.65 * left / length)
      addLine(from: place, to: next, startRadius: width, endRadius: width * 0.9)
      if length > 18, left < length * 0.8, stream.uniform(0, 1) < 0.06 {
        let turn = stream.uniform(0.5, 1) * (stream.next() & 1 == 0 ? 1 : -1)
        addCrack(
          from: next, heading: direction + turn, length: left * 0.4, radius: width * 0.8,
          from: &stream)
      }
      place = next
      left -= step
    }
  }

  /// A line bent by up to `bend` radians, thinning out at both ends.
  mutating func addScratch(
    from start: Point, heading: Float, length: Float, radius: Float, bend: Float
  ) {
    var place = start
    let pieces = 10
    for piece in 0..<pieces {
      let share = (Float(piece) + 0.5) / Float(pieces)
      let next =
        place + Point(angle: heading + bend * (share - 0.5), length: length / Float(pieces))
      let taper = 1 - (2 * share - 1) * (2 * share - 1) * 0.6
      addLine(from: place, to: next, startRadius: radius * taper)
      place = next
    }
  }
}

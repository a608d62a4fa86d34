import Imaging

/// Random shapes of synthetic defects as soft masks, 0…1.
struct DefectShapes {
  let width: Int
  let height: Int
  var generator: SeededGenerator

  mutating func uniform(_ low: Float, _ high: Float) -> Float { generator.uniform(low, high) }

  /// Log-uniform: as many between 1 and 2 as between 2 and 4.
  mutating func logUniform(_ low: Float, _ high: Float) -> Float {
    let a = MathFunctions.log(Double(low))
    let b = MathFunctions.log(Double(high))
    return Float(MathFunctions.exp(a + (b - a) * Double(uniform(0, 1))))
  }

  mutating func chance(_ share: Float) -> Bool { uniform(0, 1) < share }

  /// The index drawn with the weights given.
  mutating func choice(_ weights: [Float]) -> Int {
    var place = uniform(0, 1) * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      place -= weight
      if place < 0 { return index }
    }
    return weights.count - 1
  }

  /// About normal, mean 0, deviation 1: the sum of twelve uniforms less six.
  mutating func normal() -> Float {
    var sum: Float = 0
    for _ in 0..<3 {
      let bits = generator.next()
      for k in 0..<4 { sum += Float((bits >> UInt64(16 * k)) & 0xFFFF) * 0x1p-16 }
    }
    return sum - 6
  }

  /// White noise of deviation 1, smoothed by `sigma`.
  mutating func noise(_ sigma: Float) -> Canvas {
    var canvas = Canvas(width: width, height: height)
    let scale: Float = 1.7320508
    for i in canvas.values.indices {
      let bits = generator.next()
      let sum =
        Float(bits & 0xFFFF) + Float((bits >> 16) & 0xFFFF) + Float((bits >> 32) & 0xFFFF)
        + Float(bits >> 48)
      canvas.values[i] = (sum * 0x1p-16 - 2) * scale
    }
    return canvas.blurred(sigma)
  }

  /// A blob at (x, y): a polygon of 6 to 13 corners around a turned ellipse whose longer half axis
  /// lies between the bounds, log-uniform; a little wider on all sides, since a speck is seen as
  /// whole pixels.
  mutating func blob(_ low: Float, _ high: Float, at place: (Float, Float)? = nil) -> Canvas {
    let (cx, cy) = place ?? (uniform(0, Float(width)), uniform(0, Float(height)))
    let a = logUniform(low, high)
    let b = a * uniform(0.3, 1)
    let corners = 6 + generator.below(8)
    let angles = (0..<corners).map { _ in uniform(0, 2 * .pi) }.sorted()
    let turn = Double(uniform(0, .pi))
    let c = Float(MathFunctions.cos(turn))
    let s = Float(MathFunctions.sin(turn))
    var polygon = Polygon()
    for angle in angles {
      let radius = uniform(0.6, 1.2)
      let x = (a * radius + 0.6) * Float(MathFunctions.cos(Double(angle)))
      let y = (b * radius + 0.6) * Float(MathFunctions.sin(Double(angle)))
      polygon.corners.append((cx + x * c - y * s, cy + x * s + y * c))
    }
    return polygon.filled(width: width, height: height)
  }

  /// The smaller side of a straight edge through a random place.
  mutating func halfPlane() -> Canvas {
    let turn = Double(uniform(0, 2 * .pi))
    let c = Float(MathFunctions.cos(turn))
    let s = Float(MathFunctions.sin(turn))
    let edge =
      uniform(0.1, 0.9) * Float(height) * s + uniform(0.1, 0.9) * Float(width) * c
    var mask = Canvas(width: width, height: height)
    var inside = 0
    for y in 0..<height {
      for x in 0..<width where Float(y) * s + Float(x) * c > edge {
        mask.values[y * width + x] = 1
        inside += 1
      }
    }
    return 2 * inside > width * height ? mask.mapped { 1 - $0 } : mask
  }

  /// A scratch: a line of 2 to 6 pieces, 1 to 5 pixels wide, the same all along.
  mutating func scratch() -> Canvas {
    let length = logUniform(15, max(16, Float(max(width, height)) * 0.7))
    let pieces = 2 + generator.below(5)
    let thickness = Float(1 + generator.below(5))
    var mask = Canvas(width: width, height: height)
    var place = (uniform(0, Float(width)), uniform(0, Float(height)))
    var heading = uniform(0, 2 * .pi)
    for _ in 0..<pieces {
      heading += 0.35 * normal()
      let next = Self.step(from: place, length / Float(pieces), heading)
      draw(&mask, place, next, half: thickness / 2, 1)
      place = next
    }
    return mask
  }

  /// A crack: a jagged line that drifts to one side and tapers to the ends; some pieces are nearly
  /// interrupted.
  mutating func crack() -> Canvas {
    let length = logUniform(14, max(15, Float(max(width, height)) * 0.8))
    let pieces = max(3, Int(length / uniform(4, 9)))
    var mask = Canvas(width: width, height: height)
    var place = (uniform(0, Float(width)), uniform(0, Float(height)))
    var heading = uniform(0, 2 * .pi)
    let jitter = uniform(0.05, 0.6)
    let drift = 0.03 * normal()
    let widest = logUniform(0.8, 7)
    let ends = (uniform(0.3, 1), uniform(0.3, 1))
    for k in 0..<pieces {
      heading += drift + 0.06 * normal()
      let next = Self.step(from: place, length / Float(pieces), heading + jitter * normal())
      let part = Float(k) / Float(pieces)
      let taper = part < 0.5 ? ends.0 + (1 - ends.0) * 2 * part : 1 - (1 - ends.1) * (2 * part - 1)
      let thickness = widest * taper * uniform(0.6, 1.2)
      let value = chance(0.06) ? 0.3 : min(1, thickness)
      // Half a pixel at least; a pen is as wide as its two edges more.
      let pen = max(1, thickness.rounded())
      draw(&mask, place, next, half: pen == 1 ? 0.25 : (pen + 1.5) / 4, value)
      place = next
    }
    return mask
  }

  private static func step(from place: (Float, Float), _ length: Float, _ heading: Float) -> (
    Float, Float
  ) {
    (
      place.0 + length * Float(MathFunctions.cos(Double(heading))),
      place.1 + length * Float(MathFunctions.sin(Double(heading)))
    )
  }

  /// A segment 2 · `half` wide with hard edges; every pixel has the share of its four quarters whose
  /// middle is covered, times `value`.
  private func draw(
    _ mask: inout Canvas, _ a: (Float, Float), _ b: (Float, Float), half: Float, _ value: Float
  ) {
    let dx = b.0 - a.0
    let dy = b.1 - a.1
    let length = max(dx * dx + dy * dy, 1e-6)
    let ys = rows((a.1 + b.1) / 2, abs(dy) / 2 + half + 1)
    let xs = columns((a.0 + b.0) / 2, abs(dx) / 2 + half + 1)
    for y in ys {
      for x in xs {
        var covered: Float = 0
        for quarter in 0..<4 {
          let px = Float(x) + (quarter & 1 == 0 ? 0.25 : 0.75) - a.0
          let py = Float(y) + (quarter & 2 == 0 ? 0.25 : 0.75) - a.1
          let along = min(max((px * dx + py * dy) / length, 0), 1)
          let ex = px - along * dx
          let ey = py - along * dy
          if ex * ex + ey * ey <= half * half { covered += 0.25 }
        }
        let at = y * width + x
        mask.values[at] = max(mask.values[at], covered * value)
      }
    }
  }

  /// Two layers of smooth noise, of random coarseness.
  mutating func clouds() -> Canvas {
    func layer(_ shapes: inout DefectShapes) -> Canvas {
      let cells = 1 << (1 + shapes.generator.below(5))
      var grid = Canvas(width: cells + 1, height: cells + 1)
      for i in grid.values.indices { grid.values[i] = shapes.uniform(0, 1) }
      var out = Canvas(width: shapes.width, height: shapes.height)
      for y in 0..<shapes.height {
        for x in 0..<shapes.width {
          out.values[y * shapes.width + x] = grid.sample(
            Float(x) * Float(cells) / Float(shapes.width),
            Float(y) * Float(cells) / Float(shapes.height))
        }
      }
      return out
    }
    let coarse = layer(&self)
    return coarse.combined(with: layer(&self)) { $0 + 0.5 * $1 }
  }

  /// A share of the picture: clouds above a level, a half plane, a band or a large blob.
  mutating func region() -> Canvas {
    let kind = uniform(0, 1)
    if kind < 0.35 {
      let clouds = clouds()
      let level = clouds.quantile(uniform(0.6, 0.97))
      return clouds.mapped { $0 > level ? 1 : 0 }
    }
    if kind >= 0.8 { return blob(12, Float(min(width, height)) * 0.5) }
    let upright = chance(0.5)
    let turn = Double(
      upright ? Float(generator.below(4)) * .pi / 2 + normal() * 0.05 : uniform(0, 2 * .pi))
    let c = Float(MathFunctions.cos(turn))
    let s = Float(MathFunctions.sin(turn))
    var low = Float.infinity
    var high = -Float.infinity
    for (x, y) in [(0, 0), (width, 0), (0, height), (width, height)] {
      let d = Float(x) * c + Float(y) * s
      low = min(low, d)
      high = max(high, d)
    }
    let halfPlane = kind < 0.6
    let edge = low + (high - low) * (halfPlane ? uniform(0.4, 0.92) : uniform(0.05, 0.95))
    let band = (high - low) * uniform(0.03, 0.2)
    var mask = Canvas(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        let d = Float(x) * c + Float(y) * s
        mask.values[y * width + x] = (halfPlane ? d > edge : abs(d - edge) < band) ? 1 : 0
      }
    }
    return mask
  }

  /// One of the six steepest of sixty random places of `picture`.
  mutating func placeAtEdge(of picture: Canvas) -> (Float, Float) {
    let smooth = picture.blurred(2)
    var places: [(slope: Float, x: Float, y: Float)] = []
    for _ in 0..<60 {
      let x = Float(generator.below(width))
      let y = Float(generator.below(height))
      let dx = smooth.sample(x + 1, y) - smooth.sample(x - 1, y)
      let dy = smooth.sample(x, y + 1) - smooth.sample(x, y - 1)
      places.append((dx * dx + dy * dy, x, y))
    }
    places.sort { ($0.slope, $0.x, $0.y) > ($1.slope, $1.x, $1.y) }
    let place = places[generator.below(6)]
    return (place.x, place.y)
  }

  private func rows(_ centre: Float, _ reach: Float) -> Range<Int> {
    let first = min(max(Int(centre - reach), 0), height)
    return first..<max(first, min(height, Int(max(centre + reach, 0)) + 2))
  }

  private func columns(_ centre: Float, _ reach: Float) -> Range<Int> {
    let first = min(max(Int(centre - reach), 0), width)
    return first..<max(first, min(width, Int(max(centre + reach, 0)) + 2))
  }
}

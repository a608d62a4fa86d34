import Imaging

extension CastingModel {
  /// The classes of defects of a casting.
  static let kinds = ["blowhole", "crack", "scratch", "chip", "flash"]

  /// A defect of class `kind` on the part that lies at `pose`.
  func blemish(_ kind: String, _ pose: Pose, from stream: inout SeededGenerator) -> Blemish {
    let severity = stream.uniform(0, 1)
    var blemish = Blemish(kind: kind, severity: severity)
    let scale = radius / 121
    switch kind {
    case "blowhole": blemish.strokes = blowholes(severity, scale, pose, &stream)
    case "crack": blemish.strokes = crack(severity, scale, pose, &stream)
    case "scratch": blemish.strokes = scratch(severity, scale, pose, &stream)
    case "chip": blemish.strokes = chip(severity, scale, pose, &stream)
    default: blemish.strokes = flash(severity, scale, pose, &stream)
    }
    return blemish
  }

  private func blank() -> Shape { Shape(width: width, height: height) }

  private func blowholes(
    _ severity: Float, _ scale: Float, _ pose: Pose, _ stream: inout SeededGenerator
  ) -> [Stroke] {
    var shape = blank()
    let place = pose.place(
      Point(angle: stream.uniform(0, 6.28), length: radius * stream.uniform(0.68, 0.92)))
    let size = scale * (1.5 + 3.5 * severity) * stream.uniform(0.8, 1.25)
    shape.addDisc(at: place, radius: size)
    shape.addDisc(
      at: place + Point(angle: stream.uniform(0, 6.28), length: size * 0.7), radius: size * 0.75)
    for _ in 0..<stream.below(4) {
      let away = Point(angle: stream.uniform(0, 6.28), length: size * stream.uniform(2, 3.5))
      shape.addDisc(at: place + away, radius: max(0.8, size * stream.uniform(0.2, 0.5)))
    }
    shape.roughen(amplitude: size * 0.35, cell: max(2.5, size), from: &stream)
    return [Stroke(shape: shape, finish: .pit(depth: 0.35 + 0.45 * severity), softness: 1.6)]
  }

  private func crack(
    _ severity: Float, _ scale: Float, _ pose: Pose, _ stream: inout SeededGenerator
  ) -> [Stroke] {
    var shape = blank()
    let angle = stream.uniform(0, 6.28)
    let fromRim = stream.next() & 1 == 0
    let start = pose.place(Point(angle: angle, length: radius * (fromRim ? 0.98 : 0.64)))
    let out = start - pose.origin
    // Toward the middle from the rim, outward from the ring; some run askew.
    let side = Point(-out.y, out.x) * stream.uniform(-0.7, 0.7)
    let target = fromRim ? start - out * 0.3 + side * 0.3 : start + out * 0.4 + side * 0.3
    shape.addCrack(
      from: start, toward: target, length: scale * (18 + 26 * severity),
      radius: scale * (0.5 + 0.5 * severity), from: &stream)
    return [Stroke(shape: shape, finish: .darken(0.35 + 0.4 * severity), softness: 1.3)]
  }

  private func scratch(
    _ severity: Float, _ scale: Float, _ pose: Pose, _ stream: inout SeededGenerator
  ) -> [Stroke] {
    var shape = blank()
    let angle = stream.uniform(0, 6.28)
    let start = Point(angle: angle, length: radius * stream.uniform(0.68, 0.9))
    let heading = angle + Arithmetic.pi / 2 + stream.uniform(-0.5, 0.9)
    let length = scale * (18 + 40 * severity)
    let width = scale * (0.35 + 0.45 * severity)
    shape.addScratch(
      from: pose.place(start), heading: heading, length: length, radius: width,
      bend: stream.uniform(-0.3, 0.3))
    var shadow = blank()
    shadow.addScratch(
      from: pose.place(start) + Point(1.2, 1.2), heading: heading, length: length,
      radius: width * 0.8, bend: 0)
    return [
      Stroke(shape: shadow, finish: .darken(0.1 + 0.15 * severity)),
      Stroke(shape: shape, finish: .brighten(22 + 45 * severity)),
    ]
  }

  private func chip(
    _ severity: Float, _ scale: Float, _ pose: Pose, _ stream: inout SeededGenerator
  ) -> [Stroke] {
    var shape = blank()
    let angle = stream.uniform(0, 6.28)
    let size = scale * (3 + 7 * severity)
    for _ in 0..<3 {
      let near = angle + stream.uniform(-0.8, 0.8) * size / radius
      let place = Point(angle: near, length: radius + size * stream.uniform(0, 0.35))
      shape.addDisc(at: pose.place(place), radius: size * stream.uniform(0.7, 1.05))
    }
    shape.roughen(amplitude: size * 0.25, cell: 3.5, from: &stream)
    // Only where there was metal.
    var metal = blank()
    metal.addDisc(at: pose.origin, radius: radius + 0.5)
    for index in shape.field.values.indices {
      shape.field.values[index] = max(shape.field.values[index], metal.field.values[index])
    }
    let level = stream.uniform(50, 85)
    return [Stroke(shape: shape, finish: .surface(level: level, grain: 6), softness: 1.4)]
  }

  private func flash(
    _ severity: Float, _ scale: Float, _ pose: Pose, _ stream: inout SeededGenerator
  ) -> [Stroke] {
    var shape = blank()
    let angle = stream.uniform(0, 6.28)
    let width = (6 + 16 * severity) * scale / radius
    let thickness = scale * (1.6 + 3.4 * severity)
    for step in -4...4 {
      let share = Float(step) / 4
      let place = Point(angle: angle + share * width, length: radius)
      let taper = (1 - 0.75 * share * share) * stream.uniform(0.7, 1.1)
      shape.addDisc(at: pose.place(place), radius: max(0.8, thickness * taper))
    }
    shape.roughen(amplitude: 0.7 * scale, cell: 4.5, from: &stream)
    let metal = stream.uniform(150, 185)
    return [Stroke(shape: shape, finish: .surface(level: metal, grain: 5), softness: 1.3)]
  }
}

extension Shape {
  /// A crack from `start` toward `target`.
  mutating func addCrack(
    from start: Point, toward target: Point, length: Float, radius: Float,
    from stream: inout SeededGenerator
  ) {
    addCrack(
      from: start, heading: Arithmetic.direction(target - start), length: length, radius: radius,
      from: &stream)
  }
}

extension Arithmetic {
  /// The angle of `vector` from the x axis, to 10⁻³ radians: bisection on `sine` and `cosine`, which
  /// keeps the C library's arc tangent out.
  static func direction(_ vector: Point) -> Float {
    var best: Float = 0
    var width: Float = pi
    while width > 0.0005 {
      width /= 2
      let left = best - width
      let right = best + width
      let leftFit = cosine(left) * vector.x + sine(left) * vector.y
      let rightFit = cosine(right) * vector.x + sine(right) * vector.y
      best = leftFit > rightFit ? left : right
    }
    return best
  }
}

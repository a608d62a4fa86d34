import Imaging

/// A ground tile: streaks along the grinding direction, darker toward the sides, single tracks.
struct TileModel: Sendable {
  /// Columns and rows of every picture; nil: each tile has its own, near 200 × 300.
  let width: Int?
  let height: Int?

  /// The classes of defects of a tile.
  static let kinds = ["crack", "blowhole", "scratch", "stain", "fray"]

  /// The brightness of tile `index` of `seed`, and the lean of its grinding in columns a row.
  func scene(seed: UInt64, index: Int) -> (Field, lean: Float) {
    var stream = SeededGenerator(seed: seed, part: index, purpose: "tile")
    let columns = 170 + stream.below(71)
    let rows = 250 + stream.below(81)
    let lean = stream.uniform(-0.035, 0.035)
    var scene = Field(
      width: width ?? columns, height: height ?? rows, filledWith: stream.uniform(92, 122))
    let streaks: [(cellX: Float, cellY: Float, amplitude: Float)] = [
      (1.3, 28, 9), (2.4, 70, 8), (6, 160, 7), (19, 240, 9), (1.1, 7, 6), (45, 60, 6),
    ]
    for streak in streaks {
      scene.addNoise(
        cellX: streak.cellX, cellY: streak.cellY,
        amplitude: streak.amplitude * stream.uniform(0.75, 1.25), shear: lean, from: &stream)
    }
    addTracks(&scene, lean, &stream)
    addLight(&scene, &stream)
    scene.addGrain(sigma: 2.2, from: &stream)
    return (scene, lean)
  }

  /// Single deep or bright grinding tracks.
  private func addTracks(_ scene: inout Field, _ lean: Float, _ stream: inout SeededGenerator) {
    for _ in 0..<(4 + stream.below(9)) {
      let from = stream.uniform(-10, Float(scene.width) + 10)
      let strength = stream.uniform(-13, 13)
      let top = Int(stream.uniform(-0.6, 0.8) * Float(scene.height))
      let rows = Int(stream.uniform(0.3, 1.4) * Float(scene.height))
      for y in max(0, top)..<max(0, min(scene.height, top + rows)) {
        let place = from - lean * Float(y)
        let fade = min(1, Float(min(y - top, top + rows - y)) / 25)
        for x in Int(place) - 1...Int(place) + 2 where x >= 0 && x < scene.width {
          scene[x, y] += strength * fade * max(0, 1 - abs(Float(x) - place) / 1.4)
        }
      }
    }
  }

  /// A lamp off the middle and sides that turn away from it.
  private func addLight(_ scene: inout Field, _ stream: inout SeededGenerator) {
    let middle = stream.uniform(0.35, 0.65)
    let falloff = stream.uniform(0.5, 1.1)
    let down = stream.uniform(-0.12, 0.12)
    for y in 0..<scene.height {
      let row = 1 + down * (Float(y) / Float(scene.height) - 0.5)
      for x in 0..<scene.width {
        let across = Float(x) / Float(scene.width) - middle
        scene[x, y] *= row * (1 - falloff * across * across)
      }
    }
  }

  /// A defect of class `kind` on a tile of this size and lean.
  func blemish(
    _ kind: String, on scene: Field, lean: Float, from stream: inout SeededGenerator
  ) -> Blemish {
    let severity = stream.uniform(0, 1)
    let place = Point(
      Float(scene.width) * stream.uniform(0.18, 0.82),
      Float(scene.height) * stream.uniform(0.15, 0.85))
    var shape = Shape(width: scene.width, height: scene.height)
    let strokes: [Stroke]
    switch kind {
    case "crack":
      shape.addCrack(
        from: place, heading: stream.uniform(0, 6.28), length: 30 + 70 * severity,
        radius: 0.55 + 0.7 * severity, from: &stream)
      strokes = [Stroke(shape: shape, finish: .darken(0.34 + 0.36 * severity), softness: 1.3)]
    case "blowhole":
      strokes = blowholes(severity, place, shape, &stream)
    case "scratch":
      // Across the grinding, else it would be one more track.
      let side: Float = stream.next() & 1 == 0 ? 1 : -1
      shape.addScratch(
        from: place, heading: Arithmetic.pi / 2 + lean + side * stream.uniform(0.3, 1.3),
        length: 30 + 60 * severity, radius: 0.4 + 0.5 * severity, bend: stream.uniform(-0.3, 0.3))
      strokes = [Stroke(shape: shape, finish: .brighten(20 + 40 * severity))]
    case "stain":
      strokes = stain(severity, place, shape, &stream)
    default:
      strokes = fray(severity, shape, &stream)
    }
    return Blemish(kind: kind, severity: severity, strokes: strokes)
  }

  private func blowholes(
    _ severity: Float, _ place: Point, _ blank: Shape, _ stream: inout SeededGenerator
  ) -> [Stroke] {
    var shape = blank
    let size = (1.5 + 4 * severity) * stream.uniform(0.8, 1.2)
    shape.addDisc(at: place, radius: size)
    let longer = Point(angle: stream.uniform(0, 6.28), length: size * stream.uniform(0.5, 1.3))
    shape.addDisc(at: place + longer, radius: size * 0.7)
    if severity > 0.5, stream.next() & 1 == 0 {
      let away = Point(angle: stream.uniform(0, 6.28), length: stream.uniform(12, 40))
      shape.addDisc(at: place + away, radius: size * 0.5)
    }
    shape.roughen(amplitude: size * 0.35, cell: max(2.5, size), from: &stream)
    return [Stroke(shape: shape, finish: .pit(depth: 0.4 + 0.4 * severity), softness: 1.8)]
  }

  private func stain(
    _ severity: Float, _ place: Point, _ blank: Shape, _ stream: inout SeededGenerator
  ) -> [Stroke] {
    var shape = blank
    let size = stream.uniform(9, 22)
    for _ in 0..<9 {
      let away = Point(angle: stream.uniform(0, 6.28), length: size * stream.uniform(0, 0.8))
      shape.addDisc(at: place + away, radius: size * stream.uniform(0.25, 0.55))
    }
    shape.roughen(amplitude: 2.2, cell: 13, from: &stream)
    shape.roughen(amplitude: 1.4, cell: 4.3, from: &stream)
    return [Stroke(shape: shape, finish: .darken(0.12 + 0.24 * severity), softness: 5)]
  }

  /// The grinding breaks up along an edge: a ragged, coarse, mostly darker patch.
  private func fray(
    _ severity: Float, _ blank: Shape, _ stream: inout SeededGenerator
  ) -> [Stroke] {
    var shape = blank
    let right = stream.next() & 1 == 0
    let edge: Float = right ? Float(blank.field.width) - 1 : 0
    let reach = 4 + 9 * severity
    let top = Float(blank.field.height) * stream.uniform(0.1, 0.6)
    let length = 25 + 65 * severity
    var y = top
    while y < top + length {
      let share = 2 * (y - top) / length - 1
      let inward = reach * stream.uniform(0.35, 1) * (1 - 0.7 * share * share)
      shape.addDisc(at: Point(edge + stream.uniform(-1, 1), y), radius: inward)
      y += stream.uniform(2, 6)
    }
    shape.roughen(amplitude: 2.2, cell: 5.5, from: &stream)
    shape.roughen(amplitude: 1.1, cell: 2.3, from: &stream)
    let level = stream.uniform(42, 66)
    return [
      Stroke(
        shape: shape, finish: .surface(level: level, grain: 9 + 7 * severity), softness: 1.5)
    ]
  }
}

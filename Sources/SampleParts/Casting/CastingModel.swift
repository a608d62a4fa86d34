import Imaging

/// A die-cast pump impeller seen from above, on a gray table.
///
/// The ideal part is drawn once, in its own frame: brightness, slope and surface of every pixel.
/// A picture looks that drawing up under the part's pose and adds what differs from part to part:
/// turning lines and light fans on the machined ring, cast grain, table, shadow, light gradient.
struct CastingModel: Sendable {
  let width: Int
  let height: Int
  /// Outer radius of the flange in pixels.
  let radius: Float
  /// Columns and rows of the drawing; its middle is the part's origin.
  private let side: Int
  /// Brightness, slope in x, slope in y, share of machined surface.
  private let drawing: [SIMD4<Float>]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    radius = 0.405 * Float(min(width, height))
    side = 2 * Int(radius * 1.1) + 3
    drawing = CastingModel.draw(side: side, radius: radius)
  }

  /// Brightness and height over the distance from the middle; every ring starts at its inner
  /// radius, in shares of the outer one.
  private static let rings: [(from: Float, brightness: Float, height: Float, machined: Float)] = [
    (-1, 128, 0, 0.5), (0.185, 150, 8, 0.8), (0.275, 34, 0, 0), (0.535, 172, 7, 0.9),
    (0.60, 70, 3, 0.2), (0.63, 142, 5, 1), (0.97, 120, 1, 0.8),
  ]

  private static func profile(_ r: Float, _ softness: Float) -> (SIMD4<Float>, height: Float) {
    var brightness = rings[0].brightness
    var machined = rings[0].machined
    var height = rings[0].height
    for ring in rings.dropFirst() {
      let share = Arithmetic.smoothStep(ring.from - softness, ring.from + softness, r)
      brightness += (ring.brightness - brightness) * share
      machined += (ring.machined - machined) * share
      height += (ring.height - height) * share
    }
    return (SIMD4(brightness, 0, 0, machined), height)
  }

  private static func draw(side: Int, radius: Float) -> [SIMD4<Float>] {
    let vanes = vaneShape(side: side, radius: radius)
    let middle = Float(side - 1) / 2
    let softness = 1.6 / radius
    var drawing = [SIMD4<Float>](repeating: .zero, count: side * side)
    for y in 0..<side {
      for x in 0..<side {
        let dx = Float(x) - middle
        let dy = Float(y) - middle
        let distance = max((dx * dx + dy * dy).squareRoot(), 0.5)
        let share = distance / radius
        var (value, height) = profile(share, softness)
        let outer = profile(share + softness, softness).height
        let slope = (outer - height) * 0.9
        height = slope / distance
        value += SIMD4(0, -dx * height, -dy * height, 0)
        if share > 0.27, share < 0.55 {
          let vane = vanes.coverage(y * side + x, softness: 3)
          value.x += 26 * vane * Arithmetic.smoothStep(0.28, 0.36, share)
        }
        if share < 0.19 { value.x += (dx - dy) / radius * 90 }
        drawing[y * side + x] = value
      }
    }
    return drawing
  }

  /// Nine vanes swept back from the hub to the inner ring.
  private static func vaneShape(side: Int, radius: Float) -> Shape {
    var shape = Shape(width: side, height: side)
    let middle = Point(Float(side - 1) / 2, Float(side - 1) / 2)
    for vane in 0..<9 {
      var last: Point?
      for step in 0...8 {
        let share = Float(step) / 8
        let angle = Float(vane) * 2 * Arithmetic.pi / 9 + 1.1 * share
        let place = middle + Point(angle: angle, length: radius * (0.27 + 0.28 * share))
        if let last {
          shape.addLine(from: last, to: place, startRadius: radius * 0.018)
        }
        last = place
      }
    }
    return shape
  }

  /// The brightness of part `index` of `seed` and where it lies.
  func scene(seed: UInt64, index: Int) -> (Field, Pose) {
    var stream = SeededGenerator(seed: seed, part: index, purpose: "casting")
    let origin = Point(
      Float(width) / 2 + stream.uniform(-3.5, 3.5), Float(height) / 2 + stream.uniform(-3.5, 3.5))
    let pose = Pose(origin: origin, radians: stream.uniform(-0.09, 0.09))
    let look = CastingLook(radius: radius, from: &stream)
    var grain = Field(width: width, height: height)
    grain.addNoise(cellX: 2.6, cellY: 2.6, amplitude: 4, from: &stream)
    grain.addNoise(cellX: 7, cellY: 7, amplitude: 4, from: &stream)
    grain.addNoise(cellX: 38, cellY: 38, amplitude: 5, from: &stream)
    light(&grain, pose, look)
    return (grain, pose)
  }

  private func light(_ scene: inout Field, _ pose: Pose, _ look: CastingLook) {
    let middle = Float(side - 1) / 2
    for y in 0..<height {
      for x in 0..<width {
        let dx = Float(x) - pose.origin.x
        let dy = Float(y) - pose.origin.y
        let squared = dx * dx + dy * dy
        let distance = squared.squareRoot()
        let inside = min(max(radius - distance + 0.5, 0), 1)
        let noise = scene[x, y]
        var value = look.table(dx, dy, distance, noise)
        if inside > 0 {
          let place = pose.partPoint(Float(x), Float(y))
          let surface = sample(place.x + middle, place.y + middle)
          let part = look.part(surface, pose, dx, dy, squared, distance, noise)
          value += (part - value) * inside
        }
        scene[x, y] = value * (1 + look.gradient.x * dx + look.gradient.y * dy)
      }
    }
  }

  /// The drawing between its pixels, bilinear.
  private func sample(_ x: Float, _ y: Float) -> SIMD4<Float> {
    let column = Int(x)
    let row = Int(y)
    let right = x - Float(column)
    let below = y - Float(row)
    let pixels = drawing.span
    let index = row * side + column
    let above = pixels[index] + (pixels[index + 1] - pixels[index]) * right
    let lower = index + side
    return above + (pixels[lower] + (pixels[lower + 1] - pixels[lower]) * right - above) * below
  }
}

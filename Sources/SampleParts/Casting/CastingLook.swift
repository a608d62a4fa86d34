import Imaging

/// What differs from one casting to the next under the same lamp.
struct CastingLook: Sendable {
  /// Brightness gained per pixel to the right and down, as a share.
  var gradient: Point
  private var light: Point
  /// Cosine and sine of twice the direction of the light fans.
  private var fan: Point
  private var fanStrength: Float
  private var tableLevel: Float
  private var partLevel: Float
  private var radius: Float
  /// Turning lines, every half pixel from the middle.
  private var lines: [Float]

  init(radius: Float, from stream: inout SeededGenerator) {
    self.radius = radius
    gradient = Point(stream.uniform(-4e-4, 4e-4), stream.uniform(-4e-4, 4e-4))
    light = Point(angle: stream.uniform(3.6, 4.2), length: stream.uniform(24, 32))
    fan = Point(angle: stream.uniform(1.1, 2), length: 1)
    fanStrength = stream.uniform(26, 44)
    tableLevel = stream.uniform(142, 158)
    partLevel = stream.uniform(0.96, 1.04)
    lines = (0..<Int(radius * 2.3) + 8).map { _ in stream.uniform(-4.5, 4.5) }
  }

  /// Brightness of the table, darker in the part's shadow.
  func table(_ dx: Float, _ dy: Float, _ distance: Float, _ noise: Float) -> Float {
    let x = dx - 0.035 * radius
    let y = dy - 0.045 * radius
    let away = max(0, (x * x + y * y).squareRoot() - radius * 0.98) / (0.05 * radius)
    return tableLevel * (1 - 0.62 / (1 + away * away)) + 0.35 * noise
  }

  /// Brightness of the part where its drawing says `surface`.
  func part(
    _ surface: SIMD4<Float>, _ pose: Pose, _ dx: Float, _ dy: Float, _ squared: Float,
    _ distance: Float, _ noise: Float
  ) -> Float {
    let slopeX = pose.cosine * surface.y - pose.sine * surface.z
    let slopeY = pose.sine * surface.y + pose.cosine * surface.z
    let shade = slopeX * light.x + slopeY * light.y
    let twice = Point(
      (dx * dx - dy * dy) / (squared + 1), 2 * dx * dy / (squared + 1))
    let along = twice.x * fan.x + twice.y * fan.y
    let highlight = along * abs(along) * fanStrength
    let half = distance * 2
    let line =
      lines[Int(half)] + (lines[Int(half) + 1] - lines[Int(half)]) * (half - Float(Int(half)))
    let machined = surface.w * (highlight + line)
    return (surface.x + shade) * partLevel + machined + (1.1 - 0.5 * surface.w) * noise
  }
}

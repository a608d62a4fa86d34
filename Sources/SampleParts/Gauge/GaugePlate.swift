import Imaging

/// A length of a gauge plate and its true value.
public struct GaugeLength: Hashable, Sendable {
  /// What is measured.
  public var feature: String
  /// Its true value.
  public var millimetres: Double
}

/// A plate with two holes and a slot before a bright lamp, 10 pixels a millimetre.
///
/// Brightness passes half way between plate and lamp exactly on the true edge.
struct GaugePlate: Sendable {
  static let width = 480
  static let height = 360
  static let pixelsPerMillimetre: Float = 10

  private var plateWidth: Float
  private var plateHeight: Float
  private var leftHole: Float
  private var rightHole: Float
  private var holeDistance: Float
  private var slotWidth: Float
  private var slotLength: Float

  init(seed: UInt64, index: Int) {
    var stream = SeededGenerator(seed: seed, part: index, purpose: "gauge")
    plateWidth = 38 + stream.uniform(-0.2, 0.2)
    plateHeight = 26 + stream.uniform(-0.2, 0.2)
    leftHole = 6 + stream.uniform(-0.12, 0.12)
    rightHole = 4 + stream.uniform(-0.12, 0.12)
    holeDistance = 24 + stream.uniform(-0.15, 0.15)
    slotWidth = 3 + stream.uniform(-0.1, 0.1)
    slotLength = 14 + stream.uniform(-0.15, 0.15)
  }

  /// The true lengths.
  var lengths: [GaugeLength] {
    [
      ("plate width", plateWidth), ("plate height", plateHeight),
      ("left hole diameter", leftHole), ("right hole diameter", rightHole),
      ("hole distance", holeDistance), ("slot width", slotWidth), ("slot length", slotLength),
    ].map { GaugeLength(feature: $0.0, millimetres: Double($0.1)) }
  }

  /// The signed distance of a place on the plate from its edge in millimetres, negative in metal.
  private func distance(_ x: Float, _ y: Float) -> Float {
    let dx = abs(x) - plateWidth / 2 + 1.5
    let dy = abs(y) - plateHeight / 2 + 1.5
    var distance = Point(max(dx, 0), max(dy, 0)).length + min(max(dx, dy), 0) - 1.5
    let left = Point(x + holeDistance / 2, y + 4).length - leftHole / 2
    let right = Point(x - holeDistance / 2, y + 4).length - rightHole / 2
    let run = max(abs(x) - (slotLength - slotWidth) / 2, 0)
    let slot = Point(run, y - 7).length - slotWidth / 2
    distance = max(distance, -left)
    distance = max(distance, -right)
    return max(distance, -slot)
  }

  /// The plate at `pose` between lamp and camera, its edges blurred over 3 pixels.
  func scene(_ pose: Pose, lamp: Float, metal: Float, gradient: Point) -> Field {
    var scene = Field(width: GaugePlate.width, height: GaugePlate.height)
    let scale = GaugePlate.pixelsPerMillimetre
    for y in 0..<scene.height {
      for x in 0..<scene.width {
        let place = pose.partPoint(Float(x), Float(y))
        let pixels = distance(place.x / scale, place.y / scale) * scale
        let light = Arithmetic.smoothStep(-1.5, 1.5, pixels)
        let dx = Float(x) - Float(GaugePlate.width) / 2
        let dy = Float(y) - Float(GaugePlate.height) / 2
        let level = metal + (lamp - metal) * light
        scene[x, y] = level * (1 + gradient.x * dx + gradient.y * dy)
      }
    }
    return scene
  }
}

extension SampleGenerator {
  /// Pixels a millimetre in the pictures of `gaugePart`.
  public static var gaugePixelsPerMillimetre: Double { Double(GaugePlate.pixelsPerMillimetre) }

  /// The true lengths of plate `index`.
  public func gaugeLengths(_ index: Int) -> [GaugeLength] {
    GaugePlate(seed: seed, index: index).lengths
  }

  /// Plate `index` laid down and lit for the `repetition`-th time, from 1: moved by up to 8 pixels,
  /// turned by up to 3°, lamp and its gradient changed.
  public func gaugePart(_ index: Int, repetition: Int) -> SamplePart {
    var stream = SeededGenerator(seed: seed, part: index, purpose: "repetition \(repetition)")
    let origin = Point(
      Float(GaugePlate.width) / 2 + stream.uniform(-8, 8),
      Float(GaugePlate.height) / 2 + stream.uniform(-8, 8))
    let pose = Pose(origin: origin, radians: stream.uniform(-0.052, 0.052))
    let scene = GaugePlate(seed: seed, index: index).scene(
      pose, lamp: stream.uniform(175, 225), metal: stream.uniform(28, 55),
      gradient: Point(stream.uniform(-3e-4, 3e-4), stream.uniform(-3e-4, 3e-4)))
    let exposure = Exposure(number: 1, from: &stream)
    return SamplePart(
      plane: scene.exposed(exposure, noise: &stream), part: SampleGenerator.name(index))
  }
}

import Imaging

/// The light on a part that comes later is not quite the light that taught parts had.
///
/// The whole picture is up to 15 % darker or brighter; besides, the light falls off across it and has one soft
/// bright or dark place, by up to a quarter each:
///
///     gain · (1 + a (u − ½) + b (v − ½) + c e^−((u − u₀)² + (v − v₀)²) / r²),   u and v from 0 to 1
struct ChangedLight {
  private static let mostWhole: Float = 0.15
  private static let mostUneven: Float = 0.25

  private let gain: Float
  private let slope: (x: Float, y: Float)
  private let spot: (strength: Float, x: Float, y: Float, reach: Float)

  /// Some light.
  init(using generator: inout SeededGenerator) {
    let (whole, uneven) = (Self.mostWhole, Self.mostUneven)
    gain = Float(MathFunctions.exp(Double(generator.uniform(-whole, whole))))
    slope = (generator.uniform(-uneven, uneven), generator.uniform(-uneven, uneven))
    spot = (
      generator.uniform(-uneven, uneven), generator.uniform(0, 1), generator.uniform(0, 1),
      generator.uniform(0.2, 0.6)
    )
  }

  /// The picture, its values 0 to 1, in this light.
  func falling(on picture: Canvas) -> Plane {
    let across = (0..<picture.width).map { factors($0, of: picture.width, slope.x, spot.x) }
    let down = (0..<picture.height).map { factors($0, of: picture.height, slope.y, spot.y) }
    var plane = Plane(width: picture.width, height: picture.height)
    for y in 0..<picture.height {
      for x in 0..<picture.width {
        let near = across[x].near * down[y].near
        let uneven = 1 + across[x].slope + down[y].slope + spot.strength * near
        let level = picture.values[y * picture.width + x] * gain * uneven * 255
        plane[x, y] = UInt8(min(max(level + 0.5, 0), 255))
      }
    }
    return plane
  }

  /// What a column or row adds by the slope, and how near the spot it lies, 0 to 1.
  private func factors(_ place: Int, of count: Int, _ slope: Float, _ centre: Float) -> (
    slope: Float, near: Float
  ) {
    let u = Float(place) / Float(count)
    let away = (u - centre) / spot.reach
    return (slope * (u - 0.5), Float(MathFunctions.exp(Double(-away * away))))
  }
}

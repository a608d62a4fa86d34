import Imaging
import Inspection

/// Drawn parts for the gray reference tests: a plate with a ring, ribs and bores, seen at any
/// sub-pixel position, turn and light.
struct GrayPart {
  var width = 200
  var height = 180
  var dx = 0.0
  var dy = 0.0
  var degrees = 0.0
  var gain = 1.0
  var offset = 0.0
  var noise: Float = 2
  /// How far top and bottom are moved to the right of the middle, pixels.
  var bend = 0.0
  /// A bar-shaped defect in part coordinates from the centre: place, size, turn, gray levels.
  var bar: Bar?

  struct Bar {
    var x: Double
    var y: Double
    var length: Double
    var width: Double
    var degrees = 0.0
    var contrast: Double
  }

  /// Brightness of the part at a point from its centre, before light and noise.
  private func brightness(_ x: Double, _ y: Double) -> Double {
    func soft(_ distance: Double) -> Double { min(max(distance + 0.5, 0), 1) }
    let radius = (x * x + y * y).squareRoot()
    var level = 60 + 80 * soft(70 - radius) - 50 * soft(18 - radius)
    level += 40 * soft(4 - abs(x - 0.3 * y)) * soft(60 - radius) * soft(radius - 22)
    for (bx, by) in [(40.0, 20.0), (-30.0, 35.0), (10.0, -48.0)] {
      level -= 70 * soft(7 - ((x - bx) * (x - bx) + (y - by) * (y - by)).squareRoot())
    }
    if let bar {
      let (c, s) = sine(bar.degrees)
      let along = c * (x - bar.x) + s * (y - bar.y)
      let across = -s * (x - bar.x) + c * (y - bar.y)
      level +=
        bar.contrast * soft(bar.length / 2 - abs(along)) * soft(bar.width / 2 - abs(across))
    }
    return level
  }

  /// Cosine and sine of small angles by series, so that no math library is needed.
  private func sine(_ degrees: Double) -> (Double, Double) {
    let t = degrees * Double.pi / 180
    var (c, s, term) = (1.0, 0.0, 1.0)
    for k in 1..<24 {
      term *= t / Double(k)
      switch k % 4 {
      case 1: s += term
      case 2: c -= term
      case 3: s -= term
      default: c += term
      }
    }
    return (c, s)
  }

  /// The picture of it; equal seeds give equal noise.
  func drawn(seed: UInt64) -> Plane {
    var random = SeededGenerator(seed: seed)
    var plane = Plane(width: width, height: height)
    let (c, s) = sine(degrees)
    for y in 0..<height {
      for x in 0..<width {
        let px = Double(x) - Double(width - 1) / 2 - dx
        let py = Double(y) - Double(height - 1) / 2 - dy
        let (along, across) = (c * px + s * py, -s * px + c * py)
        let level = brightness(along - bend * across * across / 8100, across) * gain + offset
        let noisy = level + Double(random.uniform(-1.7, 1.7) * noise)
        plane[x, y] = UInt8(min(max(noisy.rounded(), 0), 255))
      }
    }
    return plane
  }
}

/// A teaching image of a drawn part.
func taught(_ part: GrayPart, seed: UInt64) -> TeachingImage {
  TeachingImage(name: "part \(seed)", part: "\(seed)") { Frame(part.drawn(seed: seed)) }
}

/// A gray reference taught from `count` parts that lie up to a pixel apart.
func grayModel(
  parts count: Int = 12, settings: GrayReferenceSettings = GrayReferenceSettings()
) throws -> GrayReferenceModel {
  var random = SeededGenerator(seed: 7)
  let images = (0..<count).map { index in
    var part = GrayPart()
    if index > 0 {
      part.dx = Double(random.uniform(-1, 1))
      part.dy = Double(random.uniform(-1, 1))
      part.degrees = Double(random.uniform(-0.5, 0.5))
    }
    return taught(part, seed: UInt64(index))
  }
  return try GrayReferenceTeaching.teach(
    TeachingSet(good: images), settings: settings, workers: OneWorker(), progress: { _ in })
}

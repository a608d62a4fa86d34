import Imaging

/// Paints defects that no one has seen yet on good parts, so that a network learns what is not good.
///
/// Two painters, mixed half and half: `paintBold` works in absolute gray levels (dents, scratches,
/// stains, pasted texture, chips at the border), `paintSubtle` in units of the part's own local
/// contrast (faint blobs, cracks, moved or smeared texture, changed gain, warps, chips at edges).
struct DefectPainter {
  /// The picture painted on, 0…1, and where it is now defective.
  var picture: Canvas
  var mask: Canvas
  let other: Canvas
  var shapes: DefectShapes

  /// A painter on `picture` that takes foreign texture from `other`.
  init(_ picture: Canvas, other: Canvas, seed: UInt64) {
    self.picture = picture
    self.other = other
    mask = Canvas(width: picture.width, height: picture.height)
    shapes = DefectShapes(
      width: picture.width, height: picture.height, generator: SeededGenerator(seed: seed))
  }

  /// `base` with a share of the picture's own detail.
  func detailed(_ base: Canvas, _ share: Float, _ around: Canvas) -> Canvas {
    var out = base
    for i in out.values.indices {
      out.values[i] += share * (picture.values[i] - around.values[i])
    }
    return out
  }

  /// `source` turned, zoomed by up to e^±zoom and shifted by up to `shift` pixels; any part of a source
  /// that is larger than the picture.
  mutating func turned(_ source: Canvas, angle: Float, zoom: Float, shift: Float) -> Canvas {
    let scale = Float(MathFunctions.exp(Double(shapes.uniform(-zoom, zoom))))
    let c = Float(MathFunctions.cos(Double(angle))) / scale
    let s = Float(MathFunctions.sin(Double(angle))) / scale
    let roomX = Float(max(source.width - picture.width, 0)) / 2
    let roomY = Float(max(source.height - picture.height, 0)) / 2
    let cx =
      Float(source.width) / 2 + shapes.uniform(-shift, shift) + shapes.uniform(-roomX, roomX)
    let cy =
      Float(source.height) / 2 + shapes.uniform(-shift, shift) + shapes.uniform(-roomY, roomY)
    var out = Canvas(width: picture.width, height: picture.height)
    for y in 0..<out.height {
      for x in 0..<out.width {
        let u = Float(x) - Float(picture.width) / 2
        let v = Float(y) - Float(picture.height) / 2
        out.values[y * out.width + x] = source.sample(c * u - s * v + cx, s * u + c * v + cy)
      }
    }
    return out
  }

  /// Blends `new` over the picture and returns the picture as it was.
  mutating func blend(_ new: Canvas, _ cover: Canvas) -> Canvas {
    let before = picture
    for i in picture.values.indices {
      let a = cover.values[i]
      picture.values[i] = min(max(before.values[i] * (1 - a) + new.values[i] * a, 0), 1)
    }
    return before
  }
}

import Imaging

/// Paints defects that no one has seen yet on good parts, so that a network learns what is not good.
///
/// Two painters, mixed half and half: `bold` works in absolute gray levels (dents, scratches, stains,
/// pasted texture, chips at the border), `subtle` in units of the part's own local contrast (faint
/// blobs, cracks, moved or smeared texture, changed gain, warps, chips at edges).
struct DefectPainter {
  /// The picture painted on, 0…1, and where it is now defective.
  private(set) var picture: Canvas
  private(set) var mask: Canvas
  private let other: Canvas
  private var shapes: DefectShapes

  /// A painter on `picture` that takes foreign texture from `other`.
  init(_ picture: Canvas, other: Canvas, seed: UInt64) {
    self.picture = picture
    self.other = other
    mask = Canvas(width: picture.width, height: picture.height)
    shapes = DefectShapes(
      width: picture.width, height: picture.height, generator: SeededGenerator(seed: seed))
  }

  // MARK: Bold

  mutating func paintBold() {
    let count = 1 + (shapes.chance(0.3) ? 1 : 0) + (shapes.chance(0.15) ? 1 : 0)
    for _ in 0..<count {
      let shape = shapes.choice([0.28, 0.24, 0.16, 0.12, 0.12, 0.08])
      let area = boldMask(shape)
      guard let peak = area.values.max(), peak >= 0.5 else { continue }
      let soft = area.blurred(shape == 1 ? shapes.uniform(0.3, 1) : shapes.uniform(0.4, 2))
      let small = shape == 0 || shape == 1 || shape == 5
      let look = shapes.choice(small ? [0.45, 0.12, 0.2, 0.13, 0.1] : [0.15, 0.15, 0.3, 0.2, 0.2])
      let new = boldLook(look)
      let strength = shape == 1 ? shapes.uniform(0.5, 1) : shapes.uniform(0.6, 1)
      let cover = soft.mapped { shape == 1 ? min($0 * 1.5, 1) * strength : $0 * strength }
      let before = blend(new, cover)
      let seen = picture.combined(with: before) { abs($0 - $1) }.blurred(2)
      for i in mask.values.indices where soft.values[i] > 0.4 {
        if look == 3 || seen.values[i] > 0.004 { mask.values[i] = 1 }
      }
    }
  }

  private mutating func boldMask(_ shape: Int) -> Canvas {
    let width = picture.width
    let height = picture.height
    switch shape {
    case 0: return shapes.blob(2.5, 25)
    case 1: return shapes.scratch()
    case 2: return shapes.blob(8, max(9, Float(min(width, height)) * 0.5))
    case 3:
      let clouds = shapes.clouds()
      let level = clouds.quantile(shapes.uniform(0.7, 0.97))
      return clouds.mapped { $0 > level ? 1 : 0 }
    case 4: return shapes.halfPlane()
    default:
      let x = shapes.uniform(0, Float(width))
      let y = shapes.uniform(0, Float(height))
      let places: [(Float, Float)] = [(x, 0), (x, Float(height)), (0, y), (Float(width), y)]
      return shapes.blob(4, 30, at: places[shapes.generator.below(4)])
    }
  }

  private mutating func boldLook(_ look: Int) -> Canvas {
    let around = picture.blurred(6)
    switch look {
    case 0:
      let dark = shapes.uniform(0.1, 0.75)
      let keep = shapes.uniform(0, 1)
      let grain = shapes.uniform(0, 0.03)
      let noise = shapes.noise(0)
      return detailed(around.mapped { $0 * dark }, keep, around).combined(with: noise) {
        $0 + grain * $1
      }
    case 1:
      let bright = shapes.uniform(1.25, 2.2)
      let lift = shapes.uniform(0.02, 0.1)
      return detailed(around.mapped { min($0 * bright + lift, 1) }, shapes.uniform(0, 1), around)
    case 2:
      let moved = turned(other, angle: shapes.uniform(0, 2 * .pi), zoom: 0.7, shift: 40)
      if shapes.chance(0.4) { return moved }
      let gain = shapes.uniform(0.7, 1.3)
      let level = moved.blurred(6)
      var out = moved
      for i in out.values.indices {
        out.values[i] = moved.values[i] - level.values[i] + around.values[i] * gain
      }
      return out
    case 3:
      let gain = shapes.uniform(0.8, 1.2)
      let smooth = picture.blurred(shapes.uniform(1.5, 6))
      let noise = shapes.noise(shapes.uniform(0.3, 2))
      let grain = shapes.uniform(0, 0.08)
      return smooth.combined(with: noise) { $0 * gain + $1 * grain }
    default:
      let gain = shapes.chance(0.5) ? shapes.uniform(0.55, 0.85) : shapes.uniform(1.2, 1.6)
      return picture.mapped { min($0 * gain, 1) }
    }
  }

  // MARK: Subtle

  mutating func paintSubtle() {
    let pixels = Float(picture.values.count)
    let count =
      1 + (shapes.chance(0.4) ? 1 : 0) + (shapes.chance(0.2) ? 1 : 0)
      + Int(pixels / 90_000 * shapes.uniform(0, 1))
    let contrast = localContrast()
    for _ in 0..<count {
      let kind = shapes.choice([0.20, 0.24, 0.14, 0.12, 0.10, 0.08, 0.12])
      let stroke = subtleStroke(kind, contrast)
      guard let peak = stroke.cover.values.max(), peak >= 0.2 else { continue }
      let before = blend(stroke.new, stroke.cover)
      mark(stroke, before: before, contrast, kind)
    }
  }

  /// The local standard deviation, not above twice its median, plus one gray level.
  private func localContrast() -> Canvas {
    let around = picture.blurred(6)
    let variance = picture.combined(with: around) { ($0 - $1) * ($0 - $1) }.blurred(12)
    let deviation = variance.mapped { max($0, 1e-6).squareRoot() }
    let most = 2 * deviation.quantile(0.5)
    return deviation.mapped { min($0, most) + 0.004 }
  }

  private struct Stroke {
    var new: Canvas
    var cover: Canvas
    var soft: Canvas
  }

  private mutating func subtleStroke(_ kind: Int, _ contrast: Canvas) -> Stroke {
    let around = picture.blurred(6)
    let sign: Float = shapes.chance(0.7) ? -1 : 1
    switch kind {
    case 0: return faintBlob(around, contrast, sign)
    case 1:
      let soft = shapes.crack().blurred(shapes.uniform(0.3, 0.9))
      let amount = shapes.logUniform(2, 14)
      let shifted = around.combined(with: contrast) { $0 + sign * min(amount * $1, 0.5) }
      let new = detailed(shifted, shapes.uniform(0, 0.7), around)
      let strength = shapes.uniform(0.7, 1.4)
      return Stroke(new: new, cover: soft.mapped { min($0 * strength, 1) }, soft: soft)
    case 2:
      let area = placedBlob(2, 45).blurred(shapes.uniform(0.4, 1.5))
      let source = shapes.chance(0.5) ? other : picture
      let angle = shapes.chance(0.6) ? shapes.uniform(0, 2 * .pi) : shapes.normal() * 0.1
      let moved = turned(source, angle: angle, zoom: 0.5, shift: 50)
      if shapes.chance(0.5) { return Stroke(new: moved, cover: area, soft: area) }
      let level = moved.blurred(6)
      var new = moved
      for i in new.values.indices {
        new.values[i] = moved.values[i] - level.values[i] + around.values[i]
      }
      return Stroke(new: new, cover: area, soft: area)
    case 3:
      let soft = shapes.region().blurred(shapes.logUniform(1, 8))
      return Stroke(new: changedTexture(around, contrast), cover: soft, soft: soft)
    case 4:
      let soft = shapes.region().blurred(shapes.logUniform(1, 14))
      let up: Float = shapes.chance(0.5) ? 1 : -1
      let gain = Float(MathFunctions.exp(Double(up * shapes.uniform(0.12, 0.5))))
      let offset = sign * shapes.uniform(1, 4)
      let byGain = shapes.chance(0.7)
      let new = picture.combined(with: contrast) { byGain ? min($0 * gain, 1) : $0 + offset * $1 }
      return Stroke(new: new, cover: soft, soft: soft)
    case 5: return warp()
    default: return chip(around)
    }
  }

  private mutating func faintBlob(_ around: Canvas, _ contrast: Canvas, _ sign: Float) -> Stroke {
    let area = placedBlob(2, 28)
    let amount = shapes.logUniform(1.5, 10)
    let soft = area.blurred(shapes.logUniform(0.4, 3))
    let shifted = around.combined(with: contrast) { $0 + sign * min(amount * $1, 0.5) }
    let noise = shapes.noise(shapes.uniform(0.4, 1.5))
    let grain = shapes.uniform(0, 1.5)
    var new = detailed(shifted, shapes.uniform(0, 1), around)
    for i in new.values.indices { new.values[i] += noise.values[i] * contrast.values[i] * grain }
    let strength = shapes.uniform(0.6, 1)
    return Stroke(new: new, cover: soft.mapped { $0 * strength }, soft: soft)
  }

  private mutating func placedBlob(_ low: Float, _ high: Float) -> Canvas {
    if shapes.chance(0.3) { return shapes.blob(low, high, at: shapes.placeAtEdge(of: picture)) }
    if shapes.chance(0.2) {
      let x = shapes.uniform(0, Float(picture.width))
      let y = shapes.uniform(0, Float(picture.height))
      let places: [(Float, Float)] = [
        (x, 0), (x, Float(picture.height)), (0, y), (Float(picture.width), y),
      ]
      return shapes.blob(low, high, at: places[shapes.generator.below(4)])
    }
    return shapes.blob(low, high)
  }

  private mutating func changedTexture(_ around: Canvas, _ contrast: Canvas) -> Canvas {
    switch shapes.generator.below(4) {
    case 0:
      let up: Float = shapes.chance(0.5) ? 1 : -1
      let gain = Float(MathFunctions.exp(Double(up * shapes.uniform(0.5, 1.2))))
      return picture.combined(with: around) { $1 + ($0 - $1) * gain }
    case 1:
      let noise = shapes.noise(shapes.uniform(0.4, 1.5))
      let grain = shapes.uniform(0, 0.5)
      var new = picture.blurred(shapes.uniform(1.2, 5))
      for i in new.values.indices { new.values[i] += noise.values[i] * contrast.values[i] * grain }
      return new
    case 2:
      let reach = Float(3 + shapes.generator.below(7))
      let angle = Double(shapes.uniform(0, .pi))
      let dx = Float(MathFunctions.cos(angle))
      let dy = Float(MathFunctions.sin(angle))
      var sum = Canvas(width: picture.width, height: picture.height)
      let taps = stride(from: -reach, through: reach, by: 1).map { $0 }
      for tap in taps {
        let shifted = picture.warped { ($0 + tap * dx, $1 + tap * dy) }
        for i in sum.values.indices { sum.values[i] += shifted.values[i] }
      }
      return sum.mapped { $0 / Float(taps.count) }
    default:
      let noise = shapes.noise(shapes.uniform(0.5, 2.5))
      let grain = 3 * shapes.uniform(0.4, 1.2)
      var new = picture
      for i in new.values.indices { new.values[i] += noise.values[i] * contrast.values[i] * grain }
      return new
    }
  }

  private mutating func warp() -> Stroke {
    let area = placedBlob(2, 45)
    let soft = area.blurred(2.5)
    let angle = Double(shapes.uniform(0, 2 * .pi))
    let reach = shapes.uniform(2, 14)
    let dx = reach * Float(MathFunctions.cos(angle))
    let dy = reach * Float(MathFunctions.sin(angle))
    if shapes.chance(0.5) {
      let width = picture.width
      let new = picture.warped { x, y in
        let amount = soft.values[Int(y) * width + Int(x)]
        return (x + dx * amount, y + dy * amount)
      }
      return Stroke(new: new, cover: soft.mapped { $0 > 0.03 ? 1 : 0 }, soft: soft)
    }
    let cover = area.blurred(0.6)
    return Stroke(new: picture.warped { ($0 + dx, $1 + dy) }, cover: cover, soft: cover)
  }

  private mutating func chip(_ around: Canvas) -> Stroke {
    let (x, y) = shapes.placeAtEdge(of: picture)
    let place = (x + shapes.uniform(-6, 7), y + shapes.uniform(-6, 7))
    let soft = shapes.blob(3, 26, at: place).blurred(shapes.uniform(0.5, 1.2))
    let angle = Double(shapes.uniform(0, 2 * .pi))
    let reach = shapes.uniform(8, 34)
    let dx = reach * Float(MathFunctions.cos(angle))
    let dy = reach * Float(MathFunctions.sin(angle))
    if shapes.chance(0.6) {
      return Stroke(new: picture.warped { ($0 + dx, $1 + dy) }, cover: soft, soft: soft)
    }
    let shares: [Float] = [0.01, 0.05, 0.95, 0.99]
    let flat = picture.quantile(shares[shapes.generator.below(4)]) * shapes.uniform(0.8, 1.1)
    let new = picture.combined(with: around) { flat + 0.5 * ($0 - $1) }
    return Stroke(new: new, cover: soft, soft: soft)
  }

  // MARK: Shared

  /// `base` with a share of the picture's own detail.
  private func detailed(_ base: Canvas, _ share: Float, _ around: Canvas) -> Canvas {
    var out = base
    for i in out.values.indices {
      out.values[i] += share * (picture.values[i] - around.values[i])
    }
    return out
  }

  /// `source` turned, zoomed by up to e^±zoom and shifted by up to `shift` pixels.
  private mutating func turned(_ source: Canvas, angle: Float, zoom: Float, shift: Float) -> Canvas
  {
    let scale = Float(MathFunctions.exp(Double(shapes.uniform(-zoom, zoom))))
    let c = Float(MathFunctions.cos(Double(angle))) / scale
    let s = Float(MathFunctions.sin(Double(angle))) / scale
    let cx = Float(source.width) / 2 + shapes.uniform(-shift, shift)
    let cy = Float(source.height) / 2 + shapes.uniform(-shift, shift)
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
  private mutating func blend(_ new: Canvas, _ cover: Canvas) -> Canvas {
    let before = picture
    for i in picture.values.indices {
      let a = cover.values[i]
      picture.values[i] = min(max(before.values[i] * (1 - a) + new.values[i] * a, 0), 1)
    }
    return before
  }

  /// Marks what is covered and visibly changed, in units of the local contrast; a crack with the
  /// pixels around it, so that the cells it crosses are marked enough to count.
  private mutating func mark(_ stroke: Stroke, before: Canvas, _ contrast: Canvas, _ kind: Int) {
    let change = picture.combined(with: before) { abs($0 - $1) }
    let near = change.blurred(1.5)
    let far = change.blurred(6)
    let crack = kind == 1
    let cover = crack ? stroke.soft.blurred(1) : stroke.cover
    let least: Float = crack ? 0.12 : 0.35
    let visible: Float = kind == 4 ? 0.5 : 0.35
    let reach = crack ? 1 : 0
    for i in mask.values.indices where cover.values[i] > least {
      if max(near.values[i], far.values[i]) > visible * contrast.values[i] {
        markAround(i % mask.width, i / mask.width, reach)
      }
    }
  }

  private mutating func markAround(_ x: Int, _ y: Int, _ reach: Int) {
    for row in max(y - reach, 0)...min(y + reach, mask.height - 1) {
      for column in max(x - reach, 0)...min(x + reach, mask.width - 1) {
        mask.values[row * mask.width + column] = 1
      }
    }
  }
}

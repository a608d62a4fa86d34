import Imaging

extension DefectPainter {
  /// One to three defects, one more on large pictures, in units of the local contrast.
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

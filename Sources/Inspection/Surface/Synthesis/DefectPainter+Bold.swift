import Imaging

extension DefectPainter {
  /// One to three defects in absolute gray levels.
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
}

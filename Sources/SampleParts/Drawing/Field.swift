import Imaging

/// A picture in the making: one number a pixel, row-major.
struct Field: Sendable {
  let width: Int
  let height: Int
  var values: [Float]

  init(width: Int, height: Int, filledWith value: Float = 0) {
    self.width = width
    self.height = height
    values = [Float](repeating: value, count: width * height)
  }

  subscript(x: Int, y: Int) -> Float {
    get { values[y * width + x] }
    set { values[y * width + x] = newValue }
  }

  /// Adds `amplitude` times value noise: random numbers of −1…1 at the nodes of a grid of
  /// `cellX × cellY` pixels, smoothly blended between; `shear` columns of shift a row.
  mutating func addNoise(
    cellX: Float, cellY: Float, amplitude: Float, shear: Float = 0,
    from stream: inout SeededGenerator
  ) {
    let spread = abs(shear) * Float(height)
    let columns = Int((Float(width) + spread) / cellX) + 3
    let rows = Int(Float(height) / cellY) + 3
    var nodes = [Float](repeating: 0, count: columns * rows)
    for index in nodes.indices { nodes[index] = stream.uniform(-amplitude, amplitude) }
    let offset = shear < 0 ? spread : 0
    var line = [Float](repeating: 0, count: columns)
    for y in 0..<height {
      let down = Float(y) / cellY
      let row = Int(down)
      let below = Arithmetic.smoothStep(0, 1, down - Float(row))
      for column in 0..<columns {
        let above = nodes[row * columns + column]
        line[column] = above + (nodes[(row + 1) * columns + column] - above) * below
      }
      addLine(line, at: y, from: (offset + shear * Float(y)) / cellX, step: 1 / cellX)
    }
  }

  private mutating func addLine(_ line: [Float], at y: Int, from start: Float, step: Float) {
    let base = y * width
    let columns = width
    var pixels = values.mutableSpan
    let nodes = line.span
    for x in 0..<columns {
      let across = start + Float(x) * step
      let column = Int(across)
      let share = across - Float(column)
      let right = share * share * (3 - 2 * share)
      pixels[base + x] += nodes[column] + (nodes[column + 1] - nodes[column]) * right
    }
  }

  /// Adds normal noise of deviation `sigma`, each pixel for itself.
  mutating func addGrain(sigma: Float, from stream: inout SeededGenerator) {
    var pixels = values.mutableSpan
    for index in 0..<pixels.count { pixels[index] += sigma * stream.bell() }
  }

  /// The gray picture one exposure makes of this brightness: `gain · value + offset + noise`.
  func exposed(_ exposure: Exposure, noise stream: inout SeededGenerator) -> Plane {
    var pixels = [UInt8](repeating: 0, count: values.count)
    let scene = values.span
    var levels = pixels.mutableSpan
    for index in 0..<levels.count {
      let brightness = exposure.gain * scene[index] + exposure.offset
      levels[index] = Arithmetic.grayLevel(brightness + exposure.sigma * stream.bell())
    }
    return Plane(width: width, height: height, pixels: pixels)
  }
}

/// How the camera took a picture.
struct Exposure: Sendable {
  /// Gray levels out for one in.
  var gain: Float
  /// Added gray levels.
  var offset: Float
  /// Deviation of the noise in gray levels.
  var sigma: Float

  /// Exposure `number`, from 1: the first is near normal, the others darker or brighter.
  init(number: Int, from stream: inout SeededGenerator) {
    let gains: [Float] = [1, 0.8, 1.18, 0.66]
    gain = gains[(number - 1) % gains.count] + stream.uniform(-0.03, 0.03)
    offset = stream.uniform(-3, 3)
    sigma = stream.uniform(1.2, 2.2) * (number == 1 ? 1 : 1.3)
  }
}

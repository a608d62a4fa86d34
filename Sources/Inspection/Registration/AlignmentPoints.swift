import Imaging

/// The points of a reference that tell where it lies: the steepest pixels of each of 8 × 8 cells of
/// one pyramid level, eight to a vector.
struct AlignmentPoints: Sendable {
  /// Position from the centre of the picture, in pixels of the level.
  var x: [SIMD8<Float>] = []
  var y: [SIMD8<Float>] = []
  /// Slope to the right and down, gray levels a pixel of the level.
  var gx: [SIMD8<Float>] = []
  var gy: [SIMD8<Float>] = []
  /// Gray level of the reference.
  var template: [SIMD8<Float>] = []
  /// The centre of the picture in the level's pixels.
  let centerX: Float
  let centerY: Float
  /// Mean squared distance from the centre.
  private(set) var squaredRadius = 1.0

  private static let cells = 8

  /// No points yet of level `level` of a picture.
  private init(level: Int, of size: (width: Int, height: Int)) {
    let scale = Double(1 << level)
    centerX = Float((Double(size.width) / scale - 1) / 2)
    centerY = Float((Double(size.height) / scale - 1) / 2)
  }

  /// Points of level `level` of `pyramid`, about `count` of them, inside `region` (nil: everywhere),
  /// which has the size of level 0.
  init(_ pyramid: GrayPyramid, level: Int, count: Int, within region: RegionRuns?) {
    self.init(level: level, of: pyramid.sizes[0])
    let (width, height) = pyramid.sizes[level]
    var chosen: [Int] = []
    for cell in 0..<Self.cells * Self.cells {
      let column = cell % Self.cells
      let row = cell / Self.cells
      chosen += Self.steepest(
        pyramid.levels[level], width: width, height: height,
        columns: column * width / Self.cells..<(column + 1) * width / Self.cells,
        rows: row * height / Self.cells..<(row + 1) * height / Self.cells,
        count: max(1, count / (Self.cells * Self.cells)),
        level: level, within: region)
    }
    append(chosen, of: pyramid.levels[level], width: width)
  }

  private static func steepest(
    _ pixels: [UInt8], width: Int, height: Int, columns: Range<Int>, rows: Range<Int>, count: Int,
    level: Int, within region: RegionRuns?
  ) -> [Int] {
    var found: [(steepness: Int, at: Int)] = []
    for y in rows where y > 0 && y < height - 1 {
      let flags = region?.flags(row: y << level)
      for x in columns where x > 0 && x < width - 1 {
        if let flags, flags[x << level] == 0 { continue }
        let at = y * width + x
        let gx = Int(pixels[at + 1]) - Int(pixels[at - 1])
        let gy = Int(pixels[at + width]) - Int(pixels[at - width])
        found.append((gx * gx + gy * gy, at))
      }
    }
    found.sort { ($1.steepness, $0.at) < ($0.steepness, $1.at) }
    return found.prefix(count).map { $0.at }
  }

  private mutating func append(_ chosen: [Int], of pixels: [UInt8], width: Int) {
    for first in stride(from: 0, to: chosen.count - chosen.count % 8, by: 8) {
      var px = SIMD8<Float>()
      var py = SIMD8<Float>()
      var slopeX = SIMD8<Float>()
      var slopeY = SIMD8<Float>()
      var gray = SIMD8<Float>()
      for lane in 0..<8 {
        let at = chosen[first + lane]
        px[lane] = Float(at % width) - centerX
        py[lane] = Float(at / width) - centerY
        slopeX[lane] = (Float(pixels[at + 1]) - Float(pixels[at - 1])) / 2
        slopeY[lane] = (Float(pixels[at + width]) - Float(pixels[at - width])) / 2
        gray[lane] = Float(pixels[at])
      }
      x.append(px)
      y.append(py)
      gx.append(slopeX)
      gy.append(slopeY)
      template.append(gray)
    }
    measureRadius()
  }

  private mutating func measureRadius() {
    var total = 0.0
    for i in x.indices {
      for lane in 0..<8 { total += Double(x[i][lane] * x[i][lane] + y[i][lane] * y[i][lane]) }
    }
    squaredRadius = max(total / Double(max(x.count * 8, 1)), 1)
  }
}

extension AlignmentPoints {
  /// The points as numbers for an archive, forty for every eight of them.
  var numbers: [Float] {
    x.indices.flatMap { i in
      [x[i], y[i], gx[i], gy[i], template[i]].flatMap { vector in (0..<8).map { vector[$0] } }
    }
  }

  /// Reads what `numbers` gave, of level `level` of a picture; nil when they cannot be points of it.
  init?(numbers: [Float], level: Int, of size: (width: Int, height: Int)) {
    self.init(level: level, of: size)
    guard numbers.count % 40 == 0, numbers.allSatisfy({ abs($0) <= 65_536 }) else { return nil }
    for start in stride(from: 0, to: numbers.count, by: 40) {
      let vectors = (0..<5).map { vector in
        SIMD8<Float>(numbers[start + 8 * vector..<start + 8 * vector + 8])
      }
      x.append(vectors[0])
      y.append(vectors[1])
      gx.append(vectors[2])
      gy.append(vectors[3])
      template.append(vectors[4])
    }
    measureRadius()
  }
}

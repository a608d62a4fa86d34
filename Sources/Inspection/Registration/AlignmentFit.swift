import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One level's least-squares step: given a motion, how well the image matches there and which
/// motion matches better.
///
/// At the true motion an image reads α · T + β. A motion that is off by a small e reads
/// α · T(p + e) + β ≈ α · T + α · ∇T · e + β, so that one linear fit of the levels by gx, gy,
/// x·gy − y·gx, T and 1 gives light and error at once (Baker and Matthews, "Lucas-Kanade 20 years
/// on", 2004, the inverse compositional step with gain and offset).
struct AlignmentFit {
  /// Correlation of image and reference at the points, −1…1; 0 when too few lie inside.
  var correlation: Double
  /// The motion after the step, in pixels of the level.
  var motion: RigidMotion
  /// How far the step moved, pixels of the level.
  var step: Double

  /// Fits at `motion` (pixels of the level).
  init(
    _ pixels: [UInt8], width: Int, height: Int, points: AlignmentPoints, motion: RigidMotion,
    scratch: inout AlignmentScratch
  ) {
    scratch.reserve(points.x.count)
    Self.sample(
      pixels, width: width, height: height, points: points, motion: motion,
      levels: &scratch.levels, inside: &scratch.inside)
    Self.add(points, levels: scratch.levels, weights: scratch.inside, to: &scratch.sums)
    let totals = scratch.sums.map { vector in (0..<8).reduce(0.0) { $0 + Double(vector[$1]) } }
    correlation = Self.correlation(totals, points: points.x.count * 8)
    self.motion = motion
    step = 0
    guard correlation != 0, let fit = Self.solve(totals, points.squaredRadius) else { return }
    // A reversed or vanishing gain tells nothing about the position.
    guard fit[3] > 0.1 else { return }
    apply(ex: fit[0] / fit[3], ey: fit[1] / fit[3], turn: fit[2] / fit[3], points.squaredRadius)
  }

  private static func sample(
    _ pixels: [UInt8], width: Int, height: Int, points: AlignmentPoints, motion: RigidMotion,
    levels: inout [SIMD8<Float>], inside: inout [SIMD8<Float>]
  ) {
    var level = levels.mutableSpan
    var known = inside.mutableSpan
    referenceSamplePoints(
      pixels.span, width: width, height: height, x: points.x.span, y: points.y.span,
      a: Float(cos(motion.radians)), b: Float(sin(motion.radians)),
      centerX: points.centerX + Float(motion.dx), centerY: points.centerY + Float(motion.dy),
      levels: &level, inside: &known)
  }

  private static func add(
    _ points: AlignmentPoints, levels: [SIMD8<Float>], weights: [SIMD8<Float>],
    to sums: inout [SIMD8<Float>]
  ) {
    var totals = sums.mutableSpan
    referenceNormalSums(
      x: points.x.span, y: points.y.span, gx: points.gx.span, gy: points.gy.span,
      template: points.template.span, levels: levels.span, weights: weights.span, into: &totals)
  }

  private mutating func apply(ex: Double, ey: Double, turn: Double, _ squaredRadius: Double) {
    let radius = squaredRadius.squareRoot()
    let length = (ex * ex + ey * ey).squareRoot() + abs(turn) * radius
    guard length.isFinite else { return }
    // Slopes are known for about a pixel around; a longer step is cut.
    let factor = length > 2 ? 2 / length : 1
    let radians = motion.radians - turn * factor
    let a = cos(radians)
    let b = sin(radians)
    motion = RigidMotion(
      dx: motion.dx - factor * (a * ex - b * ey), dy: motion.dy - factor * (b * ex + a * ey),
      radians: radians)
    step = length * factor
  }

  private static func correlation(_ sums: [Double], points: Int) -> Double {
    let count = sums[14]
    guard count * 2 > Double(points) else { return 0 }
    let covariance = sums[18] - sums[13] * sums[19] / count
    let template = sums[12] - sums[13] * sums[13] / count
    let image = sums[20] - sums[19] * sums[19] / count
    guard template > count * 0.01, image > count * 0.01 else { return 0 }
    return covariance / (template * image).squareRoot()
  }

  /// The five coefficients, with a little weight on "no motion" so that a direction without edges
  /// stays put.
  private static func solve(_ sums: [Double], _ squaredRadius: Double) -> [Double]? {
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: 6), count: 5)
    var next = 0
    for row in 0..<5 {
      for column in row..<5 {
        matrix[row][column] = sums[next]
        matrix[column][row] = sums[next]
        next += 1
      }
      matrix[row][5] = sums[15 + row]
    }
    let ridge = 0.05 * sums[14]
    matrix[0][0] += ridge
    matrix[1][1] += ridge
    matrix[2][2] += ridge * squaredRadius
    return solved(&matrix)
  }

  private static func solved(_ matrix: inout [[Double]]) -> [Double]? {
    let count = matrix.count
    for pivot in 0..<count {
      let best = (pivot..<count).max { abs(matrix[$0][pivot]) < abs(matrix[$1][pivot]) } ?? pivot
      matrix.swapAt(pivot, best)
      guard abs(matrix[pivot][pivot]) > 1e-9 else { return nil }
      for row in 0..<count where row != pivot {
        let factor = matrix[row][pivot] / matrix[pivot][pivot]
        for column in pivot...count { matrix[row][column] -= factor * matrix[pivot][column] }
      }
    }
    return (0..<count).map { matrix[$0][count] / matrix[$0][$0] }
  }
}

/// Memory of the fits of one worker.
struct AlignmentScratch {
  var levels: [SIMD8<Float>] = []
  var inside: [SIMD8<Float>] = []
  var sums = [SIMD8<Float>](repeating: SIMD8(repeating: 0), count: 21)

  mutating func reserve(_ count: Int) {
    guard levels.count < count else { return }
    levels = [SIMD8<Float>](repeating: SIMD8(repeating: 0), count: count)
    inside = levels
  }
}

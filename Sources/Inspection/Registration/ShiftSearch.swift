import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Tries every allowed turn and whole-pixel shift of a few points on the coarsest level.
///
/// For a turn the points become offsets into the image, so that a shift costs one read a point.
/// Points that some shift would push out of the image are left out.
struct ShiftSearch {
  /// The motion with the highest correlation, pixels of the level; nil when too few points stay
  /// inside.
  private(set) var best: RigidMotion?

  private var most = -1.0
  private let reachX: Int
  private let reachY: Int
  private let width: Int
  private let height: Int

  init(
    _ pixels: [UInt8], width: Int, height: Int, points: AlignmentPoints,
    settings: RegistrationSettings
  ) {
    self.width = width
    self.height = height
    reachX = Int((settings.largestShift * Double(width)).rounded(.up))
    reachY = Int((settings.largestShift * Double(height)).rounded(.up))
    let turns = Int((settings.largestTurnDegrees / 2).rounded(.up))
    for turn in -turns...turns {
      let degrees = turns == 0 ? 0 : settings.largestTurnDegrees * Double(turn) / Double(turns)
      tryShifts(pixels, points, radians: degrees * .pi / 180)
    }
  }

  private mutating func tryShifts(
    _ pixels: [UInt8], _ points: AlignmentPoints, radians: Double
  ) {
    let a = Float(cos(radians))
    let b = Float(sin(radians))
    var offsets: [Int32] = []
    var template: [Int32] = []
    offsets.reserveCapacity(points.x.count * 8)
    template.reserveCapacity(points.x.count * 8)
    for i in points.x.indices {
      let px = points.x[i] * a - points.y[i] * b + points.centerX
      let py = points.x[i] * b + points.y[i] * a + points.centerY
      for lane in 0..<8 {
        guard px[lane] >= 0, py[lane] >= 0 else { continue }
        let column = Int(px[lane] + 0.5)
        let row = Int(py[lane] + 0.5)
        guard column >= reachX, column < width - reachX, row >= reachY, row < height - reachY
        else { continue }
        offsets.append(Int32(row * width + column))
        template.append(Int32(points.template[i][lane]))
      }
    }
    guard offsets.count >= 64, let least = offsets.min(), let most = offsets.max() else { return }
    var sums: [Int32] = [0, 0, 0]
    let count = Double(offsets.count)
    let mean = Double(template.reduce(0, +)) / count
    let spread = template.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    for dy in -reachY...reachY {
      for dx in -reachX...reachX {
        var totals = sums.mutableSpan
        referenceShiftSums(
          pixels.span, base: dy * width + dx, offsets: offsets.span, least: least, most: most,
          template: template.span, into: &totals)
        let total = Double(totals[0])
        let image = Double(totals[1]) - total * total / count
        guard image > count * 0.01, spread > count * 0.01 else { continue }
        let match = (Double(totals[2]) - mean * total) / (image * spread).squareRoot()
        note(match, RigidMotion(dx: Double(dx), dy: Double(dy), radians: radians))
      }
    }
  }

  private mutating func note(_ match: Double, _ motion: RigidMotion) {
    guard match > most else { return }
    most = match
    best = motion
  }
}

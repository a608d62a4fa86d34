// The longest extent of a defect, finer than a pixel.
//
// Marked pixels give the principal axis and a first extent, but where marking stops depends on the
// tolerance and on the pixel grid. So the difference is read along the axis, and each end is put
// where it falls to half of what it is in between: a blurred edge keeps its half height in place, and
// so does one seen in other light. A curved or branched defect leaves its axis; it keeps the first
// extent.

/// The principal axis of a group of pixels.
private struct PrincipalAxis {
  /// Mean position of the pixels.
  let x: Double
  let y: Double
  /// Direction of the largest variance, length 1.
  let ux: Double
  let uy: Double
  /// From the mean to the first and the last pixel centre along the direction.
  private(set) var low = Double.infinity
  private(set) var high = -Double.infinity

  init(of group: GrowingDefect) {
    let count = Double(group.area)
    let sums = group.moments
    x = Double(sums.x) / count
    y = Double(sums.y) / count
    let vxx = Double(sums.xx) / count - x * x
    let vyy = Double(sums.yy) / count - y * y
    let vxy = Double(sums.xy) / count - x * y
    // The eigenvector of the larger eigenvalue of [vxx vxy; vxy vyy].
    let half = (vxx - vyy) / 2
    let root = (half * half + vxy * vxy).squareRoot()
    let (ax, ay) = half >= 0 ? (half + root, vxy) : (vxy, root - half)
    let norm = (ax * ax + ay * ay).squareRoot()
    (ux, uy) = norm > 1e-12 ? (ax / norm, ay / norm) : (1, 0)
    for (index, row) in group.ends.enumerated() {
      for end in [row.left, row.right] {
        let along = (Double(end) - x) * ux + (Double(group.top + index) - y) * uy
        low = min(low, along)
        high = max(high, along)
      }
    }
  }
}

/// The length of a defect, from differences that are read band by band.
struct DefectLength {
  private static let fine = 4

  /// The longest extent, pixels.
  private(set) var pixels: Double
  /// The rows of the reference in which differences are wanted; none for a short defect.
  private(set) var rows = 0..<0

  private let axis: PrincipalAxis
  /// Places of the first and last sample along the axis, in steps of 1 / `fine` pixels.
  private let start: Int
  private let last: Int
  /// Three differences a step: on the axis and half a pixel to both sides of it. In memory only while
  /// the rows go by.
  private var samples: [Double] = []

  /// Of a picture with `height` rows.
  init(_ group: GrowingDefect, height: Int) {
    axis = PrincipalAxis(of: group)
    pixels = axis.high - axis.low + 1
    let fine = Double(Self.fine)
    start = Int((axis.low * fine).rounded(.down)) - 3 * Self.fine
    last = Int((axis.high * fine).rounded(.up)) + 3 * Self.fine
    guard pixels >= 4 else { return }
    var ends: [Int] = []
    for along in [start, last] {
      for side in [0, 2] { ends.append(Self.row(axis.place(along, side).y, below: height)) }
    }
    rows = (ends.min() ?? 0)..<(ends.max() ?? 0) + 1
  }

  /// Reads the samples that lie in `band` of the reference.
  mutating func read(_ difference: BandDifference, rows band: Range<Int>) {
    let count = 3 * (last - start + 1)
    if samples.isEmpty { samples = [Double](repeating: 0, count: count) }
    for index in 0..<count {
      let place = axis.place(start + index / 3, index % 3)
      let row = Self.row(place.y, below: difference.height)
      guard band.contains(row) else { continue }
      samples[index] = difference.between(x: place.x, y: place.y, row: row)
    }
    if rows.upperBound <= band.upperBound { settle() }
  }

  /// The upper of the two rows between which `y` lies; the border repeats.
  private static func row(_ y: Double, below height: Int) -> Int {
    min(Int(min(max(y, 0), Double(height - 1))), height - 2)
  }

  private mutating func settle() {
    let steps = samples.count / 3
    let profile: [Double] = (0..<steps).map { step in
      let sum = samples[3 * step] + samples[3 * step + 1] + samples[3 * step + 2]
      return abs(sum / 3)
    }
    samples = []
    let fine = Self.fine
    let inner = profile[3 * fine..<profile.count - 3 * fine].sorted()
    let half = inner[inner.count / 2] / 2
    guard let start = profile.firstIndex(where: { $0 > half }),
      let end = profile.lastIndex(where: { $0 > half }), start > 0, end + 1 < profile.count
    else { return }
    // Linear between the samples on both sides of the half height.
    let rise = (profile[start] - half) / (profile[start] - profile[start - 1])
    let fall = (profile[end] - half) / (profile[end] - profile[end + 1])
    let from = Double(start) - rise
    let to = Double(end) + fall
    let length = (to - from) / Double(fine)
    if abs(length - pixels) <= 4 { pixels = length }
  }
}

extension PrincipalAxis {
  /// The place `along` quarters of a pixel on the axis, half a pixel to one side (0), on it (1) or to
  /// the other (2).
  fileprivate func place(_ along: Int, _ side: Int) -> (x: Double, y: Double) {
    let along = Double(along) / 4
    let across = Double(side - 1) / 2
    let (px, py) = (x + along * ux - across * uy, y + along * uy + across * ux)
    return (px, py)
  }
}

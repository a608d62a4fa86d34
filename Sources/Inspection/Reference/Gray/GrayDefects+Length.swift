// The longest extent of a defect, finer than a pixel.
//
// Marked pixels give the principal axis and a first extent, but where marking stops depends on the
// tolerance and on the pixel grid. So the difference is read along the axis, and each end is put
// where it falls to half of what it is in between: a blurred edge keeps its half height in place, and
// so does one seen in other light. A curved or branched defect leaves its axis; it keeps the first
// extent.

/// The principal axis of a group of pixels.
struct PrincipalAxis {
  /// Mean position of the pixels.
  var x: Double
  var y: Double
  /// Direction of the largest variance, length 1.
  var ux: Double
  var uy: Double
  /// From the mean to the first and the last pixel centre along the direction.
  var low = Double.infinity
  var high = -Double.infinity

  /// The axis of the pixels of `runs`, at least one.
  init(of runs: [Blobs.Run]) {
    var count = 0.0
    var (sx, sy, sxx, sxy, syy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for run in runs {
      for x in run.start..<run.end {
        let (px, py) = (Double(x), Double(run.y))
        count += 1
        sx += px
        sy += py
        sxx += px * px
        sxy += px * py
        syy += py * py
      }
    }
    x = sx / count
    y = sy / count
    let vxx = sxx / count - x * x
    let vyy = syy / count - y * y
    let vxy = sxy / count - x * y
    // The eigenvector of the larger eigenvalue of [vxx vxy; vxy vyy].
    let half = (vxx - vyy) / 2
    let root = (half * half + vxy * vxy).squareRoot()
    (ux, uy) = half >= 0 ? (half + root, vxy) : (vxy, root - half)
    let norm = (ux * ux + uy * uy).squareRoot()
    (ux, uy) = norm > 1e-12 ? (ux / norm, uy / norm) : (1, 0)
    for run in runs {
      for end in [run.start, run.end - 1] {
        let along = (Double(end) - x) * ux + (Double(run.y) - y) * uy
        low = min(low, along)
        high = max(high, along)
      }
    }
  }
}

extension GrayDefects {
  /// The longest extent of the defect of `runs`, pixels.
  func length(of runs: [Blobs.Run]) -> Double {
    let axis = PrincipalAxis(of: runs)
    let counted = axis.high - axis.low + 1
    guard counted >= 4 else { return counted }
    let fine = 4
    let first = Int((axis.low * Double(fine)).rounded(.down)) - 3 * fine
    let last = Int((axis.high * Double(fine)).rounded(.up)) + 3 * fine
    let profile = (first...last).map { abs(difference(along: axis, at: Double($0) / Double(fine))) }
    let inner = profile[3 * fine..<profile.count - 3 * fine].sorted()
    let half = inner[inner.count / 2] / 2
    guard let start = profile.firstIndex(where: { $0 > half }),
      let end = profile.lastIndex(where: { $0 > half }), start > 0, end + 1 < profile.count
    else { return counted }
    // Linear between the samples on both sides of the half height.
    let from = Double(start) - (profile[start] - half) / (profile[start] - profile[start - 1])
    let to = Double(end) + (profile[end] - half) / (profile[end] - profile[end + 1])
    let length = (to - from) / Double(fine)
    return abs(length - counted) <= 4 ? length : counted
  }

  /// The difference on the axis, averaged over a pixel to both sides of it.
  private func difference(along axis: PrincipalAxis, at place: Double) -> Double {
    var sum = 0.0
    for across in [-0.5, 0, 0.5] {
      sum += difference(
        x: axis.x + place * axis.ux - across * axis.uy,
        y: axis.y + place * axis.uy + across * axis.ux)
    }
    return sum / 3
  }

  /// The difference between four pixels; the border repeats.
  private func difference(x: Double, y: Double) -> Double {
    let px = min(max(x, 0), Double(alignment.width - 1))
    let py = min(max(y, 0), Double(alignment.height - 1))
    let column = min(Int(px), alignment.width - 2)
    let row = min(Int(py), alignment.height - 2)
    let (u, v) = (px - Double(column), py - Double(row))
    let at = row * alignment.width + column
    let upper = difference(at) * (1 - u) + difference(at + 1) * u
    let lower =
      difference(at + alignment.width) * (1 - u) + difference(at + alignment.width + 1) * u
    return upper * (1 - v) + lower * v
  }
}

import Imaging
import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads the rows of the reference's grid out of an image that lies elsewhere.
///
/// A row becomes stretches along which the place in the image is linear: one when the part is only moved
/// and turned, one from cell to cell when it bends. So it is known beforehand which rows of the image
/// are needed.
struct RowSampler {
  /// Columns of a target row and where they lie in the image, 65536ths of a pixel: column x reads
  /// (`startX + x · stepX`, `startY + x · stepY`).
  private struct Stretch {
    /// Which of the wanted rows it belongs to.
    var target: Int
    var columns: Range<Int>
    var startX: Int
    var startY: Int
    var stepX: Int
    var stepY: Int

    /// The rows of the image that it reads.
    var rows: Range<Int> {
      let first = startY + columns.lowerBound * stepY
      let last = startY + (columns.upperBound - 1) * stepY
      return min(first, last) >> 16..<(max(first, last) >> 16) + 2
    }
  }

  private static let unit = 65536.0

  private let width: Int
  private let height: Int
  private var stretches: [Stretch] = []

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Fills `out` with the rows `wanted` of the reference, from the top down, and `known` with the
  /// columns of each that the image shows.
  mutating func sample(
    _ wanted: [Int], of rows: inout SmoothedRows, _ pose: GrayAlignment.Pose,
    into out: inout [UInt8], _ known: inout [Range<Int>]
  ) throws {
    if out.count != wanted.count * width {
      out = [UInt8](repeating: 0, count: wanted.count * width)
    }
    guard let first = wanted.first, let last = wanted.last else { return }
    stretches.removeAll(keepingCapacity: true)
    if !pose.isBent && pose.motion.largestMove(width: width, height: height) < 0.03 {
      known = [Range<Int>](repeating: 0..<width, count: wanted.count)
      try rows.hold(first..<last + 1)
      copy(wanted, of: rows, into: &out)
      return
    }
    known = wanted.indices.map { plan($0, row: wanted[$0], pose) }
    guard let top = stretches.lazy.map(\.rows.lowerBound).min(),
      let bottom = stretches.lazy.map(\.rows.upperBound).max()
    else { return }
    try rows.hold(top..<bottom)
    resample(rows, into: &out)
  }

  private func copy(_ wanted: [Int], of rows: SmoothedRows, into out: inout [UInt8]) {
    let source = rows.pixels.span
    var target = out.mutableSpan
    for (index, y) in wanted.enumerated() {
      let from = (y - rows.first) * width
      for x in 0..<width { target[index * width + x] = source[from + x] }
    }
  }

  private func resample(_ rows: SmoothedRows, into out: inout [UInt8]) {
    let source = rows.pixels.span
    var target = out.mutableSpan
    for stretch in stretches {
      var row = target._mutatingExtracting(
        stretch.target * width..<(stretch.target + 1) * width)
      referenceResampleRow(
        source, width: width, columns: stretch.columns, startX: stretch.startX,
        startY: stretch.startY - rows.first << 16, stepX: stretch.stepX, stepY: stretch.stepY,
        into: &row)
    }
  }

  /// Notes the stretches of row `y`; returns the columns that the image shows.
  private mutating func plan(_ target: Int, row y: Int, _ pose: GrayAlignment.Pose) -> Range<Int> {
    guard pose.isBent, let cells = pose.shifts?.stretches else {
      return note(target, 0..<width, from: rigid(y, pose.motion))
    }
    var seen: Range<Int>?
    for stretch in cells {
      let columns = note(target, stretch, from: bent(stretch, of: y, pose))
      guard !columns.isEmpty else { continue }
      // Shifts near a border may leave a gap; what lies beyond is not judged.
      if let seen, seen.upperBound < columns.lowerBound { break }
      seen = (seen?.lowerBound ?? columns.lowerBound)..<columns.upperBound
    }
    return seen ?? 0..<0
  }

  private func rigid(_ y: Int, _ motion: RigidMotion) -> (x: Int, y: Int, dx: Int, dy: Int) {
    let start = motion.position(x: 0, y: Double(y), width: width, height: height)
    return (
      Int((start.x * Self.unit).rounded()), Int((start.y * Self.unit).rounded()),
      Int((cos(motion.radians) * Self.unit).rounded()),
      Int((sin(motion.radians) * Self.unit).rounded())
    )
  }

  private func bent(
    _ stretch: Range<Int>, of y: Int, _ pose: GrayAlignment.Pose
  ) -> (x: Int, y: Int, dx: Int, dy: Int) {
    let from = pose.position(
      x: Double(stretch.lowerBound), y: Double(y), width: width, height: height)
    let to = pose.position(
      x: Double(stretch.upperBound), y: Double(y), width: width, height: height)
    let length = Double(stretch.count)
    let stepX = Int(((to.x - from.x) / length * Self.unit).rounded())
    let stepY = Int(((to.y - from.y) / length * Self.unit).rounded())
    return (
      Int((from.x * Self.unit).rounded()) - stretch.lowerBound * stepX,
      Int((from.y * Self.unit).rounded()) - stretch.lowerBound * stepY, stepX, stepY
    )
  }

  /// Notes as much of a stretch as lies between pixels of the image.
  private mutating func note(
    _ target: Int, _ stretch: Range<Int>, from place: (x: Int, y: Int, dx: Int, dy: Int)
  ) -> Range<Int> {
    var columns = Self.inside(stretch, from: place.x, step: place.dx, below: (width - 1) << 16)
    columns = Self.inside(columns, from: place.y, step: place.dy, below: (height - 1) << 16)
    guard !columns.isEmpty else { return columns }
    stretches.append(
      Stretch(
        target: target, columns: columns, startX: place.x, startY: place.y, stepX: place.dx,
        stepY: place.dy))
    return columns
  }

  /// The columns x of `columns` with 0 ≤ from + x · step < bound.
  private static func inside(
    _ columns: Range<Int>, from: Int, step: Int, below bound: Int
  ) -> Range<Int> {
    var lower = columns.lowerBound
    var upper = columns.upperBound
    func fits(_ x: Int) -> Bool { (0..<bound).contains(from + x * step) }
    while lower < upper, !fits(lower) { lower += 1 }
    while lower < upper, !fits(upper - 1) { upper -= 1 }
    return lower..<upper
  }
}

import Imaging
import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An image brought to the reference's position and light; one worker's memory for it.
struct GrayAlignment {
  let width: Int
  let height: Int
  /// The smoothed image as the reference has it; unknown outside `known`.
  private(set) var pixels: [UInt8]
  /// Columns of each row that the image really shows.
  private(set) var known: [Range<Int>]
  /// Where the part lies.
  private(set) var motion = RigidMotion.none
  /// 16ths of a gray level of the reference = (pixel · gain + offset) / 256.
  private(set) var gain: Int32 = 16 * 256
  private(set) var offset: Int32 = 0

  private var pyramid: GrayPyramid
  private var scratch = AlignmentScratch()
  private var shading: Shading?
  private var shifts: LocalShifts?
  private let evensLight: Bool
  /// A row of flags where no region leaves anything out.
  private let everywhere: [UInt8]

  init(width: Int, height: Int, settings: GrayReferenceSettings) {
    evensLight = settings.evensLight
    everywhere = [UInt8](repeating: 1, count: width)
    shading =
      settings.shadingCell == 0
      ? nil : Shading(width: width, height: height, cell: settings.shadingCell)
    shifts =
      settings.localShift == 0
      ? nil : LocalShifts(width: width, height: height, largest: settings.localShift)
    self.width = width
    self.height = height
    pixels = [UInt8](repeating: 0, count: width * height)
    known = [Range<Int>](repeating: 0..<width, count: height)
    pyramid = GrayPyramid(width: width, height: height)
  }

  /// Brings `plane`, of this size, to the position and the light of `model`.
  mutating func align(_ plane: Plane, to model: GrayReferenceModel) {
    let mean = model.mean
    pyramid.load(plane.pixels)
    motion = model.registration.motion(of: pyramid, scratch: &scratch)
    resample()
    gain = 16 * 256
    offset = 0
    if evensLight { evenLight(mean, within: model.region) }
    if shifts != nil { bend(to: mean, within: model.region) }
    shading?.remove(from: &pixels, mean: mean, gain: gain, offset: offset, known: known)
  }

  private mutating func resample() {
    let still = motion.largestMove(width: width, height: height) < 0.03
    if still {
      pixels = pyramid.levels[0]
      for y in 0..<height { known[y] = 0..<width }
      return
    }
    Self.resample(
      pyramid.levels[0], width: width, height: height, by: motion, into: &pixels, known: &known)
  }

  /// Where a point of the reference shows up in the image.
  func position(x: Double, y: Double) -> (x: Double, y: Double) {
    let shift = shifts?.shift(x: x, y: y) ?? (dx: 0, dy: 0)
    return motion.position(x: x + shift.dx, y: y + shift.dy, width: width, height: height)
  }

  /// Follows small shifts, after which the light is fitted again.
  private mutating func bend(to mean: [UInt16], within region: RegionMask?) {
    shifts?.reset()
    for _ in 0..<LocalShifts.stepCount {
      shifts?.improve(pixels, mean: mean, known: known, gain: gain, offset: offset)
      resampleBent()
    }
    if evensLight { evenLight(mean, within: region) }
  }

  private mutating func resampleBent() {
    guard let stretches = shifts?.stretches else { return }
    for y in 0..<height {
      var seen: Range<Int>?
      for stretch in stretches {
        let columns = resample(stretch, of: y)
        guard !columns.isEmpty else { continue }
        // Shifts near a border may leave a gap; what lies beyond is not judged.
        if let seen, seen.upperBound < columns.lowerBound { break }
        seen = (seen?.lowerBound ?? columns.lowerBound)..<columns.upperBound
      }
      known[y] = seen ?? 0..<0
    }
  }

  /// Resamples a stretch of row `y` over which the shift is linear; returns the columns that the image
  /// shows.
  private mutating func resample(_ stretch: Range<Int>, of y: Int) -> Range<Int> {
    let unit = 65536.0
    let from = position(x: Double(stretch.lowerBound), y: Double(y))
    let to = position(x: Double(stretch.upperBound), y: Double(y))
    let length = Double(stretch.count)
    let stepX = Int(((to.x - from.x) / length * unit).rounded())
    let stepY = Int(((to.y - from.y) / length * unit).rounded())
    let startX = Int((from.x * unit).rounded()) - stretch.lowerBound * stepX
    let startY = Int((from.y * unit).rounded()) - stretch.lowerBound * stepY
    var columns = Self.inside(stretch, from: startX, step: stepX, below: (width - 1) << 16)
    columns = Self.inside(columns, from: startY, step: stepY, below: (height - 1) << 16)
    guard !columns.isEmpty else { return columns }
    Self.resampleRow(
      pyramid.levels[0], width: width, y, columns, start: (startX, startY), step: (stepX, stepY),
      into: &pixels)
    return columns
  }

  private static func resampleRow(
    _ source: [UInt8], width: Int, _ y: Int, _ columns: Range<Int>, start: (x: Int, y: Int),
    step: (x: Int, y: Int), into pixels: inout [UInt8]
  ) {
    var target = pixels.mutableSpan
    var row = target._mutatingExtracting(y * width..<(y + 1) * width)
    referenceResampleRow(
      source.span, width: width, columns: columns, startX: start.x, startY: start.y,
      stepX: step.x, stepY: step.y, into: &row)
  }

  private static func resample(
    _ source: [UInt8], width: Int, height: Int, by motion: RigidMotion, into pixels: inout [UInt8],
    known: inout [Range<Int>]
  ) {
    let unit = 65536.0
    let stepX = Int((cos(motion.radians) * unit).rounded())
    let stepY = Int((sin(motion.radians) * unit).rounded())
    for y in 0..<height {
      let start = motion.position(x: 0, y: Double(y), width: width, height: height)
      let startX = Int((start.x * unit).rounded())
      let startY = Int((start.y * unit).rounded())
      var columns = inside(0..<width, from: startX, step: stepX, below: (width - 1) << 16)
      columns = inside(columns, from: startY, step: stepY, below: (height - 1) << 16)
      known[y] = columns
      resampleRow(
        source, width: width, y, columns, start: (startX, startY), step: (stepX, stepY),
        into: &pixels)
    }
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

  /// Fits gain and offset over every eighth row, then once more without the pixels that fit badly
  /// (defects).
  private mutating func evenLight(_ mean: [UInt16], within region: RegionMask?) {
    for limit: Int32 in [96 * 16, 24 * 16] {
      var sums = [Int64](repeating: 0, count: 5)
      addLight(of: mean, within: region, limit: limit, to: &sums)
      let count = Double(sums[0])
      guard count > 128 else { return }
      let levels = Double(sums[1])
      let wanted = Double(sums[2]) / 16
      let spread = Double(sums[3]) - levels * levels / count
      let covariance = Double(sums[4]) / 16 - levels * wanted / count
      // Levels that hardly differ tell nothing about the gain.
      let slope = min(max(spread > 16 * count ? covariance / spread : 1, 0.5), 2)
      let base = min(max((wanted - slope * levels) / count, -128), 128)
      gain = Int32((slope * 4096).rounded())
      offset = Int32((base * 4096).rounded())
    }
  }

  private func addLight(
    of mean: [UInt16], within region: RegionMask?, limit: Int32, to sums: inout [Int64]
  ) {
    let image = pixels.span
    let reference = mean.span
    let flags = region?.flags ?? everywhere
    var totals = sums.mutableSpan
    for y in stride(from: 2, to: height, by: 8) where !known[y].isEmpty {
      let row = y * width + known[y].lowerBound..<y * width + known[y].upperBound
      let flagged = region == nil ? known[y] : row
      referenceLightSums(
        image.extracting(row), mean: reference.extracting(row),
        flags: flags.span.extracting(flagged), gain: gain, offset: offset, limit: limit,
        into: &totals)
    }
  }
}

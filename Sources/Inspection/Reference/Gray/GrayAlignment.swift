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
  private let evensLight: Bool

  init(width: Int, height: Int, settings: GrayReferenceSettings) {
    evensLight = settings.evensLight
    shading =
      settings.shadingCell == 0
      ? nil : Shading(width: width, height: height, cell: settings.shadingCell)
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

  private static func resample(
    _ source: [UInt8], width: Int, height: Int, by motion: RigidMotion, into pixels: inout [UInt8],
    known: inout [Range<Int>]
  ) {
    let unit = 65536.0
    let stepX = Int((cos(motion.radians) * unit).rounded())
    let stepY = Int((sin(motion.radians) * unit).rounded())
    var target = pixels.mutableSpan
    for y in 0..<height {
      let start = motion.position(x: 0, y: Double(y), width: width, height: height)
      let startX = Int((start.x * unit).rounded())
      let startY = Int((start.y * unit).rounded())
      var columns = inside(0..<width, from: startX, step: stepX, below: (width - 1) << 16)
      columns = inside(columns, from: startY, step: stepY, below: (height - 1) << 16)
      known[y] = columns
      var row = target._mutatingExtracting(y * width..<(y + 1) * width)
      referenceResampleRow(
        source.span, width: width, columns: columns, startX: startX, startY: startY, stepX: stepX,
        stepY: stepY, into: &row)
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

  /// Fits gain and offset over every fourth pixel of every fourth row, then once more without the
  /// pixels that fit badly (defects).
  private mutating func evenLight(_ mean: [UInt16], within region: RegionMask?) {
    let flags = region?.flags ?? []
    let isEverywhere = flags.isEmpty
    var slope = 1.0
    var base = 0.0
    for limit in [96.0, 24.0] {
      var count = 0.0
      var sums = (x: 0.0, y: 0.0, xx: 0.0, xy: 0.0)
      let image = pixels.span
      let reference = mean.span
      for y in stride(from: 2, to: height, by: 4) {
        for x in stride(from: known[y].lowerBound, to: known[y].upperBound, by: 4) {
          guard isEverywhere || flags[y * width + x] != 0 else { continue }
          let level = Double(image[y * width + x])
          let wanted = Double(reference[y * width + x]) / 16
          if abs(level * slope + base - wanted) > limit { continue }
          count += 1
          sums.x += level
          sums.y += wanted
          sums.xx += level * level
          sums.xy += level * wanted
        }
      }
      let spread = sums.xx - sums.x * sums.x / max(count, 1)
      guard count > 64 else { return }
      slope = spread > count ? (sums.xy - sums.x * sums.y / count) / spread : 1
      slope = min(max(slope, 0.5), 2)
      base = min(max((sums.y - slope * sums.x) / count, -128), 128)
    }
    gain = Int32((slope * 4096).rounded())
    offset = Int32((base * 4096).rounded())
  }
}

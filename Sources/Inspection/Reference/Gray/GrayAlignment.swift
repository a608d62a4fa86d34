import Imaging
import Kernels

/// An image brought to the reference's position and light, band by band; one worker's memory for it.
///
/// What is known of the whole image is its pose: motion, light, local shifts and shading. They are
/// found in passes over the image from the top down; the rows of a band are made from them when
/// asked for. A small image is a single band, made once.
struct GrayAlignment {
  /// What is found out about an image.
  struct Pose: Sendable {
    /// Where the part lies.
    var motion = RigidMotion.none
    /// 16ths of a gray level of the reference = (pixel · gain + offset) / 256.
    var gain: Int32 = 16 * 256
    var offset: Int32 = 0
    var shifts: LocalShifts?
    var isBent = false
    var shading: Shading?
    var isShaded = false
  }

  /// Rows of the smoothed image as the reference has it.
  struct Band {
    fileprivate(set) var rows = 0..<0
    /// Row-major; unknown outside `known`.
    fileprivate(set) var pixels: [UInt8] = []
    /// Columns of each row that the image really shows.
    fileprivate(set) var known: [Range<Int>] = []
  }

  let width: Int
  let height: Int
  private(set) var pose: Pose
  /// The rows made last.
  private(set) var band = Band()

  private var rows: SmoothedRows
  private var sampler: RowSampler
  private var scratch = AlignmentScratch()
  private let bounds: GrayBounds
  private let evensLight: Bool
  /// A row of flags where no region leaves anything out.
  private let everywhere: [UInt8]

  init(
    width: Int, height: Int, settings: GrayReferenceSettings, bounds: GrayBounds = GrayBounds()
  ) {
    self.width = width
    self.height = height
    self.bounds = bounds
    evensLight = settings.evensLight
    everywhere = [UInt8](repeating: 1, count: width)
    pose = Pose()
    if settings.shadingCell > 0 {
      pose.shading = Shading(width: width, height: height, cell: settings.shadingCell)
    }
    if settings.localShift > 0 {
      pose.shifts = LocalShifts(width: width, height: height, largest: settings.localShift)
    }
    rows = SmoothedRows(width: width, height: height, whole: bounds.whole)
    sampler = RowSampler(width: width, height: height)
  }

  /// The bands of the whole image.
  var bands: [Range<Int>] { GrayBounds.bands(0..<height, width: width, pixels: bounds.band) }

  /// Takes up `image`, of this size, and finds its pose beside `model`. Throws what reading throws.
  mutating func align(_ image: any RowSource, to model: GrayReferenceModel) throws {
    rows.start(image)
    band.rows = 0..<0
    (pose.motion, pose.isBent, pose.isShaded) = (.none, false, false)
    (pose.gain, pose.offset) = (16 * 256, 0)
    if model.registration.seeks {
      let pyramid = try GrayPyramid(of: &rows, finest: model.registration.finest)
      pose.motion = model.registration.motion(of: pyramid, scratch: &scratch)
    }
    // However the part lies, the file is read to its end once.
    try rows.hold(height - 1..<height)
    if evensLight { try evenLight(model) }
    if pose.shifts != nil { try bend(model) }
    if pose.shading != nil { try shade(model) }
  }

  /// Takes up an image whose pose is known.
  mutating func resume(_ image: any RowSource, at pose: Pose) {
    rows.start(image)
    band.rows = 0..<0
    self.pose = pose
  }

  /// Makes the rows `wanted`.
  mutating func load(_ wanted: Range<Int>) throws {
    guard band.rows != wanted else { return }
    band.rows = 0..<0
    try sampler.sample(Array(wanted), of: &rows, pose, into: &band.pixels, &band.known)
    band.rows = wanted
    if pose.isShaded { Self.unshade(&band, &pose) }
  }

  /// Where a point of the reference shows up in the image.
  func position(x: Double, y: Double) -> (x: Double, y: Double) {
    pose.position(x: x, y: y, width: width, height: height)
  }

  /// Follows small shifts, after which the light is fitted again.
  private mutating func bend(_ model: GrayReferenceModel) throws {
    pose.shifts?.reset()
    for _ in 0..<LocalShifts.stepCount {
      pose.shifts?.begin()
      for rows in bands {
        try load(rows)
        let reference = try model.planes.rows(
          max(rows.lowerBound - 1, 0)..<min(rows.upperBound + 1, height))
        let (gain, offset) = (pose.gain, pose.offset)
        Self.add(band, reference, gain: gain, offset: offset, to: &pose.shifts)
      }
      pose.shifts?.end()
      pose.isBent = true
      band.rows = 0..<0
    }
    if evensLight { try evenLight(model) }
  }

  private mutating func shade(_ model: GrayReferenceModel) throws {
    pose.shading?.begin()
    for rows in bands {
      try load(rows)
      let reference = try model.planes.rows(rows)
      let (gain, offset) = (pose.gain, pose.offset)
      Self.add(band, reference, gain: gain, offset: offset, to: &pose.shading)
    }
    pose.shading?.end()
    pose.isShaded = true
    if bands.count == 1 { Self.unshade(&band, &pose) } else { band.rows = 0..<0 }
  }

  /// Adds a band to a step of the shifts.
  private static func add(
    _ band: Band, _ reference: ReferencePlanes.Rows, gain: Int32, offset: Int32,
    to shifts: inout LocalShifts?
  ) {
    let width = band.pixels.count / band.rows.count
    for (index, y) in band.rows.enumerated() {
      shifts?.add(
        band.pixels.span.extracting(index * width..<(index + 1) * width), row: y,
        known: band.known[index], reference: reference, gain: gain, offset: offset)
    }
  }

  /// Adds a band to the shading.
  private static func add(
    _ band: Band, _ reference: ReferencePlanes.Rows, gain: Int32, offset: Int32,
    to shading: inout Shading?
  ) {
    let width = band.pixels.count / band.rows.count
    for (index, y) in band.rows.enumerated() {
      let from = (y - reference.first) * width
      shading?.add(
        band.pixels.span.extracting(index * width..<(index + 1) * width),
        mean: reference.mean.span.extracting(from..<from + width), row: y,
        known: band.known[index], gain: gain, offset: offset)
    }
  }

  private static func unshade(_ band: inout Band, _ pose: inout Pose) {
    let width = band.pixels.count / band.rows.count
    let (gain, first) = (pose.gain, band.rows.lowerBound)
    let rows = band.rows
    var all = band.pixels.mutableSpan
    for y in rows {
      let at = (y - first) * width
      var row = all._mutatingExtracting(at..<at + width)
      pose.shading?.remove(from: &row, row: y, gain: gain)
    }
  }

  /// Fits gain and offset over every eighth row (every 16th, 32nd … of a very large image), then once
  /// more without the pixels that fit badly (defects).
  private mutating func evenLight(_ model: GrayReferenceModel) throws {
    let step = 8 << model.registration.finest
    var light: [UInt8] = []
    var seen: [Range<Int>] = []
    for rows in bands {
      let first = rows.lowerBound + (2 - rows.lowerBound % step + step) % step
      var strip: [UInt8] = []
      var columns: [Range<Int>] = []
      try sampler.sample(
        Array(stride(from: first, to: rows.upperBound, by: step)), of: &self.rows, pose,
        into: &strip, &columns)
      light += strip
      seen += columns
    }
    for limit: Int32 in [96 * 16, 24 * 16] {
      var sums = [Int64](repeating: 0, count: 5)
      for index in seen.indices where !seen[index].isEmpty {
        try addLight(
          light.span.extracting(index * width..<(index + 1) * width), row: 2 + index * step,
          seen[index], model, limit: limit, to: &sums)
      }
      guard sums[0] > 128 else { return }
      pose.fitLight(sums)
    }
  }

  private func addLight(
    _ pixels: Span<UInt8>, row y: Int, _ known: Range<Int>, _ model: GrayReferenceModel,
    limit: Int32, to sums: inout [Int64]
  ) throws {
    let reference = try model.planes.rows(y..<y + 1)
    let at = (y - reference.first) * width
    var totals = sums.mutableSpan
    for run in model.region?.runs(row: y) ?? [known] {
      let columns = run.clamped(to: known)
      referenceLightSums(
        pixels.extracting(columns),
        mean: reference.mean.span.extracting(at + columns.lowerBound..<at + columns.upperBound),
        flags: everywhere.span.extracting(0..<columns.count), gain: pose.gain,
        offset: pose.offset, limit: limit, into: &totals)
    }
  }
}

extension GrayAlignment.Pose {
  /// Where a point of the reference shows up in the image.
  func position(x: Double, y: Double, width: Int, height: Int) -> (x: Double, y: Double) {
    let shift = shifts?.shift(x: x, y: y) ?? (dx: 0, dy: 0)
    return motion.position(x: x + shift.dx, y: y + shift.dy, width: width, height: height)
  }

  /// Gain and offset from sums over pixels: their number, Σ pixel, Σ mean, Σ pixel², Σ pixel · mean.
  fileprivate mutating func fitLight(_ sums: [Int64]) {
    let count = Double(sums[0])
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

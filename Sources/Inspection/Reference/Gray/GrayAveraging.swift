import Imaging
import Synchronization

/// One pass of teaching over the good parts: their mean, or mean and spread, around a first model.
struct GrayAveraging {
  /// Sums over the images for a slab of rows.
  private struct Sums {
    var count: [UInt32]
    var total: [UInt32]
    /// Of differences from the model's mean; empty where no spread is wanted.
    var squares: [UInt64]

    init(pixels: Int, withSpread: Bool) {
      count = [UInt32](repeating: 0, count: pixels)
      total = count
      squares = [UInt64](repeating: 0, count: withSpread ? pixels : 0)
    }
  }

  private let images: [TeachingImage]
  private let model: GrayReferenceModel
  private let bounds: GrayBounds
  private let withSpread: Bool
  /// Where each image lies, once it was read.
  private var poses: [GrayAlignment.Pose]

  init(
    _ images: [TeachingImage], around model: GrayReferenceModel, _ bounds: GrayBounds,
    withSpread: Bool
  ) {
    self.images = images
    self.model = model
    self.bounds = bounds
    self.withSpread = withSpread
    poses = []
  }

  /// The model of the averages. Throws what reading throws.
  mutating func model(_ workers: any Workers, shares: Int) throws -> GrayReferenceModel {
    var writer = try ReferencePlanesWriter(
      width: model.width, height: model.height, held: bounds.whole)
    let reach = withSpread ? model.settings.spreadReach : 0
    for slab in GrayBounds.bands(0..<model.height, width: model.width, pixels: bounds.slab) {
      // The largest spread around counts, so that slabs overlap.
      let wider = max(slab.lowerBound - reach, 0)..<min(slab.upperBound + reach, model.height)
      try finish(try gather(wider, workers, shares: shares), of: wider, slab, into: &writer)
    }
    return try GrayReferenceModel(
      writer.planes, region: model.region, settings: model.settings, bounds: bounds)
  }

  /// The sums over all images in the rows `slab`. They are whole numbers, so that the order in which
  /// workers add to them does not matter.
  private mutating func gather(_ slab: Range<Int>, _ workers: any Workers, shares: Int) throws
    -> Sums
  {
    let sums = Mutex(Sums(pixels: slab.count * model.width, withSpread: withSpread))
    let (images, model, bounds, poses) = (images, model, bounds, poses)
    let found = try workers.map(min(shares, images.count)) { share in
      var alignment = GrayAlignment(
        width: model.width, height: model.height, settings: model.settings, bounds: bounds)
      return try stride(from: share, to: images.count, by: shares).map { index in
        let image = try Self.rows(of: images[index], like: model)
        if poses.isEmpty {
          try alignment.align(image, to: model)
        } else {
          alignment.resume(image, at: poses[index])
        }
        for band in GrayBounds.bands(slab, width: model.width, pixels: bounds.band) {
          try alignment.load(band)
          let reference = try model.planes.rows(band)
          sums.withLock { sums in
            Self.add(
              alignment, reference, from: slab.lowerBound, count: &sums.count, total: &sums.total,
              squares: &sums.squares)
          }
        }
        return alignment.pose
      }
    }
    self.poses = images.indices.map { found[$0 % found.count][$0 / found.count] }
    return sums.withLock { $0 }
  }

  private static func rows(of image: TeachingImage, like model: GrayReferenceModel) throws
    -> any RowSource
  {
    let rows = try image.rows()
    guard rows.width == model.width, rows.height == model.height else {
      throw InspectionError.cannotTeach(
        reason: "\(image.name) is \(rows.width) × \(rows.height), the first image is "
          + "\(model.width) × \(model.height)",
        mend: "teach from images of one camera setting")
    }
    return rows
  }

  /// Adds the band that `image` stands at.
  private static func add(
    _ image: GrayAlignment, _ reference: ReferencePlanes.Rows, from first: Int,
    count: inout [UInt32], total: inout [UInt32], squares: inout [UInt64]
  ) {
    let pixels = image.band.pixels.span
    let mean = reference.mean.span
    var counts = count.mutableSpan
    var totals = total.mutableSpan
    var square = squares.mutableSpan
    let withSpread = square.count > 0
    let (gain, offset) = (image.pose.gain, image.pose.offset)
    for y in image.band.rows {
      let from = (y - image.band.rows.lowerBound) * image.width
      let beside = (y - reference.first) * image.width
      let to = (y - first) * image.width
      for x in image.band.known[y - image.band.rows.lowerBound] {
        let level = min(max((Int32(pixels[from + x]) * gain + offset) >> 8, 0), 4080)
        counts[to + x] += 1
        totals[to + x] += UInt32(level)
        guard withSpread else { continue }
        let difference = Int64(level) - Int64(mean[beside + x])
        square[to + x] += UInt64(difference * difference)
      }
    }
  }

  /// Appends the rows `inner` of the averages over `slab`.
  private func finish(
    _ sums: Sums, of slab: Range<Int>, _ inner: Range<Int>, into writer: inout ReferencePlanesWriter
  ) throws {
    let width = model.width
    let reference = try model.planes.rows(slab)
    let at = (slab.lowerBound - reference.first) * width
    var mean = Array(reference.mean[at..<at + slab.count * width])
    var spread = [UInt16](repeating: 0, count: mean.count)
    for i in mean.indices where sums.count[i] > 0 {
      let count = Double(sums.count[i])
      let average = Double(sums.total[i]) / count
      if withSpread {
        let bias = average - Double(mean[i])
        let variance = Double(sums.squares[i]) / count - bias * bias
        spread[i] = UInt16(max(variance, 0).squareRoot().rounded())
      }
      mean[i] = UInt16(average.rounded())
    }
    if withSpread {
      for _ in 0..<model.settings.spreadReach {
        spread = Self.neighbourhoodMaximum(spread, width: width, height: slab.count)
      }
    }
    let start = (inner.lowerBound - slab.lowerBound) * width
    let kept = start..<start + inner.count * width
    let reciprocals = model.settings.reciprocals
    try writer.append(
      mean: Array(mean[kept]), reciprocal: spread[kept].map { reciprocals[Int($0)] })
  }

  /// Each value becomes the largest of the 3 × 3 around it.
  private static func neighbourhoodMaximum(_ values: [UInt16], width: Int, height: Int) -> [UInt16]
  {
    var wide = values
    for y in 0..<height {
      let row = y * width
      for x in 1..<width {
        wide[row + x] = max(wide[row + x], values[row + x - 1])
        wide[row + x - 1] = max(wide[row + x - 1], values[row + x])
      }
    }
    var out = wide
    for i in width..<width * height {
      out[i] = max(out[i], wide[i - width])
      out[i - width] = max(out[i - width], wide[i])
    }
    return out
  }
}

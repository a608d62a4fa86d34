import Imaging

/// Learns mean and spread of good gray parts in two passes over the images, so that memory does not
/// grow with their number.
public enum GrayReferenceTeaching {
  /// Sums over one share of the images.
  private struct Sums: Sendable {
    var count: [UInt32]
    var total: [UInt32]
    var squares: [UInt64]

    init(pixels: Int) {
      count = [UInt32](repeating: 0, count: pixels)
      total = count
      squares = [UInt64](repeating: 0, count: pixels)
    }
  }

  /// The images are shared out among this many loops; a constant, so that results and memory do not
  /// depend on the number of workers.
  private static let shares = 4

  /// Teaches from the good parts of `set`, the first of which sets the position.
  ///
  /// Throws `InspectionError` when there is no good part or sizes differ, and what reading throws.
  public static func teach(
    _ set: TeachingSet, settings: GrayReferenceSettings, workers: any Workers,
    progress: @Sendable (TeachingProgress) -> Void
  ) throws -> GrayReferenceModel {
    try settings.check()
    guard let first = set.good.first else {
      throw InspectionError.cannotTeach(
        reason: "the teaching set holds no good part",
        mend: "give a folder with images of at least one good part")
    }
    let start = try first.read().plane
    guard start.width >= 16, start.height >= 16 else {
      throw InspectionError.tooSmall(
        found: "\(start.width) × \(start.height)", smallest: "16 × 16")
    }
    let region = try Self.region(set.regions, width: start.width, height: start.height)
    var model = single(start, within: region, settings: settings)
    for (pass, stage) in ["averaging good parts", "measuring their spread"].enumerated() {
      progress(TeachingProgress(stage: stage, done: pass, total: 2))
      let sums = try gather(set.good, around: model, workers: workers)
      model = merged(sums, into: model, settings: settings, withSpread: pass == 1)
    }
    progress(TeachingProgress(stage: "measuring their spread", done: 2, total: 2))
    return model
  }

  /// Where part and light are looked for: the regions that count, when they are a quarter of the
  /// picture or more; less may be without an edge to hold on to, and then the whole picture serves.
  private static func region(_ regions: RegionMask?, width: Int, height: Int) throws -> RegionMask?
  {
    guard let regions else { return nil }
    guard regions.width == width, regions.height == height else {
      throw InspectionError.wrongSize(
        found: "with regions of \(regions.width) × \(regions.height)",
        taught: "\(width) × \(height)")
    }
    return regions.flags.count { $0 != 0 } * 4 >= regions.flags.count ? regions : nil
  }

  /// The model of a single picture: no spread, so that only the absolute tolerance counts.
  static func single(
    _ plane: Plane, within region: RegionMask? = nil, settings: GrayReferenceSettings
  ) -> GrayReferenceModel {
    var pyramid = GrayPyramid(width: plane.width, height: plane.height)
    pyramid.load(plane.pixels)
    let mean = pyramid.levels[0].map { UInt16($0) * 16 }
    return GrayReferenceModel(
      width: plane.width, height: plane.height, mean: mean,
      spread: [UInt16](repeating: 0, count: mean.count), region: region, settings: settings)
  }

  private static func gather(
    _ images: [TeachingImage], around model: GrayReferenceModel, workers: any Workers
  ) throws -> [Sums] {
    try workers.map(shares) { share in
      var sums = Sums(pixels: model.width * model.height)
      var alignment = GrayAlignment(
        width: model.width, height: model.height, settings: model.settings)
      for index in stride(from: share, to: images.count, by: shares) {
        let plane = try images[index].read().plane
        guard plane.width == model.width, plane.height == model.height else {
          throw InspectionError.cannotTeach(
            reason: "\(images[index].name) is \(plane.width) × \(plane.height), the first image is "
              + "\(model.width) × \(model.height)",
            mend: "teach from images of one camera setting")
        }
        alignment.align(plane, to: model)
        add(
          alignment, around: model.mean, count: &sums.count, total: &sums.total,
          squares: &sums.squares)
      }
      return sums
    }
  }

  private static func add(
    _ image: GrayAlignment, around mean: [UInt16], count: inout [UInt32], total: inout [UInt32],
    squares: inout [UInt64]
  ) {
    let pixels = image.pixels.span
    let center = mean.span
    var counts = count.mutableSpan
    var totals = total.mutableSpan
    var square = squares.mutableSpan
    for y in 0..<image.height {
      for x in image.known[y] {
        let i = y * image.width + x
        let level = min(max((Int32(pixels[i]) * image.gain + image.offset) >> 8, 0), 4080)
        let difference = Int64(level) - Int64(center[i])
        counts[i] += 1
        totals[i] += UInt32(level)
        square[i] += UInt64(difference * difference)
      }
    }
  }

  private static func merged(
    _ sums: [Sums], into model: GrayReferenceModel, settings: GrayReferenceSettings,
    withSpread: Bool
  ) -> GrayReferenceModel {
    var mean = model.mean
    var spread = [UInt16](repeating: 0, count: mean.count)
    for i in mean.indices {
      let count = sums.reduce(0.0) { $0 + Double($1.count[i]) }
      guard count > 0 else { continue }
      let average = sums.reduce(0.0) { $0 + Double($1.total[i]) } / count
      let bias = average - Double(model.mean[i])
      let variance = sums.reduce(0.0) { $0 + Double($1.squares[i]) } / count - bias * bias
      mean[i] = UInt16(average.rounded())
      if withSpread { spread[i] = UInt16(max(variance, 0).squareRoot().rounded()) }
    }
    for _ in 0..<settings.spreadReach {
      spread = neighbourhoodMaximum(spread, width: model.width, height: model.height)
    }
    return GrayReferenceModel(
      width: model.width, height: model.height, mean: mean, spread: spread,
      region: model.region, settings: settings)
  }

  /// Each value becomes the largest of the 3 × 3 around it.
  static func neighbourhoodMaximum(_ values: [UInt16], width: Int, height: Int) -> [UInt16] {
    var out = values
    for y in 0..<height {
      for x in 0..<width {
        var most: UInt16 = 0
        for row in max(y - 1, 0)...min(y + 1, height - 1) {
          for column in max(x - 1, 0)...min(x + 1, width - 1) {
            most = max(most, values[row * width + column])
          }
        }
        out[y * width + x] = most
      }
    }
    return out
  }
}

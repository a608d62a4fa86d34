import Imaging

/// Learns mean and spread of good gray parts in two passes over the images, so that memory does not
/// grow with their number.
///
/// Levels are added up for a slab of rows at a time, which for all but large images is the whole image.
/// Where there are more slabs, the images are read again for each, in the pose found first.
public enum GrayReferenceTeaching {
  /// The images are shared out among this many loops, each with memory for one image.
  private static let shares = 4

  /// Teaches from the good parts of `set`, the first of which sets the position.
  ///
  /// Throws `InspectionError` when there is no good part or sizes differ, and what reading throws.
  public static func teach(
    _ set: TeachingSet, settings: GrayReferenceSettings, workers: any Workers,
    progress: @Sendable (TeachingProgress) -> Void
  ) throws -> GrayReferenceModel {
    try teach(set, settings: settings, workers: workers, bounds: GrayBounds(), progress: progress)
  }

  /// The same with other bounds of memory.
  static func teach(
    _ set: TeachingSet, settings: GrayReferenceSettings, workers: any Workers, bounds: GrayBounds,
    progress: @Sendable (TeachingProgress) -> Void
  ) throws -> GrayReferenceModel {
    try settings.check()
    guard let first = set.good.first else {
      throw InspectionError.cannotTeach(
        reason: "the teaching set holds no good part",
        mend: "give a folder with images of at least one good part")
    }
    let start = try first.rows()
    guard start.width >= 16, start.height >= 16 else {
      throw InspectionError.tooSmall(
        found: "\(start.width) × \(start.height)", smallest: "16 × 16")
    }
    let region = try region(set.regions, width: start.width, height: start.height)
    var model = try single(start, within: region, settings: settings, bounds: bounds)
    for (pass, stage) in ["averaging good parts", "measuring their spread"].enumerated() {
      progress(TeachingProgress(stage: stage, done: pass, total: 2))
      var averaging = GrayAveraging(set.good, around: model, bounds, withSpread: pass == 1)
      model = try averaging.model(workers, shares: shares)
    }
    progress(TeachingProgress(stage: "measuring their spread", done: 2, total: 2))
    return model
  }

  /// Where part and light are looked for: the regions that count, when they are a quarter of the
  /// picture or more; less may be without an edge to hold on to, and then the whole picture serves.
  private static func region(_ regions: RegionMask?, width: Int, height: Int) throws -> RegionRuns?
  {
    guard let regions else { return nil }
    guard regions.width == width, regions.height == height else {
      throw InspectionError.wrongSize(
        found: "with regions of \(regions.width) × \(regions.height)",
        taught: "\(width) × \(height)")
    }
    let runs = RegionRuns(regions)
    return runs.area * 4 >= width * height ? runs : nil
  }

  /// The model of a single picture: no spread, so that only the absolute tolerance counts.
  static func single(
    _ image: any RowSource, within region: RegionRuns?, settings: GrayReferenceSettings,
    bounds: GrayBounds
  ) throws -> GrayReferenceModel {
    let (width, height) = (image.width, image.height)
    var rows = SmoothedRows(width: width, height: height, whole: bounds.whole)
    rows.start(image)
    var writer = try ReferencePlanesWriter(width: width, height: height, held: bounds.whole)
    let reciprocal = settings.reciprocals[0]
    for band in GrayBounds.bands(0..<height, width: width, pixels: bounds.band) {
      try rows.hold(band)
      let at = (band.lowerBound - rows.first) * width
      let mean = rows.pixels[at..<at + band.count * width].map { UInt16($0) * 16 }
      try writer.append(
        mean: mean, reciprocal: [UInt16](repeating: reciprocal, count: mean.count))
    }
    return try GrayReferenceModel(
      writer.planes, region: region, settings: settings, bounds: bounds)
  }
}

extension GrayReferenceSettings {
  /// 131,072 / tolerance in 16ths of a gray level, for each spread of 0 to 4,080 16ths.
  var reciprocals: [UInt16] {
    (0...4080).map { spread in
      let tolerance = max(absoluteTolerance * 16, spreadFactor * Double(spread))
      return UInt16(min(max((131_072 / max(tolerance, 2.1)).rounded(), 1), 65_535))
    }
  }
}

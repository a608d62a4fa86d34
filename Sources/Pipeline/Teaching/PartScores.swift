import Imaging
import Inspection

/// Scores of labelled images by one model, for thresholds and figures.
struct PartScores {
  /// A constant, so that results do not depend on the number of workers.
  private static let shares = 16

  let model: any TaughtModel
  let regions: RecipeRegions

  /// The score of each of `images`, in order. Throws what reading or inspecting throws.
  func scores(of images: [TeachingImage], _ workers: any Workers) throws -> [LabelledScore] {
    let share = (images.count + Self.shares - 1) / Self.shares
    let scored = try workers.map(Self.shares) { index in
      let range = min(index * share, images.count)..<min((index + 1) * share, images.count)
      guard !range.isEmpty else { return [LabelledScore]() }
      var inspector = model.makeInspector()
      var drawn = DrawnRegions(regions)
      return try images[range].map { image in
        let score = try score(of: image, &inspector, &drawn)
        return LabelledScore(score: score, kind: image.kind, part: image.part, image: image.name)
      }
    }
    return scored.flatMap(\.self)
  }

  private func score(
    of image: TeachingImage, _ inspector: inout any Inspector, _ drawn: inout DrawnRegions
  ) throws -> Double {
    var request = InspectionRequest(minimumScore: .infinity)
    if var byRows = inspector as? any RowInspector,
      ImageRows.areLarge(image.name, from: byRows.largePixels)
    {
      let rows = try image.rows()
      let within = try regions.rows(width: rows.width, height: rows.height)
      return try byRows.inspect(rows, within: within, request, OneWorker()).score
    }
    let frame = try image.read()
    request.regions = try drawn.mask(for: frame.plane)
    return try inspector.inspect(frame, request).score
  }
}

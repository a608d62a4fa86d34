import FactoryModel
import Imaging
import Kernels

/// Compares parts with a gray reference; one worker's memory.
///
/// Every pixel gets the ratio of its difference to its tolerance. Pixels above 1 form blobs. A
/// blob's score is the sum of its ratios; the image's score is that of its worst blob, or, with no
/// blob, the largest ratio (then below or at 1).
struct GrayReferenceInspector: Inspector {
  private let model: GrayReferenceModel
  private var alignment: GrayAlignment
  private var ratio: [UInt8]
  private var marks: [UInt8]

  init(_ model: GrayReferenceModel) {
    self.model = model
    alignment = GrayAlignment(
      width: model.width, height: model.height, settings: model.settings)
    ratio = [UInt8](repeating: 0, count: model.width * model.height)
    marks = ratio
  }

  mutating func inspect(_ frame: Frame, _ request: InspectionRequest) throws -> Finding {
    let plane = frame.plane
    guard plane.width == model.width, plane.height == model.height else {
      throw InspectionError.wrongSize(
        found: "\(plane.width) × \(plane.height)", taught: "\(model.width) × \(model.height)")
    }
    if let regions = request.regions {
      guard regions.width == model.width, regions.height == model.height else {
        throw InspectionError.wrongSize(
          found: "with regions of \(regions.width) × \(regions.height)",
          taught: "\(model.width) × \(model.height)")
      }
    }
    guard let reference = frame.reference else { return judge(plane, against: model, request) }
    guard reference.width == model.width, reference.height == model.height else {
      throw InspectionError.wrongSize(
        found: "\(plane.width) × \(plane.height)",
        taught: "a reference of \(reference.width) × \(reference.height)")
    }
    let own = GrayReferenceTeaching.single(
      reference, within: model.region, settings: model.settings)
    return judge(plane, against: own, request)
  }

  private mutating func judge(
    _ plane: Plane, against model: GrayReferenceModel, _ request: InspectionRequest
  ) -> Finding {
    alignment.align(plane, to: model)
    let most = Self.compare(
      alignment, with: model, within: request.regions, ratio: &ratio, marks: &marks)
    var score = Double(most) / 32
    var defects: [Defect] = []
    if most > 32 {
      let measure = GrayDefects(
        alignment: alignment, mean: model.mean, ratio: ratio,
        blobs: Blobs(of: marks, width: model.width, height: model.height))
      score = measure.scores.max() ?? score
      defects = measure.defects(atLeast: request.minimumScore)
    }
    // Without a blob there is still a pixel to show when the caller asks for so little.
    if most <= 32, score >= request.minimumScore { defects = [weakest(of: most)] }
    return Finding(score: score, defects: defects, map: request.wantsMap ? map() : nil)
  }

  /// Fills `ratio` and `marks`; returns the largest ratio that counts.
  private static func compare(
    _ alignment: GrayAlignment, with model: GrayReferenceModel, within regions: RegionMask?,
    ratio: inout [UInt8], marks: inout [UInt8]
  ) -> UInt8 {
    let width = model.width
    var most: UInt8 = 0
    var ratios = ratio.mutableSpan
    var marked = marks.mutableSpan
    for y in 0..<model.height {
      let known = alignment.known[y]
      // What the image does not show is not judged.
      for ends in [0..<known.lowerBound, known.upperBound..<width] {
        for x in ends {
          ratios[y * width + x] = 0
          marked[y * width + x] = 0
        }
      }
      let row = y * width + known.lowerBound..<y * width + known.upperBound
      var out = ratios._mutatingExtracting(row)
      var mark = marked._mutatingExtracting(row)
      let rowMost = referenceCompareRow(
        alignment.pixels.span.extracting(row), mean: model.mean.span.extracting(row),
        reciprocal: model.reciprocal.span.extracting(row), gain: alignment.gain,
        offset: alignment.offset, ratio: &out, marks: &mark)
      guard let regions else {
        most = max(most, rowMost)
        continue
      }
      let flags = regions.flags.span.extracting(row)
      for x in 0..<out.count {
        out[x] &= flags[x]
        mark[x] &= flags[x]
        most = max(most, out[x])
      }
    }
    return most
  }

  private func weakest(of most: UInt8) -> Defect {
    let at = ratio.firstIndex(of: most) ?? 0
    let place = alignment.position(
      x: Double(at % model.width), y: Double(at / model.width))
    return Defect(
      score: Double(most) / 32, x: min(max(Int(place.x.rounded()), 0), model.width - 1),
      y: min(max(Int(place.y.rounded()), 0), model.height - 1), width: 1, height: 1, area: 1)
  }

  /// The ratios at the pixels of the image as read.
  private func map() -> ScoreMap {
    let back = alignment.motion.inverse
    var values = [Float](repeating: 0, count: ratio.count)
    for y in 0..<model.height {
      for x in 0..<model.width {
        let place = back.position(
          x: Double(x), y: Double(y), width: model.width, height: model.height)
        let column = Int(place.x.rounded())
        let row = Int(place.y.rounded())
        if (0..<model.width).contains(column), (0..<model.height).contains(row) {
          values[y * model.width + x] = Float(ratio[row * model.width + column]) / 32
        }
      }
    }
    // A blob's score is a sum of ratios: the ratios themselves are on another scale.
    return ScoreMap(
      width: model.width, height: model.height, cellWidth: 1, cellHeight: 1, values: values,
      shown: 0.5...1.5)
  }
}

import FactoryModel
import Imaging
import Kernels

/// Compares parts with a gray reference; one worker's memory.
///
/// Every pixel gets the ratio of its difference to its tolerance. Pixels above 1 form groups. A
/// group's score is the sum of its ratios; the image's score is that of its worst group, or, with
/// none, the largest ratio (then below or at 1).
struct GrayReferenceInspector: Inspector {
  /// Where differences count.
  private enum Judged {
    case everywhere
    case mask(RegionMask)
    case rows(RegionRows)

    var size: (width: Int, height: Int)? {
      switch self {
      case .everywhere: nil
      case .mask(let mask): (mask.width, mask.height)
      case .rows(let rows): (rows.width, rows.height)
      }
    }

    /// Flags of row `y` and where they begin; nil: all count.
    func flags(row y: Int) -> (flags: [UInt8], at: Int)? {
      switch self {
      case .everywhere: nil
      case .mask(let mask): (mask.flags, y * mask.width)
      case .rows(let rows): (rows.flags(row: y), 0)
      }
    }
  }

  private let model: GrayReferenceModel
  private let bounds: GrayBounds
  private var alignment: GrayAlignment
  /// One row.
  private var ratio: [UInt8]
  private var marks: [UInt8]

  init(_ model: GrayReferenceModel, bounds: GrayBounds = GrayBounds()) {
    self.model = model
    self.bounds = bounds
    alignment = GrayAlignment(
      width: model.width, height: model.height, settings: model.settings, bounds: bounds)
    ratio = [UInt8](repeating: 0, count: model.width)
    marks = ratio
  }

  mutating func inspect(_ frame: Frame, _ request: InspectionRequest) throws -> Finding {
    try judge(
      PlaneRows(frame.plane), beside: frame.reference.map { PlaneRows($0) },
      request.regions.map { .mask($0) } ?? .everywhere, request)
  }

  /// Compares with `reference` instead of the taught one; nil: with the taught one.
  private mutating func judge(
    _ image: any RowSource, beside reference: (any RowSource)?, _ judged: Judged,
    _ request: InspectionRequest
  ) throws -> Finding {
    try check(image, judged)
    guard let reference else { return try judge(image, against: model, judged, request) }
    guard reference.width == model.width, reference.height == model.height else {
      throw InspectionError.wrongSize(
        found: "\(image.width) × \(image.height)",
        taught: "a reference of \(reference.width) × \(reference.height)")
    }
    let own = try GrayReferenceTeaching.single(
      reference, within: model.region, settings: model.settings, bounds: bounds)
    return try judge(image, against: own, judged, request)
  }

  private mutating func judge(
    _ image: any RowSource, against model: GrayReferenceModel, _ judged: Judged,
    _ request: InspectionRequest
  ) throws -> Finding {
    try alignment.align(image, to: model)
    var scan = DefectScan(floor: request.minimumScore)
    var map =
      request.wantsMap
      ? RatioMap(width: model.width, height: model.height, cells: bounds.map) : nil
    var most = (ratio: UInt8(0), x: 0, y: 0)
    for rows in alignment.bands {
      try alignment.load(rows)
      let reference = try model.planes.rows(rows)
      for y in rows {
        let largest = compare(row: y, with: reference, judged)
        if largest > most.ratio { most = (largest, ratio.firstIndex(of: largest) ?? 0, y) }
        if largest > 32 || scan.isOpen { add(row: y, reference, to: &scan) }
        map?.add(ratio, row: y)
      }
    }
    scan.end()
    var score = Double(most.ratio) / 32
    var defects: [Defect] = []
    if most.ratio > 32 {
      score = scan.largest
      var measured = GrayDefects(scan.found, height: model.height)
      try measured.measure(&alignment, model.planes)
      defects = measured.defects(alignment)
    } else if score >= request.minimumScore {
      // Without a group there is still a pixel to show when the caller asks for so little.
      defects = [weakest(score, most.x, most.y)]
    }
    return Finding(score: score, defects: defects, map: map?.map(alignment.pose.motion))
  }

  private func check(_ image: any RowSource, _ judged: Judged) throws {
    guard image.width == model.width, image.height == model.height else {
      throw InspectionError.wrongSize(
        found: "\(image.width) × \(image.height)", taught: "\(model.width) × \(model.height)")
    }
    guard let size = judged.size else { return }
    guard size == (model.width, model.height) else {
      throw InspectionError.wrongSize(
        found: "with regions of \(size.width) × \(size.height)",
        taught: "\(model.width) × \(model.height)")
    }
  }

  /// Fills `ratio` and `marks` for row `y`; returns the largest ratio that counts.
  private mutating func compare(
    row y: Int, with reference: ReferencePlanes.Rows, _ judged: Judged
  ) -> UInt8 {
    let known = alignment.band.known[y - alignment.band.rows.lowerBound]
    // What the image does not show is not judged.
    for ends in [0..<known.lowerBound, known.upperBound..<model.width] {
      for x in ends { (ratio[x], marks[x]) = (0, 0) }
    }
    return Self.compare(
      alignment, row: y, known, with: reference, judged, ratio: &ratio, marks: &marks)
  }

  private static func compare(
    _ alignment: GrayAlignment, row y: Int, _ known: Range<Int>,
    with reference: ReferencePlanes.Rows, _ judged: Judged, ratio: inout [UInt8],
    marks: inout [UInt8]
  ) -> UInt8 {
    let at = (y - alignment.band.rows.lowerBound) * alignment.width
    let from = (y - reference.first) * alignment.width
    let columns = from + known.lowerBound..<from + known.upperBound
    var ratios = ratio.mutableSpan
    var marked = marks.mutableSpan
    var out = ratios._mutatingExtracting(known)
    var mark = marked._mutatingExtracting(known)
    let largest = referenceCompareRow(
      alignment.band.pixels.span.extracting(at + known.lowerBound..<at + known.upperBound),
      mean: reference.mean.span.extracting(columns),
      reciprocal: reference.reciprocal.span.extracting(columns), gain: alignment.pose.gain,
      offset: alignment.pose.offset, ratio: &out, marks: &mark)
    guard let (flags, start) = judged.flags(row: y) else { return largest }
    let counted = flags.span.extracting(start + known.lowerBound..<start + known.upperBound)
    var most: UInt8 = 0
    for x in 0..<out.count {
      out[x] &= counted[x]
      mark[x] &= counted[x]
      most = max(most, out[x])
    }
    return most
  }

  private func add(row y: Int, _ reference: ReferencePlanes.Rows, to scan: inout DefectScan) {
    let at = (y - alignment.band.rows.lowerBound) * model.width
    let from = (y - reference.first) * model.width
    let pose = alignment.pose
    scan.add(row: y, ratio: ratio.span, marks: marks.span) { x in
      let level = (Int32(alignment.band.pixels[at + x]) * pose.gain + pose.offset) >> 8
      return Int(level) - Int(reference.mean[from + x])
    }
  }

  private func weakest(_ score: Double, _ x: Int, _ y: Int) -> Defect {
    let place = alignment.position(x: Double(x), y: Double(y))
    return Defect(
      score: score, x: min(max(Int(place.x.rounded()), 0), model.width - 1),
      y: min(max(Int(place.y.rounded()), 0), model.height - 1), width: 1, height: 1, area: 1)
  }
}

extension GrayReferenceInspector: RowInspector, PairRowInspector {
  var largePixels: Int { bounds.whole }

  mutating func inspect(
    _ source: any RowSource, within regions: RegionRows?, _ request: InspectionRequest,
    _ workers: any Workers
  ) throws -> Finding {
    try judge(source, beside: nil, regions.map { .rows($0) } ?? .everywhere, request)
  }

  mutating func inspect(
    _ image: any RowSource, beside reference: any RowSource, within regions: RegionRows?,
    _ request: InspectionRequest
  ) throws -> Finding {
    try judge(image, beside: reference, regions.map { .rows($0) } ?? .everywhere, request)
  }
}

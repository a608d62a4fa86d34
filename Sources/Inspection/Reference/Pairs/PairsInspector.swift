import FactoryModel
import Imaging

/// Judges pairs with a taught model.
struct PairsInspector: Inspector {
  let model: PairsModel
  private var classifier: CandidateClassifier?

  init(_ model: PairsModel) {
    self.model = model
    classifier = model.classifier
  }

  mutating func inspect(_ frame: Frame, _ request: InspectionRequest) throws -> Finding {
    finding(try Self.candidates(frame, model.settings, within: request.regions), request)
  }

  private mutating func finding(_ pair: PairCandidates, _ request: InspectionRequest) -> Finding {
    var found: [Judged] = []
    for index in pair.list.indices {
      if let judged = judged(index, pair) { found.append(judged) }
    }
    let kept = Self.suppressed(found.map(\.defect)).map { found[$0] }
    return Finding(
      score: kept.map(\.defect.score).max() ?? 0,
      defects: kept.map(\.defect).filter { $0.score >= request.minimumScore },
      map: request.wantsMap ? Self.map(kept, pair) : nil)
  }

  /// What differs between the frame and its reference; only seeds inside `regions` count.
  static func candidates(
    _ frame: Frame, _ settings: PairsSettings, within regions: RegionMask? = nil
  ) throws -> PairCandidates {
    guard let reference = frame.reference else { throw InspectionError.referenceMissing }
    let flags = regions.map { mask in
      PlaneRows(Plane(width: mask.width, height: mask.height, pixels: mask.flags))
    }
    return try candidates(
      PlaneRows(frame.plane), PlaneRows(reference), settings, within: flags)
  }

  /// The same of images that come row by row; nothing counts where `flags` are 0.
  private static func candidates(
    _ image: any RowSource, _ reference: any RowSource, _ settings: PairsSettings,
    within flags: (any RowSource)?
  ) throws -> PairCandidates {
    let size = "\(image.width) × \(image.height)"
    guard image.width == reference.width, image.height == reference.height else {
      throw InspectionError.wrongSize(
        found: size, taught: "\(reference.width) × \(reference.height)")
    }
    if let flags, flags.width != image.width || flags.height != image.height {
      throw InspectionError.wrongSize(
        found: size, taught: "regions of \(flags.width) × \(flags.height)")
    }
    return PairCandidates(
      test: try BitPlane(image, threshold: settings.darkUpTo),
      template: try BitPlane(reference, threshold: settings.darkUpTo),
      limit: settings.candidateLimit,
      outside: try flags.map { flags in
        try BitPlane(flags, threshold: 0)
          .window(x: 0, y: 0, width: flags.width, height: flags.height)
      })
  }

  private mutating func judged(_ index: Int, _ pair: PairCandidates) -> Judged? {
    let c = pair.list[index]
    guard let judgement = classifier?.judge(index, in: pair) else {
      // Without classes the score grows with the surely differing pixels: 10 of them give 0.5.
      let score = Double(c.seeds) / Double(c.seeds + 10)
      let defect = Defect(
        score: score, x: c.x0, y: c.y0, width: c.x1 - c.x0, height: c.y1 - c.y0, area: c.area)
      return Judged(candidate: c, defect: defect)
    }
    return Self.defect(
      c, judgement, model.kinds, width: pair.test.width, height: pair.test.height
    ).map { Judged(candidate: c, defect: $0) }
  }

  /// What a judgement makes of a candidate; nil for one that is surely none of `kinds`.
  private static func defect(
    _ c: PairCandidate, _ judgement: CandidateJudgement, _ kinds: [String], width: Int,
    height: Int
  ) -> Defect? {
    let p = judgement.probabilities
    guard let best = p.indices.dropFirst().max(by: { p[$0] < p[$1] }), p[best] >= 0.001 else {
      return nil
    }
    let box = c.box(judgement.margins, width: width, height: height)
    return Defect(
      kind: kinds[best - 1], score: Double(p[best] * judgement.fit), x: box.x1, y: box.y1,
      width: box.x2 - box.x1, height: box.y2 - box.y1, area: c.area)
  }

  /// The boxes that are found where the candidates of a pair are judged so.
  static func boxes(
    _ example: PairExample, _ judgements: [CandidateJudgement], _ kinds: [String]
  ) -> [ScoredBox] {
    let found = zip(example.candidates, judgements).compactMap { candidate, judgement in
      defect(candidate, judgement, kinds, width: example.width, height: example.height)
    }
    return suppressed(found).map { ScoredBox(box: found[$0].box, confidence: found[$0].score) }
  }

  /// Places in `found` by falling score: a box goes when a kept one overlaps it by 0.25 (same
  /// class) or 0.5 (another).
  static func suppressed(_ found: [Defect]) -> [Int] {
    let order = found.indices.sorted { (found[$1].score, $0) < (found[$0].score, $1) }
    var kept: [Int] = []
    for index in order {
      let defect = found[index]
      let isFree = kept.allSatisfy {
        BoxEvaluation.overlap(found[$0].box, defect.box)
          < (found[$0].kind == defect.kind ? 0.25 : 0.5)
      }
      if isFree { kept.append(index) }
    }
    return kept
  }

  /// The defect's score at every pixel that differs for it, 0 elsewhere; of a large pair the largest of
  /// each square of pixels.
  private static func map(_ kept: [Judged], _ pair: PairCandidates) -> ScoreMap {
    let cell = ScoreMap.cell(width: pair.test.width, height: pair.test.height, most: mapCells)
    let width = (pair.test.width + cell - 1) / cell
    let height = (pair.test.height + cell - 1) / cell
    var values = [Float](repeating: 0, count: width * height)
    for judged in kept {
      let c = judged.candidate
      let grown = c.isExtra ? pair.grownExtra : pair.grownMissing
      for y in c.y0..<c.y1 {
        for x in c.x0..<c.x1 where grown.isSet(x, y) {
          let place = y / cell * width + x / cell
          values[place] = max(values[place], Float(judged.defect.score))
        }
      }
    }
    return ScoreMap(
      width: width, height: height, cellWidth: Double(cell), cellHeight: Double(cell),
      values: values)
  }

  /// Cells of a score map at most.
  private static let mapCells = 8 << 20
}

extension PairsInspector: PairRowInspector {
  var largePixels: Int { 32 << 20 }

  mutating func inspect(
    _ image: any RowSource, beside reference: any RowSource, within regions: RegionRows?,
    _ request: InspectionRequest
  ) throws -> Finding {
    let pair = try Self.candidates(
      image, reference, model.settings, within: regions.map { FlagRows($0) })
    return finding(pair, request)
  }
}

/// The flags of regions as an image.
private struct FlagRows: RowSource {
  private let regions: RegionRows
  private var row = 0

  init(_ regions: RegionRows) { self.regions = regions }

  var width: Int { regions.width }
  var height: Int { regions.height }

  mutating func next(_ count: Int, into rows: inout [UInt8]) {
    for y in row..<min(row + count, height) { rows += regions.flags(row: y) }
    row = min(row + count, height)
  }

  mutating func rewind() { row = 0 }
}

/// A candidate and what it was judged to be.
private struct Judged {
  let candidate: PairCandidate
  let defect: Defect
}

extension Defect {
  /// The defect's box and class.
  var box: LabelledBox { LabelledBox(x1: x, y1: y, x2: x + width, y2: y + height, kind: kind) }
}

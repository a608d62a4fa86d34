import FactoryModel
import Imaging

/// Judges pairs with a taught model.
struct PairsInspector: Inspector {
  let model: PairsModel

  mutating func inspect(_ frame: Frame, _ request: InspectionRequest) throws -> Finding {
    let pair = try Self.candidates(frame, model.settings)
    var found: [Defect] = []
    for index in pair.list.indices {
      if let defect = judged(index, pair) { found.append(defect) }
    }
    let kept = Self.suppressed(found)
    return Finding(
      score: kept.map(\.score).max() ?? 0, defects: kept.filter { $0.score >= request.minimumScore }
    )
  }

  static func candidates(_ frame: Frame, _ settings: PairsSettings) throws -> PairCandidates {
    guard let reference = frame.reference else { throw InspectionError.referenceMissing }
    let plane = frame.plane
    guard plane.width == reference.width, plane.height == reference.height else {
      throw InspectionError.wrongSize(
        found: "\(plane.width) × \(plane.height)",
        taught: "\(reference.width) × \(reference.height)")
    }
    return PairCandidates(
      test: BitPlane(plane, threshold: settings.darkUpTo),
      template: BitPlane(reference, threshold: settings.darkUpTo), limit: settings.candidateLimit)
  }

  private func judged(_ index: Int, _ pair: PairCandidates) -> Defect? {
    let c = pair.list[index]
    guard let classifier = model.classifier else {
      // Without classes the score grows with the surely differing pixels: 10 of them give 0.5.
      let score = Double(c.seeds) / Double(c.seeds + 10)
      return Defect(
        score: score, x: c.x0, y: c.y0, width: c.x1 - c.x0, height: c.y1 - c.y0, area: c.area)
    }
    let judgement = classifier.judge(index, in: pair)
    let p = judgement.probabilities
    guard let best = p.indices.dropFirst().max(by: { p[$0] < p[$1] }), p[best] >= 0.001 else {
      return nil
    }
    let box = c.box(judgement.margins, width: pair.test.width, height: pair.test.height)
    return Defect(
      kind: model.kinds[best - 1], score: Double(p[best]), x: box.x1, y: box.y1,
      width: box.x2 - box.x1, height: box.y2 - box.y1, area: c.area)
  }

  /// By falling score: a box goes when a kept one overlaps it by 0.25 (same class) or 0.5 (other).
  static func suppressed(_ found: [Defect]) -> [Defect] {
    let order = found.indices.sorted { (found[$1].score, $0) < (found[$0].score, $1) }
    var kept: [Defect] = []
    for index in order {
      let defect = found[index]
      let isFree = kept.allSatisfy {
        BoxEvaluation.overlap($0.box, defect.box) < ($0.kind == defect.kind ? 0.25 : 0.5)
      }
      if isFree { kept.append(defect) }
    }
    return kept
  }
}

extension Defect {
  /// The defect's box and class.
  var box: LabelledBox { LabelledBox(x1: x, y1: y, x2: x + width, y2: y + height, kind: kind) }
}

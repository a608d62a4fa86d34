import FactoryModel

/// One pair as it teaches.
struct PairExample: Sendable {
  var candidates: [PairCandidate]
  /// Of each candidate, what trees go by and what the network sees.
  var features: [[Float]]
  var pictures: [CandidatePicture]
  /// The labelled boxes, and the class of each, from 1.
  var boxes: [LabelledBox]
  var kinds: [Int]
  var width: Int
  var height: Int
}

/// What a candidate with mended margins shows.
struct CandidateTruth: Sendable {
  var label = 0
  /// Less when hardly decided.
  var weight: Float = 1
  /// Intersection over union of its box and the best labelled one.
  var overlap: Float = 0
}

extension PairExample {
  /// Margins of the candidates that show a labelled fault, or a fair piece of it.
  var margins: [SIMD4<Float>?] {
    candidates.map { c in
      let base = c.box(SIMD4(10, 10, 9, 9), width: .max / 2, height: .max / 2)
      var best: (overlap: Double, box: LabelledBox)?
      for box in boxes {
        let overlap = BoxEvaluation.overlap(base, box)
        let (x, y) = ((c.x0 + c.x1) / 2, (c.y0 + c.y1) / 2)
        let isInside = x > box.x1 + 7 && x < box.x2 - 7 && y > box.y1 + 7 && y < box.y2 - 7
        guard overlap > 0.33 || isInside && overlap > 0.12 else { continue }
        if overlap > best?.overlap ?? 0 { best = (overlap, box) }
      }
      return best.map {
        SIMD4(
          Float(c.x0 - $0.box.x1), Float(c.y0 - $0.box.y1), Float($0.box.x2 - c.x1),
          Float($0.box.y2 - c.y1))
      }
    }
  }

  /// What a candidate shows whose box is mended by `margins`.
  func truth(_ index: Int, _ margins: SIMD4<Float>) -> CandidateTruth {
    let box = candidates[index].box(margins, width: width, height: height)
    let overlaps = boxes.map { BoxEvaluation.overlap(box, $0) }
    guard let best = overlaps.indices.max(by: { overlaps[$0] < overlaps[$1] }) else {
      return CandidateTruth()
    }
    let isUnsure = overlaps[best] > 0.2 && overlaps[best] < 0.45
    return CandidateTruth(
      label: overlaps[best] > 0.33 ? kinds[best] : 0, weight: isUnsure ? 0.5 : 1,
      overlap: Float(overlaps[best]))
  }
}

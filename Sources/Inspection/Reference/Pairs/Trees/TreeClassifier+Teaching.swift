import Imaging

/// One pair as trees are taught from it.
struct PairExample: Sendable {
  var candidates: [PairCandidate]
  var features: [[Float]]
  /// The labelled boxes, and the class of each, from 1.
  var boxes: [LabelledBox]
  var kinds: [Int]
  var width: Int
  var height: Int
}

extension TreeClassifier {
  private static let edgeRounds = 120
  private static let edgeLeaves = 8
  /// Pixels beyond which a wrong edge counts linearly.
  private static let edgeKnee: Float = 4

  /// First where faults end, then classes: a candidate has a class when its box, so mended,
  /// overlaps a labelled one by more than 0.33, which is what a hit is when boxes are scored.
  static func teach(
    _ examples: [PairExample], classCount: Int, settings: PairsSettings, seed: UInt64,
    workers: any Workers, progress: (Int) -> Void
  ) throws -> TreeClassifier {
    let rows = examples.flatMap(\.features)
    let table = try BinnedRows(rows, views: PairFeatures.orders, workers: workers)
    let wanted = examples.flatMap(\.margins)
    let some = wanted.indices.filter { wanted[$0] != nil }
    let ordered = some.flatMap { row in (0..<4).map { (wanted[row] ?? .zero)[$0] } }.sorted()
    let usual = ordered.isEmpty ? 0 : ordered[ordered.count / 2]
    let edgeOfView = [2, 0, 2, 0, 3, 1, 3, 1]
    let edges = try TreeTeaching(table: table, leaves: edgeLeaves, seed: seed, workers: workers)
      .number(of: some, rounds: edgeRounds, knee: edgeKnee) { row, view in
        (wanted[row] ?? .zero)[edgeOfView[view]] - usual
      }
    var labels: [Int] = []
    var weights: [Float] = []
    for example in examples {
      for index in example.candidates.indices {
        let margins = margins(example.features[index], edges, usual: usual)
        let (label, weight) = example.label(index, margins)
        labels.append(label)
        weights.append(weight)
      }
    }
    let classes = try TreeTeaching(
      table: table, leaves: settings.leaves, seed: seed &+ 1, workers: workers
    ).classes(
      labels, weights: weights, classCount: classCount, rounds: settings.rounds,
      progress: progress)
    return TreeClassifier(classes: classes, edges: edges, usualMargin: usual)
  }
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

  /// Class of a candidate with these margins, and how much it counts: less when hardly decided.
  func label(_ index: Int, _ margins: SIMD4<Float>) -> (Int, Float) {
    let box = candidates[index].box(margins, width: width, height: height)
    let overlaps = boxes.map { BoxEvaluation.overlap(box, $0) }
    guard let best = overlaps.indices.max(by: { overlaps[$0] < overlaps[$1] }) else {
      return (0, 1)
    }
    let isUnsure = overlaps[best] > 0.2 && overlaps[best] < 0.45
    return (overlaps[best] > 0.33 ? kinds[best] : 0, isUnsure ? 0.5 : 1)
  }
}

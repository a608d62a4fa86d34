import FactoryModel
import Imaging

/// One worker's network with its scratch memory.
struct LearnedInspector: Inspector {
  private let model: LearnedModel
  private var network: TurnedOutputs
  private let attribution: NetworkAttribution

  /// The last convolution that reads a map of an eighth of the image's side: patches that its values were
  /// made from are a third of the image wide, those of the last map two thirds.
  private static let attributedLayer = 5

  init(_ model: LearnedModel) {
    self.model = model
    network = TurnedOutputs(
      FoldedConvolutions(model.network), side: model.side, model.symmetry)
    attribution = NetworkAttribution(model.network, layer: Self.attributedLayer)
  }

  mutating func inspect(_ frame: Frame, _ request: InspectionRequest) throws -> Finding {
    let plane = frame.plane
    let levels = ShrunkImage.levels(of: plane, side: model.side, within: request.regions)
    let outputs = network.outputs(of: levels)
    let probabilities = model.probabilities(outputs)
    let score = model.score(probabilities)
    let likely = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    var finding = Finding(score: score, defects: [])
    finding.kind = model.classes[likely]
    finding.probability = probabilities[likely]
    guard request.wantsMap || score >= request.minimumScore else { return finding }
    let rejected = model.hasGood ? probabilities.indices.dropFirst() : probabilities.indices[...]
    let worst = rejected.max { probabilities[$0] < probabilities[$1] } ?? likely
    let attention = Attention(
      attribution, network.upright, towards: worst, from: model.hasGood ? 0 : nil,
      classes: model.classes.count)
    if score >= request.minimumScore {
      finding.defects = [
        attention.defect(
          score: score, kind: model.classes[worst], width: plane.width, height: plane.height)
      ]
    }
    if request.wantsMap {
      finding.map = attention.map(
        score: Float(score), width: plane.width, height: plane.height)
    }
    return finding
  }

}

/// Where the network looked: what each place of the image says for a class and against others, spread
/// over its neighbours.
struct Attention {
  private let columns: Int
  private let rows: Int
  /// 0 to 1, the largest is 1 unless nothing speaks for the class.
  private let shares: [Float]

  /// What speaks for output `kind` and against output `other`, or all others.
  init(
    _ attribution: NetworkAttribution, _ network: FoldedConvolutions, towards kind: Int,
    from other: Int?, classes: Int
  ) {
    let weights = (0..<network.shape.pooled).map { channel in
      let own = network.outputWeight(channel, kind)
      if let other { return own - network.outputWeight(channel, other) }
      let all = (0..<classes).reduce(Float(0)) { $0 + network.outputWeight(channel, $1) }
      return own - all / Float(classes)
    }
    (columns, rows) = (attribution.map.width, attribution.map.height)
    var cells = attribution.shares(network, weights: weights)
    for _ in 0..<3 { cells = Self.spread(cells, columns, rows) }
    let most = cells.max() ?? 0
    shares = cells.map { most > 0 ? max($0 / most, 0) : 0 }
  }

  /// Half from the cell, an eighth from each neighbour.
  private static func spread(_ cells: [Float], _ columns: Int, _ rows: Int) -> [Float] {
    var out = cells
    for y in 0..<rows {
      for x in 0..<columns {
        var sum = cells[y * columns + x] * 0.5
        for (u, v) in [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)] {
          let inside = (0..<columns).contains(u) && (0..<rows).contains(v)
          if inside { sum += cells[v * columns + u] * 0.125 }
        }
        out[y * columns + x] = sum
      }
    }
    return out
  }

  /// The shares times the image's score.
  func map(score: Float, width: Int, height: Int) -> ScoreMap {
    ScoreMap(
      width: columns, height: rows, cellWidth: Double(width) / Double(columns),
      cellHeight: Double(height) / Double(rows), values: shares.map { $0 * score }, shown: 0...1)
  }

  /// The cells around the strongest that have at least half its share.
  func defect(score: Double, kind: String, width: Int, height: Int) -> Defect {
    let marked = shares.map { $0 >= 0.5 ? UInt8(255) : 0 }
    let strongest = shares.indices.max { shares[$0] < shares[$1] } ?? 0
    let blobs = Blobs(of: marked, width: columns, height: rows)
    let run = blobs.runs.first { run in
      run.y == strongest / columns && (run.start..<run.end).contains(strongest % columns)
    }
    guard let run else {
      return Defect(
        kind: kind, score: score, x: 0, y: 0, width: width, height: height, area: width * height)
    }
    let blob = blobs.blobs[run.blob]
    let left = blob.x * width / columns
    let top = blob.y * height / rows
    return Defect(
      kind: kind, score: score, x: left, y: top,
      width: (blob.x + blob.width) * width / columns - left,
      height: (blob.y + blob.height) * height / rows - top,
      area: blob.area * width * height / (columns * rows))
  }
}

/// What a candidate is and where its fault ends.
struct CandidateJudgement: Sendable {
  /// Probability of each class, class 0 being "no defect"; sums to 1.
  var probabilities: [Float]
  /// From the candidate's box to the fault's labelled box: left, top, right, bottom, in pixels,
  /// positive outwards.
  var margins: SIMD4<Float>
  /// Intersection over union of the box with these margins and the labelled one, as expected, 0..1.
  var fit: Float
}

/// Judges candidates: trees by numbers and a network by pictures, which err on different ones.
struct CandidateClassifier: Sendable {
  private let trees: TreeClassifier
  /// Nil in recipes of earlier versions.
  private var network: CandidateNetwork?

  init(trees: TreeClassifier, network: CandidateNetwork?) {
    self.trees = trees
    self.network = network
  }

  /// Judges candidate `index` of a pair: box and fit are the trees', a class is as probable as the geometric
  /// mean of what trees and network say.
  mutating func judge(_ index: Int, in pair: PairCandidates) -> CandidateJudgement {
    var judgement = trees.judge(index, in: pair)
    if let seen = network?.probabilities(CandidatePicture(pair.list[index], in: pair)) {
      let means = zip(judgement.probabilities, seen).map { ($0 * $1).squareRoot() }
      let sum = means.reduce(0, +)
      if sum > 0 { judgement.probabilities = means.map { $0 / sum } }
    }
    return judgement
  }

  /// Adds what it knows to a model's archive.
  func store(in archive: inout ModelArchive) {
    trees.store(in: &archive)
    network?.store(in: &archive)
  }

  /// Reads what `store` wrote. Throws `ModelError.damaged`.
  init(_ archive: ModelArchive, classCount: Int) throws(ModelError) {
    trees = try TreeClassifier(archive, classCount: classCount)
    network = try CandidateNetwork(archive, classCount: classCount)
  }
}

extension PairCandidate {
  /// The candidate's box moved out by margins, whole pixels, cut to the image.
  func box(_ margins: SIMD4<Float>, width: Int, height: Int) -> LabelledBox {
    func whole(_ value: Float) -> Int { Int(max(-1e6, min(1e6, value)).rounded()) }
    let left = max(0, min(width - 1, x0 - whole(margins[0])))
    let top = max(0, min(height - 1, y0 - whole(margins[1])))
    return LabelledBox(
      x1: left, y1: top, x2: max(left + 1, min(width, x1 + whole(margins[2]))),
      y2: max(top + 1, min(height, y1 + whole(margins[3]))), kind: "")
  }
}

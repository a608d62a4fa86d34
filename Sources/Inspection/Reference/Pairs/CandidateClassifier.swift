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

extension CandidateJudgement {
  /// The same with classes as probable as the geometric mean of what is said here and `seen`, of which
  /// `seen` counts for `share`; as it is where nothing was seen.
  func joined(_ seen: [Float]?, share: Double) -> CandidateJudgement {
    guard let seen else { return self }
    let logs = zip(probabilities, seen).map { own, seen in
      (1 - share) * Self.log(own) + share * Self.log(seen)
    }
    var joined = self
    joined.probabilities = Softmax.shares(logs).map(Float.init)
    return joined
  }

  private static func log(_ probability: Float) -> Double {
    MathFunctions.log(max(Double(probability), 1e-12))
  }
}

/// Judges candidates: trees by numbers and a network by pictures, which err on different ones.
struct CandidateClassifier: Sendable {
  private let trees: TreeClassifier
  /// Nil in recipes of earlier versions, and where it was of no use in teaching.
  private var network: CandidateNetwork?
  /// How much the network counts, 0..1.
  private let share: Double

  init(trees: TreeClassifier, network: CandidateNetwork?, share: Double) {
    self.trees = trees
    self.network = network
    self.share = share
  }

  /// Judges candidate `index` of a pair: box and fit are the trees', classes are both's.
  mutating func judge(_ index: Int, in pair: PairCandidates) -> CandidateJudgement {
    let judgement = trees.judge(PairFeatures.of(index, in: pair))
    let seen = network?.probabilities(CandidatePicture(pair.list[index], in: pair))
    return judgement.joined(seen, share: share)
  }

  private static let shareName = "network share"

  /// Adds what it knows to a model's archive.
  func store(in archive: inout ModelArchive) {
    trees.store(in: &archive)
    guard let network else { return }
    network.store(in: &archive)
    archive.set(Self.shareName, [share])
  }

  /// Reads what `store` wrote. Throws `ModelError.damaged`.
  init(_ archive: ModelArchive, classCount: Int) throws(ModelError) {
    trees = try TreeClassifier(archive, classCount: classCount)
    guard archive.has(Self.shareName) else {
      (network, share) = (nil, 0)
      return
    }
    let shares = try archive.get(Self.shareName, as: Double.self)
    guard shares.count == 1, 0...1 ~= shares[0] else {
      throw .damaged(reason: "section \(Self.shareName) is no number of 0..1")
    }
    share = shares[0]
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

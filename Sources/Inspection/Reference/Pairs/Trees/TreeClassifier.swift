import Imaging

/// Judges candidates by boosted trees: some for classes, some for where the fault ends, some for how
/// well the box will fit.
///
/// Those for the end know one edge only, the right one; the others are asked for in views of the
/// candidate in which they lie on the right.
struct TreeClassifier: Sendable {
  let classes: BoostedTrees
  let edges: BoostedTrees
  /// Overlap of the mended box and the labelled one, less `usualFit`.
  let fits: BoostedTrees
  static let usualFit: Float = 0.6
  /// Median distance from a candidate's edge to the labelled box, in pixels.
  let usualMargin: Float

  /// For each edge (left, top, right, bottom) the symmetry that brings it to the right.
  static let edgeViews = [1, 5, 0, 4]
  private static let orders = PairFeatures.orders

  /// Judges a candidate by its features.
  func judge(_ features: [Float]) -> CandidateJudgement {
    CandidateJudgement(
      probabilities: BoostedTrees.softmax(classes.sums(features)),
      margins: Self.margins(features, edges, usual: usualMargin),
      fit: min(1, max(0, Self.usualFit + fits.sums(features)[0])))
  }

  static func margins(
    _ features: [Float], _ edges: BoostedTrees, usual: Float
  ) -> SIMD4<Float> {
    var margins = SIMD4<Float>.zero
    for edge in 0..<4 {
      let order = orders[edgeViews[edge]]
      margins[edge] = usual + edges.sums(order.map { features[$0] })[0]
    }
    return margins
  }

  func store(in archive: inout ModelArchive) {
    classes.store("classes", in: &archive)
    edges.store("edges", in: &archive)
    fits.store("fits", in: &archive)
    archive.set("usual margin", [usualMargin])
  }

  /// Reads what `store` wrote. Throws `ModelError.damaged`.
  init(_ archive: ModelArchive, classCount: Int) throws(ModelError) {
    let count = PairFeatures.count
    classes = try BoostedTrees(
      "classes", in: archive, outputCount: classCount, featureCount: count)
    edges = try BoostedTrees("edges", in: archive, outputCount: 1, featureCount: count)
    fits = try BoostedTrees("fits", in: archive, outputCount: 1, featureCount: count)
    let margin = try archive.get("usual margin", as: Float.self)
    guard margin.count == 1, margin[0].isFinite else {
      throw .damaged(reason: "section usual margin has the wrong length")
    }
    usualMargin = margin[0]
  }

  init(
    classes: BoostedTrees, edges: BoostedTrees, fits: BoostedTrees, usualMargin: Float
  ) {
    self.fits = fits
    self.classes = classes
    self.edges = edges
    self.usualMargin = usualMargin
  }
}

/// How likely the labels of taught images are wrong.
///
/// A network learns what images of a class have in common before it learns single images by heart
/// (Arpit et al. 2017): half-way through, what it says of an image with a wrong label still lies among what
/// it says of the other class (Arazo et al. 2019 tell them apart by their losses, here by log-odds).
enum LabelDoubts {
  /// The probability that each label is wrong, 0 for images that have no outputs yet.
  ///
  /// - Parameters:
  ///   - outputs: of each image, one per class, or none.
  ///   - classes: the label of each image.
  static func shares(_ outputs: [[Float]], _ classes: [Int]) -> [Float] {
    var shares = [Float](repeating: 0, count: outputs.count)
    let known = outputs.indices.filter { !outputs[$0].isEmpty }
    for kind in Set(classes).sorted() {
      let images = known.map { index in
        (
          logOdds: Softmax.logOdds(against: kind, outputs[index]),
          isDefective: classes[index] != kind
        )
      }
      guard let normals = ClassNormals(images) else { continue }
      for (index, image) in zip(known, images) where classes[index] == kind {
        shares[index] = Float(normals.doubt(image))
      }
    }
    return shares
  }

  /// A label in greater doubt than this is taken for wrong.
  private static let sure: Float = 0.9

  /// Whether more than one label in a hundred is surely wrong. Fewer may as well be of rare parts: were their
  /// labels not to count, no network would ever learn a faint defect that is not like the others.
  private static func areMany(_ doubts: [Float]) -> Bool {
    doubts.count { $0 > sure } * 100 > doubts.count
  }

  /// The shares by which labels are to count for less: their doubts where wrong labels are many, else 0.
  static func discounts(_ outputs: [[Float]], _ classes: [Int]) -> [Float] {
    let doubts = shares(outputs, classes)
    return areMany(doubts) ? doubts : [Float](repeating: 0, count: doubts.count)
  }

  /// The labels with those mended that are surely wrong, where they are many: each of those becomes the class
  /// that the outputs speak for most. nil when few are, or when a class would lose all.
  static func mended(_ outputs: [[Float]], _ classes: [Int]) -> [Int]? {
    let doubts = shares(outputs, classes)
    guard areMany(doubts) else { return nil }
    var mended = classes
    for index in classes.indices where doubts[index] > sure {
      let values = outputs[index]
      let others = values.indices.filter { $0 != classes[index] }
      mended[index] = others.max { values[$0] < values[$1] } ?? classes[index]
    }
    return Set(mended) == Set(classes) ? mended : nil
  }

  /// Whether wrong labels can be why the network gets the share `heldOutWrong` of held-out images wrong: not
  /// when it is more than three times the share of labels that were mended. Then the network is wrong.
  static func explain(heldOutWrong: Double, _ mended: [Int], of classes: [Int]) -> Bool {
    let changed = zip(mended, classes).count { $0 != $1 }
    return heldOutWrong <= 3 * Double(changed) / Double(max(classes.count, 1))
  }

  /// One line for the user about labels that are more likely wrong than right, those most in doubt first;
  /// nothing without any.
  static func remarks(_ shares: [Float], _ images: [TeachingImage]) -> [String] {
    let doubtful = zip(images, shares).filter { $1 > 0.5 }.sorted { $0.1 > $1.1 }.map(\.0)
    guard !doubtful.isEmpty else { return [] }
    let listed = doubtful.prefix(20).map { "\($0.name) (\($0.kind ?? LearnedModel.good))" }
    let others = doubtful.count - listed.count
    let discounted = areMany(shares) ? " and did not count as they are" : ""
    return [
      "\(doubtful.count) of \(images.count) taught labels look wrong\(discounted); look at them, "
        + "move those that are, and teach again: " + listed.joined(separator: ", ")
        + (others > 0 ? " and \(others) more" : "")
    ]
  }
}

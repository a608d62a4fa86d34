import FactoryModel

/// What a method that knows classes said of labelled images.
public struct ClassVerdicts: Hashable, Sendable {
  /// An image with its label and what was said of it.
  public struct Image: Hashable, Sendable {
    public var name: String
    /// The class as labelled, `good` for a good part.
    public var label: String
    /// The most likely class and its probability, 0 to 1.
    public var kind: String
    public var probability: Double

    /// An image with its label and its most likely class.
    public init(name: String, label: String, kind: String, probability: Double) {
      self.name = name
      self.label = label
      self.kind = kind
      self.probability = probability
    }
  }

  /// Images whose label the method could have given.
  public private(set) var images: [Image]

  /// Takes the images whose label is one of `classes`. Where the method knows a single class beside
  /// `good`, every other label means that class.
  public init(_ images: [Image], classes: [String]) {
    let defective = classes.filter { $0 != LearnedModel.good }
    self.images = images.compactMap { image in
      if classes.contains(image.label) { return image }
      guard defective.count == 1, image.label != LearnedModel.good else { return nil }
      var renamed = image
      renamed.label = defective[0]
      return renamed
    }
  }

  /// The share of images whose most likely class is their label; nil without images.
  public var accuracy: Double? {
    let right = images.count { $0.kind == $0.label }
    return images.isEmpty ? nil : Double(right) / Double(images.count)
  }

  /// Images of one class that were taken for another.
  public struct Mistake: Hashable, Sendable {
    public var label: String
    /// The class they were taken for.
    public var kind: String
    /// How many were, and how many are labelled so.
    public var count: Int
    public var labelled: Int
  }

  /// Which classes were taken for which, the most frequent first.
  public var mistakes: [Mistake] {
    Dictionary(grouping: images, by: \.label).flatMap { label, all in
      Dictionary(grouping: all.filter { $0.kind != label }, by: \.kind).map { kind, wrong in
        Mistake(label: label, kind: kind, count: wrong.count, labelled: all.count)
      }
    }.sorted { ($1.count, $0.label, $0.kind) < ($0.count, $1.label, $1.kind) }
  }

  /// Images whose label is likely wrong, the surest first.
  ///
  /// Confident learning (Northcutt, Jiang & Chuang, Journal of Artificial Intelligence Research 70,
  /// 2021): another class is the most likely one, at least as surely as the images labelled with that
  /// class are on average.
  public var likelyWrongLabels: [Image] {
    var sums: [String: (total: Double, count: Double)] = [:]
    for image in images {
      // Of the label's own probability only this much is known when another class is likelier.
      let own = image.kind == image.label ? image.probability : 1 - image.probability
      sums[image.label, default: (0, 0)].total += own
      sums[image.label, default: (0, 0)].count += 1
    }
    return images.filter { image in
      guard image.kind != image.label, let known = sums[image.kind] else { return false }
      return image.probability >= known.total / known.count
    }.sorted { ($1.probability, $0.name) < ($0.probability, $1.name) }
  }

  /// What an evaluation adds: `mistakenClasses` and `likelyWrongLabels`.
  public var jsonFields: [(String, String)] {
    let list = likelyWrongLabels.map { image in
      JSONText.object([
        ("image", JSONText.string(image.name)), ("label", JSONText.string(image.label)),
        ("class", JSONText.string(image.kind)),
        ("probability", JSONText.number(image.probability)),
      ])
    }
    let taken = mistakes.map { mistake in
      JSONText.object([
        ("label", JSONText.string(mistake.label)), ("class", JSONText.string(mistake.kind)),
        ("count", "\(mistake.count)"), ("labelled", "\(mistake.labelled)"),
      ])
    }
    return [
      ("mistakenClasses", "[" + taken.joined(separator: ",") + "]"),
      ("likelyWrongLabels", "[" + list.joined(separator: ",") + "]"),
    ]
  }
}

/// What inspection does to labelled images.
public struct Confusion: Hashable, Sendable, Codable {
  /// Good parts passed.
  public var goodPassed: Int
  /// Good parts rejected.
  public var falseRejects: Int
  /// Defective parts rejected.
  public var defectsRejected: Int
  /// Defective parts passed.
  public var escapes: Int

  /// Counts as given.
  public init(goodPassed: Int, falseRejects: Int, defectsRejected: Int, escapes: Int) {
    self.goodPassed = goodPassed
    self.falseRejects = falseRejects
    self.defectsRejected = defectsRejected
    self.escapes = escapes
  }

  /// Counts of `images` when those with a score at or above `threshold` are rejected.
  public init(_ images: [LabelledScore], threshold: Double) {
    self.init(images, rejected: images.map { $0.score >= threshold })
  }

  /// Counts of `images`, of which those flagged in `rejected` are.
  public init(_ images: [LabelledScore], rejected: [Bool]) {
    precondition(images.count == rejected.count, "verdicts of other images")
    self.init(goodPassed: 0, falseRejects: 0, defectsRejected: 0, escapes: 0)
    for (image, isRejected) in zip(images, rejected) {
      switch (image.isDefective, isRejected) {
      case (false, false): goodPassed += 1
      case (false, true): falseRejects += 1
      case (true, true): defectsRejected += 1
      case (true, false): escapes += 1
      }
    }
  }

  /// Counts `other` too, as over the folds of a cross-validation.
  public mutating func add(_ other: Confusion) {
    goodPassed += other.goodPassed
    falseRejects += other.falseRejects
    defectsRejected += other.defectsRejected
    escapes += other.escapes
  }

  /// Images counted.
  public var total: Int { goodPassed + falseRejects + defectsRejected + escapes }
  /// Share of images judged as labelled; 0...1, nil without images.
  public var accuracy: Double? { Self.share(goodPassed + defectsRejected, of: total) }
  /// Share of rejected images that are defective; nil when none is rejected.
  public var precision: Double? { Self.share(defectsRejected, of: defectsRejected + falseRejects) }
  /// Share of defective images that are rejected; nil when none is defective.
  public var recall: Double? { Self.share(defectsRejected, of: defectsRejected + escapes) }
  /// Share of good images that are rejected; nil when none is good.
  public var falseRejectRate: Double? { Self.share(falseRejects, of: falseRejects + goodPassed) }
  /// 2 · precision · recall / (precision + recall) = 2TP / (2TP + FP + FN); nil when nothing is
  /// defective and nothing rejected.
  public var f1: Double? {
    Self.share(2 * defectsRejected, of: 2 * defectsRejected + falseRejects + escapes)
  }

  private static func share(_ count: Int, of total: Int) -> Double? {
    total > 0 ? Double(count) / Double(total) : nil
  }
}

/// How one class of defects fares against all good parts.
public struct ClassFigures: Hashable, Sendable, Codable {
  /// The class as the folder names it.
  public var kind: String
  /// Images of the class.
  public var count: Int
  /// Of them, rejected.
  public var rejected: Int
  /// The class against all good parts; 0...1, nil without good parts.
  public var auroc: Double?
  /// Share of the class that is rejected; 0...1.
  public var recall: Double { count > 0 ? Double(rejected) / Double(count) : 0 }

  /// Figures of every class in `images`, of which those flagged in `rejected` are, by name.
  public static func all(_ images: [LabelledScore], rejected: [Bool]) -> [ClassFigures] {
    let good = images.filter { !$0.isDefective }
    return Set(images.compactMap(\.kind)).sorted().map { kind in
      let own = images.indices.filter { images[$0].kind == kind }
      return ClassFigures(
        kind: kind, count: own.count, rejected: own.count { rejected[$0] },
        auroc: RankedScores(good + own.map { images[$0] }).figures.auroc)
    }
  }
}

import FactoryModel

/// Everything an evaluation tells. Figures are 0...1, not percent; nil where they do not exist.
public struct EvaluationReport: Hashable, Sendable, Codable {
  /// Good and defective images scored.
  public var goodImages = 0
  public var defectiveImages = 0
  /// Images that could not be inspected; in no figure.
  public var unreadableImages = 0
  /// Images that a person has to look at; they count as not rejected.
  public var unsureImages = 0
  /// Distinct parts.
  public var parts = 0
  /// Share of pairs (defective, good) ranked rightly.
  public var imageAUROC: Double?
  public var imageAUROCInterval: FigureInterval?
  /// Step-wise average precision.
  public var averagePrecision: Double?
  public var averagePrecisionInterval: FigureInterval?
  /// Over pixels, see `PixelTally`; nil without masks or maps.
  public var pixelAUROC: Double?
  public var aupro: Double?
  /// Defective images without a defect pixel in their mask, not in the pixel figures.
  public var imagesWithoutMask = 0
  /// The score at or above which an image is rejected.
  public var threshold: Double
  /// What the verdicts come to: by the score alone or, where the recipe has limits, by its defects.
  public var confusion: Confusion
  /// By class name.
  public var classes: [ClassFigures] = []
  /// Of the defective images found, those whose worst defect bears the image's class; of a method that
  /// names a class for every image, all images whose class is right; nil where no class is named.
  public var classAccuracy: Double?
  /// Images with a sibling in the teaching set.
  public var siblingsInTeaching = 0
  /// Figures over images without siblings; nil when none has one.
  public var withoutSiblings: UnseenFigures?
  /// Median wall clock of decoding and inspection on one worker; nil when not measured.
  public var millisecondsPerImage: Double?

  /// Figures over images whose parts the recipe never saw.
  public struct UnseenFigures: Hashable, Sendable, Codable {
    /// Images left.
    public var images: Int
    public var imageAUROC: Double?
    public var averagePrecision: Double?
    public var confusion: Confusion
  }

  /// The figures of `images` with the `outcomes` of inspection. Intervals are resampled by part from
  /// `seed`.
  public init(
    _ images: [LabelledScore], outcomes: [Outcome], threshold: Double, pixels: PixelTally? = nil,
    leak: LeakCheck? = nil, millisecondsPerImage: Double? = nil, unreadableImages: Int = 0,
    seed: UInt64 = 0
  ) {
    self.threshold = threshold
    self.millisecondsPerImage = millisecondsPerImage
    self.unreadableImages = unreadableImages
    defectiveImages = images.count { $0.isDefective }
    goodImages = images.count - defectiveImages
    parts = Set(images.map(\.part)).count
    let rejected = outcomes.map { $0 == .reject }
    unsureImages = outcomes.count { $0 == .unsure }
    let ranked = RankedScores(images)
    let figures = ranked.figures
    let intervals = ranked.intervals(seed: seed)
    imageAUROC = figures.auroc
    imageAUROCInterval = intervals.auroc
    averagePrecision = figures.averagePrecision
    averagePrecisionInterval = intervals.averagePrecision
    confusion = Confusion(images, rejected: rejected)
    classes = ClassFigures.all(images, rejected: rejected)
    if let pixels {
      let figures = pixels.figures()
      pixelAUROC = figures?.auroc
      aupro = figures?.aupro
      imagesWithoutMask = pixels.skipped
    }
    guard let leak, leak.siblingsInTeaching > 0 else { return }
    siblingsInTeaching = leak.siblingsInTeaching
    let unseen = leak.unseen(images)
    let ranking = RankedScores(unseen).figures
    withoutSiblings = UnseenFigures(
      images: unseen.count, imageAUROC: ranking.auroc, averagePrecision: ranking.averagePrecision,
      confusion: Confusion(unseen, rejected: leak.unseen(rejected)))
  }
}

extension EvaluationReport {
  /// One JSON object on one line, keys always in this order, `null` for figures that do not exist.
  public func json() -> String {
    JSONText.object([
      ("imageAUROC", JSONText.number(imageAUROC)),
      ("imageAUROCInterval", Self.text(imageAUROCInterval)),
      ("averagePrecision", JSONText.number(averagePrecision)),
      ("averagePrecisionInterval", Self.text(averagePrecisionInterval)),
      ("pixelAUROC", JSONText.number(pixelAUROC)), ("aupro", JSONText.number(aupro)),
      ("imagesWithoutMask", "\(imagesWithoutMask)"), ("threshold", JSONText.number(threshold)),
      ("f1", JSONText.number(confusion.f1)), ("accuracy", JSONText.number(confusion.accuracy)),
      ("precision", JSONText.number(confusion.precision)),
      ("recall", JSONText.number(confusion.recall)), ("escapes", "\(confusion.escapes)"),
      ("falseRejects", "\(confusion.falseRejects)"),
      ("defectsRejected", "\(confusion.defectsRejected)"),
      ("goodPassed", "\(confusion.goodPassed)"), ("goodImages", "\(goodImages)"),
      ("defectiveImages", "\(defectiveImages)"), ("unreadableImages", "\(unreadableImages)"),
      ("unsureImages", "\(unsureImages)"), ("parts", "\(parts)"),
      ("siblingsInTeaching", "\(siblingsInTeaching)"),
      ("withoutSiblings", withoutSiblings.map(Self.json) ?? "null"),
      ("classes", "[" + classes.map(Self.json).joined(separator: ",") + "]"),
      ("classAccuracy", JSONText.number(classAccuracy)),
      ("millisecondsPerImage", JSONText.number(millisecondsPerImage)),
    ])
  }

  private static func json(_ figures: UnseenFigures) -> String {
    JSONText.object([
      ("images", "\(figures.images)"), ("imageAUROC", JSONText.number(figures.imageAUROC)),
      ("averagePrecision", JSONText.number(figures.averagePrecision)),
      ("f1", JSONText.number(figures.confusion.f1)),
      ("accuracy", JSONText.number(figures.confusion.accuracy)),
      ("escapes", "\(figures.confusion.escapes)"),
      ("falseRejects", "\(figures.confusion.falseRejects)"),
    ])
  }

  private static func text(_ interval: FigureInterval?) -> String {
    interval.map { "[\(JSONText.number($0.low)),\(JSONText.number($0.high))]" } ?? "null"
  }

  private static func json(_ row: ClassFigures) -> String {
    JSONText.object([
      ("class", JSONText.string(row.kind)), ("count", "\(row.count)"),
      ("rejected", "\(row.rejected)"), ("recall", JSONText.number(row.recall)),
      ("auroc", JSONText.number(row.auroc)),
    ])
  }
}

/// The report of an evaluation: one self-contained HTML file, no script, pictures inside.
public enum EvaluationPage {
  /// What a threshold does to the labelled images.
  public struct Counts: Hashable, Sendable {
    var goodPassed: Int
    var falseRejects: Int
    var found: Int
    var escapes: Int

    /// Good images passed and rejected, defective ones rejected and passed.
    public init(goodPassed: Int, falseRejects: Int, found: Int, escapes: Int) {
      self.goodPassed = goodPassed
      self.falseRejects = falseRejects
      self.found = found
      self.escapes = escapes
    }

    var good: Int { goodPassed + falseRejects }
    var defective: Int { found + escapes }
  }

  /// A threshold that a rule would choose from these scores.
  public struct Candidate: Sendable {
    var rule: String
    var threshold: Double
    var counts: Counts
    var isCurrent: Bool

    /// A candidate; one of them is the threshold in force.
    public init(rule: String, threshold: Double, counts: Counts, isCurrent: Bool) {
      self.rule = rule
      self.threshold = threshold
      self.counts = counts
      self.isCurrent = isCurrent
    }
  }

  /// A figure with its name and, where known, its 95 % interval; shares 0…1.
  public struct Figure: Sendable {
    var name: String
    var value: Double
    var interval: ClosedRange<Double>?

    /// A figure.
    public init(_ name: String, _ value: Double, interval: ClosedRange<Double>? = nil) {
      self.name = name
      self.value = value
      self.interval = interval
    }
  }

  /// One class of defects.
  public struct ClassRow: Sendable {
    var kind: String
    var images: Int
    var found: Int
    var auroc: Double?

    /// `found` of `images` of a class are rejected.
    public init(kind: String, images: Int, found: Int, auroc: Double?) {
      self.kind = kind
      self.images = images
      self.found = found
      self.auroc = auroc
    }
  }

  /// Images of one class that were taken for another.
  public struct MistakeRow: Sendable {
    var label: String
    var kind: String
    var images: Int
    var labelled: Int

    /// `images` of the `labelled` ones were taken for `kind`.
    public init(label: String, kind: String, images: Int, labelled: Int) {
      self.label = label
      self.kind = kind
      self.images = images
      self.labelled = labelled
    }
  }

  /// An image judged wrongly, with its pictures as PNG bytes.
  public struct Wrong: Sendable {
    var image: String
    var kind: String?
    var score: Double
    var picture: [UInt8]?
    var heat: [UInt8]?

    /// An escape of class `kind`, or, with nil, a false reject.
    public init(image: String, kind: String?, score: Double, picture: [UInt8]?, heat: [UInt8]?) {
      self.image = image
      self.kind = kind
      self.score = score
      self.picture = picture
      self.heat = heat
    }
  }

  /// What the report is about.
  public struct Content: Sendable {
    /// Dataset, and recipe or folds, in words.
    public var title = ""
    public var subtitle = ""
    public var warnings: [String] = []
    public var figures: [Figure] = []
    /// Scores of the images, and the threshold in force.
    public var good: [Double] = []
    public var defective: [Double] = []
    public var threshold = 0.0
    public var counts = Counts(goodPassed: 0, falseRejects: 0, found: 0, escapes: 0)
    public var candidates: [Candidate] = []
    /// Whether the verdicts also depend on limits of the recipe, which the candidates leave out.
    public var hasLimits = false
    /// What to type to take a candidate, with RULE in its place.
    public var command = ""
    public var classes: [ClassRow] = []
    /// Which classes were taken for which, the most frequent first.
    public var mistakes: [MistakeRow] = []
    /// Every escape, the lowest score first, and false rejects, the highest first.
    public var escapes: [Wrong] = []
    public var falseRejects: [Wrong] = []

    /// Nothing to say yet.
    public init() {}
  }

  /// The report as HTML that is also well-formed XML.
  public static func html(_ content: Content) -> String {
    HTMLPage.html(
      title: content.title,
      [
        summary(content), HTMLPage.warnings(content.warnings), figures(content),
        distributions(content), details(content),
        wrong(
          content.escapes, "Escapes",
          "Defective images that pass, the lowest score first. Blue: "
            + "what a person marked."),
        wrong(
          content.falseRejects, "False rejects",
          "Good images that are rejected, the highest score "
            + "first."),
      ])
  }
}

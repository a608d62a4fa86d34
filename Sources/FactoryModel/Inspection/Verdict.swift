/// What the line does with a part after inspection.
public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
  /// No defect that the recipe rejects.
  case pass
  /// At least one defect that the recipe rejects.
  case reject
  /// Too close to the threshold to say; a person looks.
  case unsure
  /// The image could not be inspected.
  case error
}

/// One place on a part that differs from good parts.
public struct Defect: Hashable, Sendable {
  /// The class of defects that nothing names.
  public static let unnamed = "defect"

  /// The class as named in teaching; `defect` when the recipe knows no classes.
  public var kind: String
  /// How defective; higher is worse, on the scale of the verdict's score.
  public var score: Double
  /// The box around it, pixels of the image as read; `x`, `y` is the top left pixel.
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int
  /// Pixels that belong to it.
  public var area: Int
  /// Its longest extent in pixels, nil where the method does not measure it.
  public var length: Double?
  /// Mean difference from the reference in gray levels (negative: darker), nil where unknown.
  public var contrast: Double?

  /// A defect in pixel coordinates.
  public init(
    kind: String = unnamed, score: Double, x: Int, y: Int, width: Int, height: Int, area: Int,
    length: Double? = nil, contrast: Double? = nil
  ) {
    self.kind = kind
    self.score = score
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.area = area
    self.length = length
    self.contrast = contrast
  }
}

extension Defect {
  /// Its length where the method measures it, else the longer side of its box; pixels.
  public var extent: Double { length ?? Double(max(width, height)) }
}

/// The result of inspecting one image: one line of the record.
public struct Verdict: Hashable, Sendable {
  /// The path as the user gave it plus the path below it, never resolved.
  public var image: String
  public var outcome: Outcome
  /// Higher is more defective; nil when the image could not be inspected.
  public var score: Double?
  /// The score at or above which the recipe rejects.
  public var threshold: Double
  /// The worst first.
  public var defects: [Defect]
  /// Decoding and inspection, wall clock, one worker.
  public var milliseconds: Double
  /// Why it could not be inspected: where, what, how to mend.
  public var error: String?
  /// Mean gray level of the image, for drift of light and camera.
  public var brightness: Double?
  /// Millimetres a pixel, when the recipe gives the scale.
  public var millimetresPerPixel: Double?
  /// The most likely class and its probability, 0 to 1, where the method knows classes.
  public var kind: String?
  public var probability: Double?

  /// One line of the record.
  public init(
    image: String, outcome: Outcome, score: Double?, threshold: Double, defects: [Defect] = [],
    milliseconds: Double = 0, error: String? = nil, brightness: Double? = nil,
    millimetresPerPixel: Double? = nil
  ) {
    self.image = image
    self.outcome = outcome
    self.score = score
    self.threshold = threshold
    self.defects = defects
    self.milliseconds = milliseconds
    self.error = error
    self.brightness = brightness
    self.millimetresPerPixel = millimetresPerPixel
  }

  /// Pixels in millimetres, to a millionth; nil without a scale.
  public func millimetres(_ pixels: Double) -> Double? {
    millimetresPerPixel.map { (pixels * $0 * 1e6).rounded() / 1e6 }
  }
}

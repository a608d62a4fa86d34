import FactoryModel
import Imaging

/// How one kind of part is inspected: the human-readable half of a recipe folder.
///
/// A recipe folder holds `recipe.yaml` (this) and `model.gemba` (the taught model).
public struct Recipe: Hashable, Sendable {
  /// The format this build writes, and the newest it reads.
  public static let format = 1

  /// The method as named in `gemba teach --method`.
  public var method: String
  /// A part with this score or a higher one is rejected.
  public var threshold: Double
  /// How the threshold was chosen, for the reader: `false-reject=1%`.
  public var thresholdRule: String?
  /// A part with this score or a higher one, but below the threshold, is unsure: a person looks; nil:
  /// no part is.
  public var unsureFrom: Double?
  /// The window that 16-bit images are seen through.
  public var levels = Levels.full
  /// The scale, when known: millimetres a pixel.
  public var millimetresPerPixel: Double?
  /// Pixels count inside any of these; empty: everywhere.
  public var include: [RecipeRegion] = []
  /// Pixels never count inside these.
  public var exclude: [RecipeRegion] = []
  /// Which defects reject; empty: every defect that reaches the threshold.
  public var limits: [DefectLimit] = []
  /// Settings of the method other than the defaults; the model was taught with them.
  public var settings = MethodSettings()
  /// What teaching saw.
  public var teaching: TeachingRecord

  /// A recipe with everything else at its default.
  public init(method: String, threshold: Double, teaching: TeachingRecord) {
    self.method = method
    self.threshold = threshold
    self.teaching = teaching
  }

  /// Whether `defect` makes its part a reject.
  public func rejects(_ defect: Defect) -> Bool {
    guard defect.score >= threshold else { return false }
    guard !limits.isEmpty else { return true }
    let limit =
      limits.first { $0.kind == defect.kind } ?? limits.first { $0.kind == nil }
    return limit?.rejects(defect, millimetresPerPixel: millimetresPerPixel) ?? true
  }

  /// By the score alone when every defect rejects, else by the defects; unsure is what the score alone
  /// says.
  public func outcome(of finding: Finding) -> Outcome {
    let isReject =
      limits.isEmpty ? finding.score >= threshold : finding.defects.contains(where: rejects)
    if isReject { return .reject }
    let isUnsure = finding.score < threshold && finding.score >= unsureFrom ?? .infinity
    return isUnsure ? .unsure : .pass
  }
}

/// What a class of defects may measure before it rejects.
public struct DefectLimit: Hashable, Sendable {
  /// The class it is about; nil: every class without a limit of its own.
  public var kind: String?
  /// False: defects of this class are listed but never reject.
  public var reject = true
  /// Smaller defects are tolerated, pixels.
  public var minimumArea: Double?
  /// Shorter defects are tolerated: pixels, or millimetres when the recipe gives the scale.
  public var minimumLength: Double?

  /// A limit that rejects every defect of `kind`.
  public init(kind: String?) { self.kind = kind }

  func rejects(_ defect: Defect, millimetresPerPixel: Double?) -> Bool {
    guard reject, Double(defect.area) >= minimumArea ?? 0 else { return false }
    return defect.extent * (millimetresPerPixel ?? 1) >= minimumLength ?? 0
  }
}

/// A region as the recipe writes it, in pixels of the image.
public enum RecipeRegion: Hashable, Sendable {
  case rectangle(x: Double, y: Double, width: Double, height: Double)
  /// Corners in order, three or more.
  case polygon([[Double]])
  /// A PNG beside `recipe.yaml`, > 127 inside.
  case mask(file: String)
}

/// What teaching saw, for whoever reads the recipe later.
public struct TeachingRecord: Hashable, Sendable {
  /// Images and parts taught.
  public var images: Int
  public var parts: Int
  public var seed: UInt64

  /// A record.
  public init(images: Int, parts: Int, seed: UInt64) {
    self.images = images
    self.parts = parts
    self.seed = seed
  }
}

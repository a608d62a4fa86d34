import FactoryModel
import Imaging
import Inspection

/// One worker: its own decoder and inspector, from a path to a verdict.
struct PartInspector {
  private let loaded: LoadedRecipe
  private let settings: BatchSettings
  private var decoder: PNGDecoder
  private var inspector: any Inspector
  private var regions: DrawnRegions

  /// `frameWorkers` share the work on each frame.
  init(_ loaded: LoadedRecipe, _ settings: BatchSettings, frameWorkers: any Workers) {
    self.loaded = loaded
    self.settings = settings
    decoder = PNGDecoder(limits: settings.limits)
    inspector = loaded.model.makeInspector(frameWorkers)
    regions = DrawnRegions(loaded.regions)
  }

  /// Never throws: what cannot be inspected becomes a verdict that says why.
  mutating func inspect(_ item: BatchItem) -> InspectedPart {
    let clock = ContinuousClock()
    let start = clock.now
    do {
      let frame = try read(item)
      let request = InspectionRequest(
        minimumScore: settings.minimumScore ?? loaded.recipe.threshold,
        wantsMap: settings.wantsMaps, regions: try regions.mask(for: frame.plane))
      var finding = try inspector.inspect(frame, request)
      if let classes = loaded.classes { finding.defects.name(by: classes, in: frame.plane) }
      var verdict = Verdict(
        image: item.image, outcome: loaded.recipe.outcome(of: finding), score: finding.score,
        threshold: loaded.recipe.threshold, defects: finding.defects,
        milliseconds: (clock.now - start) / .milliseconds(1),
        brightness: brightness(of: frame.plane),
        millimetresPerPixel: loaded.recipe.millimetresPerPixel)
      verdict.kind = finding.kind
      verdict.probability = finding.probability
      return InspectedPart(verdict: verdict, plane: frame.plane, map: finding.map)
    } catch {
      let text = "\(error)"
      return InspectedPart(
        verdict: Verdict(
          image: item.image, outcome: .error, score: nil, threshold: loaded.recipe.threshold,
          milliseconds: (clock.now - start) / .milliseconds(1),
          error: text.hasPrefix(item.image) ? text : "\(item.image): \(text)"))
    }
  }

  private mutating func read(_ item: BatchItem) throws -> Frame {
    let plane = try decoder.decode(path: item.image).plane(levels: loaded.recipe.levels)
    guard let path = item.reference else { return Frame(plane) }
    let reference = try decoder.decode(path: path).plane(levels: loaded.recipe.levels)
    return Frame(plane, reference: reference)
  }
}

extension [Defect] {
  /// Gives those that the method left unnamed their class.
  fileprivate mutating func name(by classes: DefectClassifier, in plane: Plane) {
    for index in indices where self[index].kind == Defect.unnamed {
      self[index].kind = classes.kind(of: self[index], in: plane)
    }
  }
}

/// A verdict with the pixels it is about, until the pictures are written.
public struct InspectedPart: Sendable {
  public var verdict: Verdict
  /// Nil when the image could not be read.
  public var plane: Plane?
  /// Present when maps were asked for.
  public var map: ScoreMap?
}

/// The mean gray level, 0–255.
func brightness(of plane: Plane) -> Double {
  Double(plane.pixels.reduce(into: 0) { $0 &+= Int($1) }) / Double(plane.pixels.count)
}
